"""Runs that will be, or were, asked for their documentation."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select, update

from bot.edges.store.statements import insert_new
from bot.edges.store.tables import reminders
from bot.facts.runs import RunRef
from bot.ports.cards import Reminder


class SqlReminders:
    """bot.ports.cards.Reminders."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def add(self, reminder: Reminder) -> bool:
        """Plan a reminder; False when the run has one."""
        row = {
            "tracker": reminder.run.tracker,
            "run_id": reminder.run.run_id,
            "state": reminder.state,
            "due_at": reminder.due_at,
            "reason": reminder.reason,
        }
        return insert_new(self.connection, reminders, row, ("tracker", "run_id"))

    def get(self, run: RunRef) -> Reminder | None:
        """A run's reminder."""
        return next(iter(self._find(1, *_of(run))), None)

    def due(self, now: datetime, limit: int = 50) -> Sequence[Reminder]:
        """Waiting reminders whose time has come, oldest first."""
        return self._find(limit, reminders.c.state == "waiting", reminders.c.due_at <= now)

    def posted(self, limit: int = 500) -> Sequence[Reminder]:
        """Reminders that stand in Slack and are not answered yet, oldest first."""
        return self._find(limit, reminders.c.state == "posted")

    def settle(self, run: RunRef, state: str, reason: str = "") -> None:
        """Change a reminder's state."""
        self.connection.execute(update(reminders).where(*_of(run)).values(state=state, reason=reason))

    def count(self, state: str) -> int:
        """How many reminders are in a state."""
        return self.connection.scalar(select(func.count()).where(reminders.c.state == state)) or 0

    def _find(self, limit: int, *conditions: ColumnElement[bool]) -> Sequence[Reminder]:
        order = (reminders.c.due_at, reminders.c.tracker, reminders.c.run_id)
        rows = self.connection.execute(select(reminders).where(*conditions).order_by(*order).limit(limit))
        return [_reminder(row) for row in rows]


def _of(run: RunRef) -> tuple[ColumnElement[bool], ...]:
    return reminders.c.tracker == run.tracker, reminders.c.run_id == run.run_id


def _reminder(row: Any) -> Reminder:
    return Reminder(RunRef(row.tracker, row.run_id), row.due_at, row.state, row.reason)
