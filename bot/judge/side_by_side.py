"""Two to ten runs side by side: what differs from the one they are held against, the worst first."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.facts.runs import Run
from bot.judge.comparison import code, datasets, environment, team_tags
from bot.judge.direction import Direction, better
from bot.judge.metrics import natural, primary_metrics, ranked
from bot.settings import ExperimentSettings

Kind = Literal["metric", "param", "code", "data", "environment", "tag"]
MOST = 10

_VALUES: Mapping[Kind, Callable[[Run], Mapping[str, str]]] = {
    "param": lambda run: run.params,
    "code": code,
    "data": datasets,
    "environment": environment,
    "tag": team_tags,
}


@dataclass(frozen=True, slots=True)
class Measured:
    """One metric of all runs, held against that of the run at `reference`.

    A value is None where a run has no such metric, and may be NaN or ±inf.
    """

    name: str
    values: tuple[float | None, ...]
    reference: int
    better: Direction | None
    kind: Kind = "metric"

    @property
    def same(self) -> bool:
        """Whether all runs measured the same; NaN is the same as NaN."""
        first, *others = self.values
        return all(_equal(first, other) for other in others)

    def delta(self, place: int) -> float | None:
        """A run's value minus the reference's; nothing where that says nothing."""
        value, held = self.values[place], self.values[self.reference]
        if value is None or held is None or not math.isfinite(value - held):
            return None
        return value - held

    def word(self, place: int) -> Literal["better", "worse", ""]:
        """What a run's value is beside the reference's; nothing where they are equal or nobody can tell."""
        worse = self.worsening(place)
        return "" if not worse else "worse" if worse > 0 else "better"

    def worsening(self, place: int) -> float:
        """How much worse a run's value is, as a share of the larger of both; below zero where it is better.

        0 where the metric has no direction or one of the values is missing; a number that became NaN is infinitely
        worse.
        """
        value, held = self.values[place], self.values[self.reference]
        if self.better is None or value is None or held is None or _equal(value, held):
            return 0.0
        if math.isnan(value) or math.isnan(held):
            return math.inf if math.isnan(value) else -math.inf
        lower = value < held
        worse = lower if self.better == "higher" else not lower
        if math.isinf(value) or math.isinf(held):
            return math.inf if worse else -math.inf
        size = max(abs(value), abs(held))
        share = abs(value / size - held / size)
        return share if worse else -share


@dataclass(frozen=True, slots=True)
class Said:
    """One named text of all runs (a param, a tag, a version of code or data); None where a run has none."""

    name: str
    values: tuple[str | None, ...]
    kind: Kind

    @property
    def same(self) -> bool:
        """Whether all runs say the same."""
        return len(set(self.values)) == 1


Row = Measured | Said


@dataclass(frozen=True, slots=True)
class SideBySide:
    """What differs between runs, and how much of each kind is the same.

    `reference` is the place of the run that the others are held against: the second of two, else the first.
    """

    runs: tuple[Run, ...]
    reference: int
    rows: tuple[Row, ...]
    same: Mapping[Kind, int]
    primary: Measured | None

    @property
    def other_data(self) -> tuple[str, ...]:
        """What two of the runs used different data for: evaluated on other data, metrics say little."""
        data = (row for row in self.rows if isinstance(row, Said) and row.kind == "data")
        return tuple(row.name for row in data if len({*row.values} - {None}) > 1)


def side_by_side(runs: Sequence[Run], rules: ExperimentSettings) -> SideBySide:
    """Put at least two runs side by side, without `system/*` metrics; `rules` are those of the first.

    First the metrics that got worse, the worst of them first, then those that got better, then those of unknown
    direction and those that the reference has not, the most telling first; then what was said, by name.
    """
    reference = 1 if len(runs) == 2 else 0
    metrics = [_measured(name, runs, reference, better(name, rules)) for name in _names(runs, rules)]
    said = [row for kind in _VALUES for row in _said(kind, runs)]
    every: tuple[Row, ...] = (*metrics, *said)
    rows: list[Row] = []
    same: dict[Kind, int] = {}
    for row in every:
        if row.same:
            same[row.kind] = same.get(row.kind, 0) + 1
        else:
            rows.append(row)
    return SideBySide(
        runs=tuple(runs),
        reference=reference,
        rows=tuple(sorted(rows, key=_worst_first)),
        same=same,
        primary=metrics[0] if metrics and metrics[0].values[0] is not None else None,
    )


def _names(runs: Sequence[Run], rules: ExperimentSettings) -> list[str]:
    """The names of all metrics, those of the first run before what only others have; the most telling first."""
    names = dict.fromkeys([*primary_metrics(runs[0], rules, len(runs[0].metrics)), *ranked(runs[0], rules)])
    for run in runs[1:]:
        if any(name not in names for name in run.metrics):
            names |= dict.fromkeys(ranked(run, rules))
    return list(names)


def _measured(name: str, runs: Sequence[Run], reference: int, direction: Direction | None) -> Measured:
    values = tuple(run.metrics[name].value if name in run.metrics else None for run in runs)
    return Measured(name, values, reference, direction)


def _said(kind: Kind, runs: Sequence[Run]) -> Iterator[Said]:
    texts = [_VALUES[kind](run) for run in runs]
    for name in sorted({name for one in texts for name in one}, key=natural):
        yield Said(name, tuple(one.get(name) for one in texts), kind)


def _worst_first(row: Row) -> tuple[int, float]:
    """Known directions by the worst of the runs, unknown ones, what can be held against nothing, then texts."""
    if isinstance(row, Said):
        return 3, 0.0
    shared = [
        place
        for place, value in enumerate(row.values)
        if value is not None and place != row.reference and row.values[row.reference] is not None
    ]
    if not shared:
        return 2, 0.0
    if row.better is None:
        return 1, 0.0
    return 0, -max(row.worsening(place) for place in shared)


def _equal(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return one == other or (math.isnan(one) and math.isnan(other))
