"""What is measured, as lines of a table: a figure, what it should be at most, and whether it is."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """One figure; `met` is nothing where there is no target, only something to know."""

    what: str
    figure: str
    target: str = ""
    met: bool | None = None


def at_most(what: str, value: float, limit: float, unit: str, *, than: str = "") -> Line:
    """A figure that should not exceed a limit; `than` says what it is a multiple of."""
    return Line(what, f"{_short(value)}{unit}{than}", f"≤ {_short(limit)}{unit}", value <= limit)


def at_least(what: str, value: float, limit: float, unit: str, *, than: str = "") -> Line:
    """A figure that should not fall below a limit."""
    return Line(what, f"{_short(value)}{unit}{than}", f"≥ {_short(limit)}{unit}", value >= limit)


def told(what: str, value: float, unit: str) -> Line:
    """A figure without a target."""
    return Line(what, f"{_short(value)}{unit}")


def median(seconds: Sequence[float]) -> float:
    """The middle of some times."""
    return statistics.median(seconds)


def p99(seconds: Sequence[float]) -> float:
    """The time that 99 of 100 do not exceed."""
    ordered = sorted(seconds)
    return ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]


def timed(act: Callable[[], object]) -> float:
    """How many seconds something takes."""
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def table(title: str, lines: Sequence[Line]) -> str:
    """The lines as a Markdown table."""
    rows = [("", title, "figure", "target"), ("-", "-", "-", "-")]
    rows += [(_mark(line.met), line.what, line.figure, line.target) for line in lines]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    rows[1] = tuple("-" * width for width in widths)
    return "\n".join(
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in rows
    )


def _mark(met: bool | None) -> str:
    return "" if met is None else "✓" if met else "✗"


def _short(value: float) -> str:
    if value == int(value) or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.2f}" if abs(value) < 10 else f"{value:.1f}"
