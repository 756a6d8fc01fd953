"""What becomes of verdicts: runs held against each other, regressions as they go, and rulings."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from bot.facts.runs import RunRef
from bot.facts.verdicts import MetricVerdict, RunVerdict, Shift


@dataclass(frozen=True, slots=True)
class Lineage:
    """The runs of an experiment of which one is meant to be as good as the other.

    `key` tells what they share: `params:` and a digest of the params but for seeds, `same:` and one of code and
    data too, a `tag:k=v`, a `branch:name`, or `candidates:` and the model they registered a version of.
    """

    tracker: str
    experiment_id: str
    key: str


@dataclass(frozen=True, slots=True)
class Judged:
    """The verdict on a run as it was when the run was the newest of its lineage; `at` is its start (UTC).

    `standing` are the confirmed changes that stand after it, by metric; `before` are the runs it was held against.
    """

    lineage: Lineage
    at: datetime
    verdict: RunVerdict
    before: int = 0
    standing: Mapping[str, Shift] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def run(self) -> RunRef:
        """The run that was judged."""
        return self.verdict.run

    def metric(self, name: str) -> MetricVerdict | None:
        """What is thought of one metric."""
        return next((one for one in self.verdict.metrics if one.metric == name), None)


class Phase(StrEnum):
    """Where a regression stands; only the first two are open."""

    SUSPECTED = "suspected"
    CONFIRMED = "confirmed"
    RECOVERED = "recovered"
    CLEARED = "cleared"
    EXPECTED = "expected"
    REJECTED = "rejected"
    MUTED = "muted"

    @property
    def open(self) -> bool:
        """Whether it goes on."""
        return self in (Phase.SUSPECTED, Phase.CONFIRMED)


@dataclass(frozen=True, slots=True)
class Incident:
    """One regression of one metric of a lineage, from the first run behind it to its end.

    `home` is the run on whose card it lives, `by` the run whose verdict brought it where it stands. `alarmed` says
    that it was confirmed once, so channels were told. `at` is when it last changed (UTC), `id` 0 until it is kept.
    """

    lineage: Lineage
    metric: str
    first: RunRef
    phase: Phase
    home: RunRef
    by: RunRef
    at: datetime
    alarmed: bool = False
    id: int = 0


class Act(StrEnum):
    """What people can say of a regression."""

    EXPECTED = "expected"
    REJECTED = "rejected"
    MUTED = "muted"


@dataclass(frozen=True, slots=True)
class Ruling:
    """What somebody (a Slack id) decided, and when (UTC).

    `expected`: the metric's history in the lineage begins anew at the run, which began at `since`. `rejected`: the
    run belongs to no lineage. `muted`: the metric is not judged in the whole experiment. What does not apply is
    empty; `id` is 0 until it is kept.
    """

    act: Act
    tracker: str
    experiment_id: str
    who: str
    at: datetime
    lineage: str = ""
    metric: str = ""
    run_id: str = ""
    since: datetime | None = None
    reason: str = ""
    id: int = 0
