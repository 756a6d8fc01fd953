"""How a metric went over the last runs of an experiment: a few marks and the values behind them."""

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from bot.facts.runs import Run
from bot.judge.baseline import DEFAULT, came_before, comparable_by, moment

MARKS = "▁▂▃▄▅▆▇█"
FEWEST = 3
MOST = 12


@dataclass(frozen=True, slots=True)
class Trend:
    """The finite values of one metric, oldest first; `comparable` tells that the runs are meant to be alike."""

    metric: str
    values: tuple[float, ...]
    comparable: bool

    @property
    def marks(self) -> str:
        """One mark a value, the lowest and the highest spanning all heights; half of it where all are equal."""
        low, high = min(self.values), max(self.values)
        top = len(MARKS) - 1
        if low == high:
            return MARKS[top // 2] * len(self.values)
        # Halved first, since the difference of two finite numbers may be infinite.
        span = high / 2 - low / 2
        return "".join(MARKS[round((value / 2 - low / 2) / span * top)] for value in self.values)


def trend(
    run: Run,
    earlier: Iterable[Run],
    metric: str,
    comparable: Sequence[str] = DEFAULT,
    registered: Collection[str] = frozenset(),
) -> Trend | None:
    """How a metric came to where it is with `run`; nothing with fewer than three finite values.

    Of the earlier runs (finished, of the same experiment and parent) the comparable ones count where there are
    enough of them, else all.
    """
    before = {one.ref: one for one in earlier if not one.deleted and came_before(one, run)}
    ordered = sorted(before.values(), key=moment)
    beside = (one for one in ordered if comparable_by(run, one, comparable, registered))
    alike = _values([*beside, run], metric)
    every = _values([*ordered, run], metric)
    values = alike if len(alike) >= FEWEST else every
    if len(values) < FEWEST or not math.isfinite(run.metrics[metric].value):
        return None
    return Trend(metric, values[-MOST:], values is alike)


def _values(runs: Iterable[Run], metric: str) -> tuple[float, ...]:
    found = (one.metrics[metric].value for one in runs if metric in one.metrics)
    return tuple(value for value in found if math.isfinite(value))
