"""How far each tracker has been followed."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, bindparam, select

from bot.edges.store.statements import upsert
from bot.edges.store.tables import trackers
from bot.facts.runs import TrackerState

ONE = select(trackers).where(trackers.c.name == bindparam("name"))


class SqlTrackers:
    """bot.ports.index.Trackers."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def get(self, name: str) -> TrackerState:
        """A tracker's state; a fresh one where it was never followed."""
        row = self.connection.execute(ONE, {"name": name}).mappings().first()
        return _state(row) if row is not None else TrackerState(name)

    def put(self, state: TrackerState) -> None:
        """Keep a tracker's state."""
        upsert(self.connection, trackers, [asdict(state)], ("name",))

    def all(self) -> Sequence[TrackerState]:
        """Every tracker that was ever followed, by name."""
        rows = self.connection.execute(select(trackers).order_by(trackers.c.name)).mappings()
        return [_state(row) for row in rows]


def _state(row: Any) -> TrackerState:
    return TrackerState(**row)
