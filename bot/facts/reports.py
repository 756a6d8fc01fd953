"""Test reports: what CI says of each test case, and what changed between two reports."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple


class CaseOutcome(StrEnum):
    """How a test case ended; flaky: it failed, was tried again at once, and passed."""

    PASSED = "passed"
    FAILED = "failed"
    ERROR = "error"
    SKIPPED = "skipped"
    FLAKY = "flaky"

    @property
    def broken(self) -> bool:
        """Whether somebody must look."""
        return self in (CaseOutcome.FAILED, CaseOutcome.ERROR)

    @property
    def fine(self) -> bool:
        """Whether it passed in the end."""
        return self in (CaseOutcome.PASSED, CaseOutcome.FLAKY)

    @property
    def weight(self) -> int:
        """Of two words on one case the heavier one stands."""
        return WEIGHTS[self]


WEIGHTS = {
    CaseOutcome.SKIPPED: 0,
    CaseOutcome.PASSED: 1,
    CaseOutcome.FLAKY: 2,
    CaseOutcome.FAILED: 3,
    CaseOutcome.ERROR: 3,
}


class CaseId(NamedTuple):
    """What a test case is known by from one report to the next.

    `group` is its class as the report says it, else the names of the suites around it; `parameters` is what a
    parametrised test adds to its name, `[de]` for pytest's `test_asks[de]` or `/de` for Go's `TestAsks/de`.
    """

    group: str
    name: str
    parameters: str = ""

    def __str__(self) -> str:
        name = self.name + self.parameters
        return f"{self.group}::{name}" if self.group else name


class Case(NamedTuple):
    """A test case of a report, of which there may be 100,000; `message` is the first lines of why it failed."""

    group: str
    name: str
    parameters: str
    outcome: CaseOutcome
    seconds: float = 0.0
    message: str = ""

    @property
    def id(self) -> CaseId:
        """What it is known by."""
        return CaseId(*self[:3])

    def or_worse(self, other: "Case") -> "Case":
        """Of two words on one case that of which somebody must know."""
        return other if other.outcome.weight > self.outcome.weight else self


@dataclass(frozen=True, slots=True)
class Counts:
    """How many cases ended how, and how many seconds they took together."""

    passed: int = 0
    failed: int = 0
    error: int = 0
    skipped: int = 0
    flaky: int = 0
    seconds: float = 0.0

    @property
    def broken(self) -> int:
        """Failures and errors."""
        return self.failed + self.error

    @property
    def total(self) -> int:
        """All of them."""
        return self.passed + self.failed + self.error + self.skipped + self.flaky


def counted(cases: Iterable[Case]) -> Counts:
    """The counts of some cases."""
    cases = tuple(cases)
    outcomes = [case.outcome for case in cases]
    found = {outcome.value: outcomes.count(outcome) for outcome in CaseOutcome}
    return Counts(**found, seconds=round(sum([case.seconds for case in cases]), 4))


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a report comes from; (source, id) is its identity, `at` is when its tests ended (UTC).

    `target` is the branch it is to be merged into, empty for a branch that is its own measure. `run` is an MLflow
    run and `model` a model version (`churn/7`) as the report names them. `provider` and `pipeline_id` are those of
    the CI pipeline, whose `attempt` counts reruns. A report may be `shard` 2 of 4 `shards`, and is `partial` when
    it holds only some of the tests on purpose.
    """

    source: str
    id: str
    at: datetime
    name: str = "tests"
    repository: str = ""
    branch: str = ""
    target: str = ""
    commit: str = ""
    url: str = ""
    provider: str = ""
    pipeline_id: str = ""
    attempt: int = 1
    shard: int = 1
    shards: int = 1
    partial: bool = False
    run: str = ""
    model: str = ""

    @property
    def pipeline(self) -> str:
        """The subject of its pipeline (bot.facts.pipelines.Pipeline.subject), empty where none is named."""
        if not (self.provider and self.pipeline_id):
            return ""
        return f"pipeline:{self.provider}:{self.repository}:{self.pipeline_id}"

    @property
    def test_run(self) -> str:
        """What its shards and attempts have in common: they are merged into one report."""
        whole = self.pipeline or self.commit.lower() or f"{self.source}:{self.id}"
        return f"tests:{self.repository}:{self.branch}:{self.name}:{whole}"

    @property
    def base_branch(self) -> str:
        """The branch it is compared with."""
        return self.target or self.branch


@dataclass(frozen=True, slots=True)
class Report:
    """What CI said of its test cases."""

    origin: Origin
    cases: tuple[Case, ...]
    complete: bool = True

    @property
    def counts(self) -> Counts:
        """How its cases ended."""
        return counted(self.cases)


@dataclass(frozen=True, slots=True)
class Filed:
    """A report that was kept, without its cases."""

    origin: Origin
    counts: Counts


@dataclass(frozen=True, slots=True)
class Past:
    """How a case ended in an earlier report."""

    at: datetime
    commit: str
    outcome: CaseOutcome
    seconds: float


def all_shards(origins: Iterable[Origin]) -> bool:
    """Whether the parts of one test run hold all of its tests: every shard came, and none is partial."""
    parts = [origin for origin in origins if not origin.partial]
    return any({part.shard for part in parts} >= set(range(1, one.shards + 1)) for one in parts)
