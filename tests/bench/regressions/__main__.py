"""`make bench-regressions`: replay Rundown's verdicts and their rivals over marked series; prints two tables."""

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import track

from tests.bench.regressions import power, rival
from tests.bench.regressions.methods import METHODS, people, timed
from tests.bench.regressions.score import Replayed, Score, score
from tests.bench.regressions.series import Marked, annotated, generated

COLUMNS = (
    "method", "precision", "recall", "F1", "unchanged alarmed", "delay", "withdrawn", "alarms /1000",
    "ms a series", "F1 by moment",
)  # fmt: skip
NAMES = (*METHODS, *rival.SETTINGS)


def main(wanted: Sequence[str]) -> None:
    """Measure the methods whose names hold one of these words, or all."""
    names = [name for name in NAMES if not wanted or any(word.lower() in name.lower() for word in wanted)]
    if not names:
        sys.exit(f"No method is named so; there are: {'; '.join(NAMES)}.")
    given = os.environ.get("RUNDOWN_BENCH_DATA", "")
    series = annotated(Path(given)) if given else generated()
    print(_what(series, given), _line(COLUMNS), _line(["---"] * len(COLUMNS)), sep="\n", flush=True)
    for name in names:
        found = list(_shown(name, _replayed(name, series), len(series)))
        print(_row(name, score(series, found), score(series, found, by_moment=True)), flush=True)
    held, marked = people(series)
    if held:
        print(
            _row("one person, held to the others", score(held, marked), score(held, marked, by_moment=True)),
            flush=True,
        )
    if "Rundown" in names:
        print("", *_shown("power", power.table(), 20), sep="\n", flush=True)


def _replayed(name: str, series: Sequence[Marked]) -> Iterable[Replayed]:
    if name in rival.SETTINGS:
        return rival.replayed(name, [one.values for one in series])
    return (timed(METHODS[name], one.values) for one in series)


def _shown(what: str, work: Iterable[object], total: int) -> Iterator:
    """The same, with a bar on standard error while it takes."""
    return iter(track(work, what, total=total, console=Console(stderr=True), transient=True))


def _what(series: Sequence[Marked], given: str) -> str:
    points = sum(len(one.values) for one in series)
    unchanged = sum(not one.consensus for one in series)
    source = Path(given).name if given else "made by the generators of otava-test-data"
    return f"{len(series)} series, {points} points, {unchanged} series unchanged ({source})\n"


def _row(name: str, found: Score, moment: Score) -> str:
    shares = (found.precision, found.recall, found.f1, found.false_series)
    cells = [name, *(f"{one:.3f}" for one in shares), f"{found.delay:g}", f"{found.withdrawn:.2f}"]
    cells += [f"{found.per_thousand:.1f}", f"{found.milliseconds:.0f}", f"{moment.f1:.3f}"]
    return _line(cells)


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    main(sys.argv[1:])
