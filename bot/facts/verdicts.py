"""What is thought of a run's metrics: better, worse, or no more than noise, and which rule says so."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from bot.facts.runs import RunRef


class Word(StrEnum):
    """A verdict in one word; only comparable runs get one."""

    REGRESSED = "regressed"
    IMPROVED = "improved"
    MIXED = "mixed"
    WITHIN_NOISE = "within noise"
    CHANGED = "changed"
    NEW = "new"
    MISSING = "missing"
    TOO_FEW = "too few runs"


class Stage(StrEnum):
    """How sure a regression or an improvement is; an alarm is a confirmed regression."""

    SUSPECTED = "suspected"
    CONFIRMED = "confirmed"
    RECOVERED = "recovered"


class Method(StrEnum):
    """Where the noise of a metric was taken from."""

    REPLICATES = "replicates"
    LINEAGE = "recent runs"
    MINIMUM = "minimum change"


@dataclass(frozen=True, slots=True)
class Point:
    """One comparable run in the history of one metric.

    `group` is equal for replicates: runs with the same params but for seeds, the same code and the same data.
    `value` may be NaN or ±inf. `at` is when the run began (UTC).
    """

    run: RunRef
    at: datetime
    value: float
    group: str = ""


@dataclass(frozen=True, slots=True)
class MinChange:
    """The least difference that matters: a share of where a metric stood, or an amount in its own unit."""

    share: float = 0.0
    amount: float = 0.0

    def at(self, level: float) -> float:
        """The least difference from this level, in the metric's own unit; of both given, the larger."""
        return max(self.amount, self.share * abs(level))


@dataclass(frozen=True, slots=True)
class Noise:
    """How far runs that are meant to be alike lie apart: one standard deviation in the metric's own unit.

    `runs` is how many of them it was estimated from.
    """

    method: Method
    spread: float
    runs: int


@dataclass(frozen=True, slots=True)
class Series:
    """One metric over the comparable runs, oldest first; the run that is judged comes last, if it has the metric.

    `baseline` is the value of a pinned run or a model alias, where there is one: the metric is then held
    against that, and not against where the runs before stood.
    """

    metric: str
    points: Sequence[Point]
    better: Literal["higher", "lower"] | None = None
    least: MinChange = MinChange(share=0.01)
    baseline: float | None = None


@dataclass(frozen=True, slots=True)
class Shift:
    """A confirmed change of a metric that stands: the first run behind it, and where the runs before it stood."""

    since: RunRef
    expected: float
    word: Word


@dataclass(frozen=True, slots=True)
class MetricVerdict:
    """What is thought of one metric of a run.

    `expected` is where the comparable runs before stood, `value` where the run stands; either is None where
    there is no such metric. `since` is the first run of a change that began before this one. `one_seed` tells
    that there are no replicates on both sides, so a seed may be all there is to it. `rule` says in half a
    sentence what spoke, with its numbers; it reads on from the metric's name.
    """

    metric: str
    word: Word
    value: float | None
    expected: float | None
    better: Literal["higher", "lower"] | None = None
    stage: Stage | None = None
    noise: Noise | None = None
    since: RunRef | None = None
    one_seed: bool = False
    rule: str = ""

    @property
    def delta(self) -> float | None:
        """The value minus what was expected; nothing where either is missing."""
        if self.value is None or self.expected is None:
            return None
        return self.value - self.expected


@dataclass(frozen=True, slots=True)
class RunVerdict:
    """What is thought of a run: the headline, then each judged metric, the worst first."""

    run: RunRef
    word: Word
    stage: Stage | None
    metrics: tuple[MetricVerdict, ...]
