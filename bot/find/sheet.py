"""What of two to ten runs side by side goes into one message: a short sheet, or a page of all of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from bot.facts.runs import Run
from bot.judge.side_by_side import Kind, Measured, Row, SideBySide
from bot.render.apart import told_apart

# Rows of each kind on the short sheet, of two runs.
SHORT: Mapping[Kind, int] = MappingProxyType(
    {"metric": 20, "param": 30, "code": 10, "data": 10, "environment": 10, "tag": 10}
)
NAME = 40
# Slack takes 100 rows and some 10,000 characters in a table; the rest of the message needs some too.
ROWS = 90
ROOM = 7500
_COMMIT = 10


@dataclass(frozen=True, slots=True)
class Sheet:
    """Some of the rows: each with the texts of its cells (None for numbers, which a template writes).

    `number` is the page, 0 for the short sheet; `left` counts what is not shown, by kind.
    """

    labels: tuple[str, ...]
    rows: tuple[tuple[Row, tuple[str | None, ...]], ...]
    number: int
    pages: int
    left: Mapping[Kind, int]


def sheet(found: SideBySide, number: int = 0) -> Sheet:
    """The short sheet, or page `number` of everything; a number beyond the last page gives the last page."""
    width = cell_width(len(found.runs))
    size = min(ROWS, ROOM // (NAME + len(found.runs) * (width + 2)))
    pages = -(-len(found.rows) // size)
    number = min(number, pages)
    shown = _short(found.rows, size) if not number else found.rows[(number - 1) * size : number * size]
    left: dict[Kind, int] = {}
    for row in found.rows if not number else ():
        left[row.kind] = left.get(row.kind, 0) + 1
    for row in shown if not number else ():
        left[row.kind] -= 1
    return Sheet(
        labels=tuple(labels(found.runs, width)),
        rows=tuple((row, tuple(_texts(row, width))) for row in shown),
        number=number,
        pages=pages,
        left={kind: count for kind, count in left.items() if count},
    )


def cell_width(runs: int) -> int:
    """How many characters a cell may have so that a row of this many runs can be read on a narrow screen."""
    return 40 if runs == 2 else 24 if runs <= 4 else 16


def labels(runs: Sequence[Run], limit: int) -> list[str]:
    """What the runs are called in a table or chart: their names, or their ids where several have one name."""
    names = [run.name for run in runs]
    called = [run.run_id[:8] if not run.name or names.count(run.name) > 1 else run.name for run in runs]
    return told_apart(called, limit)


def _short(rows: Sequence[Row], size: int) -> list[Row]:
    kept: dict[Kind, int] = {}
    shown: list[Row] = []
    for row in rows:
        kept[row.kind] = kept.get(row.kind, 0) + 1
        if kept[row.kind] <= SHORT[row.kind] and len(shown) < size:
            shown.append(row)
    return shown


def _texts(row: Row, width: int) -> Iterator[str | None]:
    if isinstance(row, Measured):
        yield from (None for _ in row.values)
        return
    texts = [one for one in row.values if one is not None]
    if row.kind == "code" and row.name == "commit":
        texts = [one[:_COMMIT] for one in texts]
    short = iter(told_apart([" ".join(one.split()) for one in texts], width))
    yield from (None if one is None else next(short) for one in row.values)
