"""`python -m tests.bench [PART…]`: measure, print a table a part, and end well whatever the figures are."""

import os
import platform
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime

from tests.bench import (
    behaviour,
    best,
    card,
    contact,
    databases,
    drain,
    latest,
    serve,
    side_by_side,
    tick,
    tracking,
    verdict,
)
from tests.bench.figures import Line, table

PARTS: Mapping[str, Callable[[], Iterable[Line]]] = {
    "latest": latest.measure,
    "best": best.measure,
    "compare": side_by_side.measure,
    "card": card.measure,
    "verdict": verdict.measure,
    "serve": serve.measure,
    "tick": tick.measure,
    "contact": contact.measure,
    "drain": drain.measure,
    "behaviour": behaviour.measure,
    "databases": databases.measure,
    "tracking": tracking.measure,
}


def main(names: list[str]) -> None:
    """Measure these parts, or all."""
    unknown = set(names) - set(PARTS)
    if unknown:
        sys.exit(f"There is no part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}.")
    began = time.monotonic()
    print(_machine(), flush=True)
    for name in names or PARTS:
        start = time.monotonic()
        lines = list(_told(PARTS[name]()))
        print(f"\r\033[K\n{table(name, lines)}\n{time.monotonic() - start:.0f} s", flush=True)
    print(f"\nAll of it took {time.monotonic() - began:.0f} s.")


def _told(lines: Iterable[Line]) -> Iterator[Line]:
    """The lines, each also shown as it comes where somebody looks."""
    for line in lines:
        if sys.stdout.isatty():
            print(f"\r\033[K{line.what}: {line.figure}", end="", flush=True)
        yield line


def _machine() -> str:
    load = os.getloadavg()[0]
    return (
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {os.cpu_count()} cores, {platform.machine()}, "
        f"Python {platform.python_version()}, load {load:.1f}"
    )


if __name__ == "__main__":
    main(sys.argv[1:])
