"""The durable queue's rows."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select, update

from bot.edges.store.tables import tasks
from bot.ports.ledgers import Task

# A task is open until its row goes or it is dead; while it is being done, it is due again when its lease ends.
OPEN, DEAD = "open", "dead"


class SqlTasks:
    """bot.ports.ledgers.Tasks."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def put(self, name: str, arguments: Mapping[str, Any], now: datetime) -> int:
        """Keep a task; returns its id."""
        row = {
            "name": name,
            "state": OPEN,
            "next_at": now,
            "holder": "",
            "attempts": 0,
            "error": "",
            "arguments": dict(arguments),
            "created_at": now,
        }
        return int(self.connection.execute(tasks.insert().values(**row).returning(tasks.c.id)).scalar_one())

    def claim(self, holder: str, now: datetime, lease_until: datetime, leave: Collection[str] = ()) -> Task | None:
        """Take the oldest task that waits or whose lease ran out, but none of the names to leave to others.

        Its attempts count this one.
        """
        oldest = (
            select(tasks.c.id)
            .where(tasks.c.state == OPEN, tasks.c.next_at <= now, tasks.c.name.not_in(sorted(leave)))
            .order_by(tasks.c.next_at, tasks.c.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        task_id = self.connection.scalar(oldest)
        if task_id is None:
            return None
        taken = (
            update(tasks)
            .where(tasks.c.id == task_id)
            .values(holder=holder, next_at=lease_until, attempts=tasks.c.attempts + 1)
            .returning(tasks)
        )
        row = self.connection.execute(taken).one()
        return Task(row.id, row.name, row.arguments, row.attempts)

    def done(self, task_id: int) -> None:
        """The task is over."""
        self.connection.execute(delete(tasks).where(tasks.c.id == task_id))

    def failed(self, task_id: int, error: str, retry_at: datetime | None) -> None:
        """Try again at `retry_at`, or keep it as dead when there is none."""
        values: dict[str, Any] = {"error": error, "holder": ""}
        values |= {"state": DEAD} if retry_at is None else {"next_at": retry_at}
        self.connection.execute(update(tasks).where(tasks.c.id == task_id).values(**values))
