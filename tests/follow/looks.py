"""Runs and looks at them, minute by minute."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from bot.facts.runs import Change, Event, Run, Status
from bot.follow.changes import Look, observe
from bot.ports.index import Known

T0 = datetime(2026, 3, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
LIMIT = 3 * HOUR


def at(minute: float) -> datetime:
    return T0 + minute * MINUTE


def run(status: Status = Status.RUNNING, **more: object) -> Run:
    facts: dict[str, object] = {"started": T0, "ended": at(10) if status.ended else None, **more}
    return Run("main", "a" * 32, "1", "churn", "lr-0.1", status, **facts)  # type: ignore[arg-type]


def look(snapshot: Run, minute: float, *, followed_from: datetime = T0, history: bool = False) -> Look:
    return Look(snapshot, at(minute), followed_from, history)


def story(*looks: Look) -> tuple[Known, list[Change]]:
    known, changes = observe(None, looks[0])
    told = list(changes)
    for one in looks[1:]:
        known, changes = observe(known, one)
        told += changes
    return known, told


def events(changes: Sequence[Change]) -> list[tuple[Event, int]]:
    return [(change.event, change.generation) for change in changes]
