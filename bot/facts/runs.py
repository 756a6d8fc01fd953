"""A run as Rundown knows it, and what can happen to one."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from urllib.parse import quote

NOTE_TAG = "mlflow.note.content"
PARENT_TAG = "mlflow.parentRunId"
OWNER_TAG = "mlflow.user"
COMMIT_TAG = "mlflow.source.git.commit"
BRANCH_TAG = "mlflow.source.git.branch"
DIRTY_TAG = "mlflow.source.git.dirty"
# MLflow's own, and what people call it.
DIRTY_TAGS = (DIRTY_TAG, "git.dirty", "git_dirty")
# As `git describe --always --dirty` and build tools write a commit with changes on top: 7d3f1c9-dirty, 7d3f1c9+.
MARKED_COMMIT = re.compile(r"([0-9a-fA-F]{7,64})(?:[-+.]dirty|[+*])")
SOURCE_TAG = "mlflow.source.name"
CI_TAG = "ci.url"


class Status(StrEnum):
    """A run's status in MLflow's own words (https://mlflow.org/docs/latest/rest-api.html, RunStatus)."""

    RUNNING = "RUNNING"
    SCHEDULED = "SCHEDULED"
    FINISHED = "FINISHED"
    FAILED = "FAILED"
    KILLED = "KILLED"

    @property
    def ended(self) -> bool:
        """Whether MLflow calls the run over."""
        return self in (Status.FINISHED, Status.FAILED, Status.KILLED)


@dataclass(frozen=True, slots=True)
class RunRef:
    """Which run is meant: run ids are unique within one tracker only."""

    tracker: str
    run_id: str

    def __str__(self) -> str:
        return f"{self.tracker}/{self.run_id}"


@dataclass(frozen=True, slots=True)
class Metric:
    """The latest value of one metric; `value` may be NaN or ±inf, `at` is UTC."""

    value: float
    step: int = 0
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Dataset:
    """A dataset a run logged as input; `context` is MLflow's mlflow.data.context tag (train, eval…)."""

    name: str
    digest: str
    context: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """One run as a tracker showed it; times are UTC, `url` is its page in MLflow."""

    tracker: str
    run_id: str
    experiment_id: str
    experiment: str
    name: str
    status: Status
    started: datetime | None = None
    ended: datetime | None = None
    deleted: bool = False
    url: str = ""
    artifact_uri: str = ""
    params: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    metrics: Mapping[str, Metric] = field(default_factory=lambda: MappingProxyType({}))
    tags: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    datasets: tuple[Dataset, ...] = ()
    stalled: bool = False

    @property
    def ref(self) -> RunRef:
        """The run's identity."""
        return RunRef(self.tracker, self.run_id)

    @property
    def owner(self) -> str:
        """The MLflow user who started it, empty where none is named; an ordinary tag, so no proof."""
        return self.tags.get(OWNER_TAG, "")

    @property
    def note(self) -> str:
        """The run's description in Markdown, empty where there is none."""
        return self.tags.get(NOTE_TAG, "")

    @property
    def parent_id(self) -> str:
        """The run id of the parent run, empty for a top-level run."""
        return self.tags.get(PARENT_TAG, "")

    @property
    def commit(self) -> str:
        """The git commit the run's source was at, empty where MLflow saw none."""
        written = self.tags.get(COMMIT_TAG, "")
        marked = MARKED_COMMIT.fullmatch(written)
        return marked[1] if marked else written

    @property
    def dirty(self) -> bool:
        """Whether there were changes on top of the commit that nobody committed, as far as anybody tells."""
        marked = MARKED_COMMIT.fullmatch(self.tags.get(COMMIT_TAG, ""))
        said = (self.tags.get(tag, "").strip().lower() for tag in DIRTY_TAGS)
        return marked is not None or any(one in ("true", "1", "yes") for one in said)

    @property
    def duration(self) -> timedelta | None:
        """From start to end; nothing while either is unknown or the clocks disagree."""
        if self.started is None or self.ended is None or self.ended < self.started:
            return None
        return self.ended - self.started

    @property
    def last_sign(self) -> datetime | None:
        """The newest moment the run is known to have been alive: its latest metric, else its start."""
        moments = [metric.at for metric in self.metrics.values() if metric.at is not None]
        if self.started is not None:
            moments.append(self.started)
        return max(moments, default=None)

    def artifact_url(self, path: str) -> str:
        """The page in MLflow that shows one of the run's artifacts, empty where the run has none."""
        return f"{self.url}/artifacts/{quote(path, errors='replace')}" if self.url else ""


class Event(StrEnum):
    """What can happen to a run."""

    STARTED = "started"
    FINISHED = "finished"
    FAILED = "failed"
    KILLED = "killed"
    STALLED = "stalled"
    EDITED = "edited"
    DELETED = "deleted"
    RESTORED = "restored"
    REOPENED = "reopened"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that happened to a run, seen once: `key` is the same however often it is looked at.

    `generation` counts how often the run was re-opened. `quiet` changes belong to history from before
    Rundown followed the tracker and are never posted.
    """

    key: str
    event: Event
    run: Run
    generation: int
    at: datetime
    quiet: bool = False
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Experiment:
    """An experiment of a tracker."""

    tracker: str
    experiment_id: str
    name: str
    deleted: bool = False
    tags: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class TrackerState:
    """How far a tracker has been followed, and whether it answers now; times are UTC.

    `followed_from` is when Rundown first met the tracker: runs that ended before are history. `backfilled`
    tells that all history has been read, `backfill_done` of `backfill_total` runs so far (total may be
    unknown). `error` is empty while the tracker answers; `error_since` is when it stopped.
    """

    name: str
    followed_from: datetime | None = None
    backfilled: bool = False
    backfill_done: int = 0
    backfill_total: int | None = None
    cursor: datetime | None = None
    sweep_from: datetime | None = None
    last_success: datetime | None = None
    error: str = ""
    error_since: datetime | None = None
