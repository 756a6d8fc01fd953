"""The last lines of runs that went wrong, one artifact a run."""

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, select

from bot.edges.store.statements import upsert
from bot.edges.store.tables import traces
from bot.facts.runs import RunRef
from bot.facts.traces import Trace


class SqlTraces:
    """bot.ports.index.Traces."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def put(self, run: RunRef, trace: Trace, at: datetime) -> None:
        """Keep a run's last lines, in place of any that were kept before."""
        row = {
            "tracker": run.tracker,
            "run_id": run.run_id,
            "at": at,
            "artifact": trace.artifact,
            "lines": list(trace.lines),
        }
        upsert(self.connection, traces, [row], ("tracker", "run_id"))

    def get(self, run: RunRef) -> Trace | None:
        """A run's last lines."""
        row = self.connection.execute(select(traces).where(*_of(run))).first()
        return Trace(row.artifact, tuple(row.lines)) if row is not None else None

    def drop(self, run: RunRef) -> None:
        """Forget those of one run."""
        self.connection.execute(delete(traces).where(*_of(run)))

    def forget(self, before: datetime) -> int:
        """Drop what was kept before a moment; returns how many rows went."""
        return self.connection.execute(delete(traces).where(traces.c.at < before)).rowcount


def _of(run: RunRef) -> tuple[ColumnElement[bool], ...]:
    return traces.c.tracker == run.tracker, traces.c.run_id == run.run_id
