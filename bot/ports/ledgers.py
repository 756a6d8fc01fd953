"""Firings, arrivals, tasks, people, subscriptions, audit and notices as the core sees them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from bot.facts.people import AuditEntry, Person
from bot.facts.routes import Subscription


class Fires(Protocol):
    """Firings of the clock: one row a job and local slot, however many processes try."""

    def fire(self, job: str, slot: str, at: datetime) -> bool:
        """Claim a firing; False when it was claimed before."""
        ...

    def last(self, job: str) -> tuple[str, datetime] | None:
        """The newest (slot, when) of a job."""
        ...

    def forget(self, jobs: str, before: datetime) -> int:
        """Drop firings older than `before` of the jobs whose names begin so."""
        ...


class Arrivals(Protocol):
    """Ids of what arrived, so that nothing is handled twice."""

    def first(self, source: str, delivery_id: str, now: datetime) -> bool:
        """Note an arrival; False when this id of this source was seen before."""
        ...

    def last(self, source: str) -> datetime | None:
        """When this source was last heard."""
        ...

    def forget(self, before: datetime) -> int:
        """Drop ids older than `before`."""
        ...


@dataclass(frozen=True, slots=True)
class Task:
    """Slow work that was handed over."""

    id: int
    name: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    attempts: int = 0


class Tasks(Protocol):
    """The durable queue's rows."""

    def put(self, name: str, arguments: Mapping[str, Any], now: datetime) -> int:
        """Keep a task; returns its id."""
        ...

    def claim(self, holder: str, now: datetime, lease_until: datetime, leave: Collection[str] = ()) -> Task | None:
        """Take the oldest task that waits or whose lease ran out, but none of the names to leave to others."""
        ...

    def done(self, task_id: int) -> None:
        """The task is over."""
        ...

    def failed(self, task_id: int, error: str, retry_at: datetime | None) -> None:
        """Try again at `retry_at`, or keep it as dead when there is none."""
        ...


class People(Protocol):
    """MLflow users joined to Slack people."""

    def link(self, person: Person) -> None:
        """Join an MLflow user to a Slack person."""
        ...

    def by_mlflow(self, mlflow_user: str) -> Person | None:
        """Who an MLflow user is in Slack."""
        ...

    def by_slack(self, slack_id: str) -> Sequence[Person]:
        """The MLflow users of a Slack person."""
        ...


class Subscriptions(Protocol):
    """Subscriptions made in chat; those of app.yaml are not kept here."""

    def put(self, subscription: Subscription) -> int:
        """Keep a subscription; returns its id."""
        ...

    def all(self) -> Sequence[tuple[int, Subscription]]:
        """Every subscription made in chat, oldest first."""
        ...

    def drop(self, subscription_id: int) -> None:
        """Forget one."""
        ...


class Audit(Protocol):
    """Who did what: rows are only ever added."""

    def add(self, entry: AuditEntry) -> None:
        """Keep an entry."""
        ...

    def newest(self, limit: int = 50) -> Sequence[AuditEntry]:
        """The newest entries."""
        ...


class Notices(Protocol):
    """Troubles that were told: each is told once until it is over."""

    def raise_(self, key: str, text: str, now: datetime) -> bool:
        """Note a trouble; False while the same key is raised already."""
        ...

    def clear(self, key: str) -> bool:
        """The trouble is over; False when it was not raised."""
        ...

    def open(self) -> Sequence[tuple[str, str, datetime]]:
        """(key, text, since) of what is raised."""
        ...
