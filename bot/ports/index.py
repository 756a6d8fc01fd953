"""The index of runs, trackers and changes, as the core sees it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.facts.routes import Decision
from bot.facts.runs import Change, Experiment, Run, RunRef, Status, TrackerState
from bot.facts.traces import Trace


@dataclass(frozen=True, slots=True)
class Known:
    """A run as the index holds it: its newest snapshot and where its state machine stands.

    `read_at` (UTC) is when the snapshot was asked for; an older snapshot never replaces a newer one.
    `generation` counts re-openings. `first_seen` is when the index met the run. `gone` tells that the
    tracker no longer knows the run at all.
    """

    run: Run
    read_at: datetime
    first_seen: datetime
    generation: int = 0
    gone: bool = False


class Field(StrEnum):
    """What a condition of a search looks at."""

    METRIC = "metrics"
    PARAM = "params"
    TAG = "tags"
    ATTRIBUTE = "attributes"


@dataclass(frozen=True, slots=True)
class Condition:
    """One comparison of a search: `operator` is = != < <= > >= LIKE ILIKE, IN (value is a tuple), or IS NULL.

    Attributes are run_id, run_name, status, start_time, end_time (datetime values), user_id, experiment.
    """

    field: Field
    key: str
    operator: str
    value: str | float | datetime | tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class RunQuery:
    """Which runs are wanted, newest start first.

    `experiments` are globs over experiment names. `since`/`until` bound the start time, `ended_since`/
    `ended_until` the end time. `words` are plain words that must each occur in name, experiment, note,
    param or tag. `top_level` leaves out child runs; deleted and gone runs are left out always.
    """

    tracker: str = ""
    experiments: tuple[str, ...] = ()
    statuses: frozenset[Status] = frozenset()
    owners: tuple[str, ...] = ()
    stalled: bool | None = None
    since: datetime | None = None
    until: datetime | None = None
    ended_since: datetime | None = None
    ended_until: datetime | None = None
    top_level: bool = False
    parent: RunRef | None = None
    has_metrics: bool | None = None
    conditions: tuple[Condition, ...] = ()
    words: tuple[str, ...] = ()
    limit: int = 10
    offset: int = 0


class Runs(Protocol):
    """The index of runs."""

    def get(self, refs: Collection[RunRef]) -> Mapping[RunRef, Known]:
        """What is known of these runs; unknown ones are left out."""
        ...

    def put(self, known: Sequence[Known]) -> None:
        """Insert or replace runs; unchanged ones cost nothing."""
        ...

    def find(self, query: RunQuery) -> Sequence[Run]:
        """The runs a query asks for, newest start first, then by run id."""
        ...

    def page(self, query: RunQuery, most: int) -> tuple[Sequence[Run], int]:
        """The runs a query asks for, and how many it covers (limit and offset aside), counted up to `most`.

        Where no run is left at the query's offset, the number is 0.
        """
        ...

    def count(self, query: RunQuery, most: int) -> int:
        """How many runs a query covers (its limit and offset aside), counted up to `most`."""
        ...

    def by_prefix(self, prefix: str, limit: int = 10) -> Sequence[Run]:
        """Runs whose id begins with `prefix`, newest start first; deleted ones too."""
        ...

    def by_name(self, name: str, limit: int = 10) -> Sequence[Run]:
        """Runs of exactly this name, ignoring case, newest start first."""
        ...

    def recent_names(self, limit: int = 500) -> Sequence[str]:
        """Distinct names of the newest runs, for "did you mean"."""
        ...

    def by_commit(self, commit: str, limit: int = 20) -> Sequence[Run]:
        """Runs whose commit begins with, or is the beginning of, this one (at least 7 characters)."""
        ...

    def open_ids(self, tracker: str, since: datetime | None = None) -> frozenset[str]:
        """Ids of the runs the index holds as RUNNING or SCHEDULED.

        With `since`, those of them that started after it, or give no start.
        """
        ...

    def silent(self, tracker: str, since: datetime, limit: int = 100) -> Sequence[Run]:
        """RUNNING runs, not yet stalled, whose last sign of life is older than `since`."""
        ...

    def ids(self, tracker: str, *, deleted: bool) -> frozenset[str]:
        """Ids of a tracker's deleted, or not deleted, runs."""
        ...

    def experiments(self, tracker: str = "") -> Sequence[Experiment]:
        """The experiments known, by name."""
        ...

    def experiments_by_id(self, wanted: Collection[tuple[str, str]]) -> Mapping[tuple[str, str], Experiment]:
        """Experiments by (tracker, experiment id); those that are not known are left out."""
        ...

    def put_experiments(self, experiments: Sequence[Experiment]) -> None:
        """Insert or replace experiments; runs of a renamed experiment follow."""
        ...


class Trackers(Protocol):
    """How far each tracker has been followed."""

    def get(self, name: str) -> TrackerState:
        """A tracker's state; a fresh one where it was never followed."""
        ...

    def put(self, state: TrackerState) -> None:
        """Keep a tracker's state."""
        ...

    def all(self) -> Sequence[TrackerState]:
        """Every tracker that was ever followed, by name."""
        ...


class Changes(Protocol):
    """What happened, each once, and what was decided about it."""

    def add(self, change: Change) -> bool:
        """Keep a change; False when it was there already."""
        ...

    def add_all(self, changes: Sequence[Change]) -> Sequence[Change]:
        """Keep changes; returns those that were not there already, in the same order and each key once."""
        ...

    def decide(self, change_key: str, run: RunRef | None, decisions: Sequence[Decision], at: datetime) -> None:
        """Keep what routing decided, every named no included."""
        ...

    def decisions(self, run: RunRef) -> Sequence[tuple[str, Decision, datetime]]:
        """(change key, decision, when) of a run, newest first."""
        ...

    def forget(self, before: datetime) -> int:
        """Drop changes and decisions older than `before`; returns how many rows went."""
        ...


class Traces(Protocol):
    """The last lines of runs that went wrong."""

    def put(self, run: RunRef, trace: Trace, at: datetime) -> None:
        """Keep a run's last lines, in place of any that were kept before."""
        ...

    def get(self, run: RunRef) -> Trace | None:
        """A run's last lines."""
        ...

    def drop(self, run: RunRef) -> None:
        """Forget those of one run."""
        ...

    def forget(self, before: datetime) -> int:
        """Drop what was kept before a moment; returns how many rows went."""
        ...
