"""What happened, each once, and what was decided about it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, select

from bot.edges.store.columns import short
from bot.edges.store.statements import Row, insert
from bot.edges.store.subscriptions import subscription_of, wish_of
from bot.edges.store.tables import changes, decisions
from bot.facts.routes import Decision, No
from bot.facts.runs import Change, RunRef


class SqlChanges:
    """bot.ports.index.Changes."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def add(self, change: Change) -> bool:
        """Keep a change; False when it was there already."""
        return bool(self.add_all([change]))

    def add_all(self, wanted: Sequence[Change]) -> Sequence[Change]:
        """Keep changes; returns those that were not there already, in the same order and each key once."""
        if not wanted:
            return []
        statement = insert(self.connection, changes).on_conflict_do_nothing(index_elements=["key"])
        rows = [_row(change) for change in wanted]
        new = set(self.connection.scalars(statement.returning(changes.c.key), rows))
        kept = []
        for change in wanted:
            if short(change.key) in new:
                new.remove(short(change.key))
                kept.append(change)
        return kept

    def decide(self, change_key: str, run: RunRef | None, decisions: Sequence[Decision], at: datetime) -> None:
        """Keep what routing decided, every named no included."""
        rows = [
            {
                "change_key": change_key,
                "tracker": run.tracker if run else "",
                "run_id": run.run_id if run else "",
                "channel": one.channel,
                "no": one.no.name if one.no else "",
                "detail": one.detail,
                "subscription": wish_of(one.subscription) if one.subscription else None,
                "at": at,
            }
            for one in decisions
        ]
        if rows:
            self.connection.execute(_decisions.insert(), rows)

    def decisions(self, run: RunRef) -> Sequence[tuple[str, Decision, datetime]]:
        """(change key, decision, when) of a run, newest first."""
        mine = (_decisions.c.tracker == run.tracker, _decisions.c.run_id == run.run_id)
        rows = self.connection.execute(
            select(_decisions).where(*mine).order_by(_decisions.c.at.desc(), _decisions.c.id.desc())
        )
        return [
            (
                row.change_key,
                Decision(
                    row.channel,
                    subscription_of(row.subscription) if row.subscription else None,
                    No[row.no] if row.no else None,
                    row.detail,
                ),
                row.at,
            )
            for row in rows
        ]

    def forget(self, before: datetime) -> int:
        """Drop changes and decisions older than `before`; returns how many rows went."""
        return sum(
            self.connection.execute(delete(table).where(table.c.at < before)).rowcount
            for table in (changes, _decisions)
        )


def _row(change: Change) -> Row:
    return {
        "key": change.key,
        "tracker": change.run.tracker,
        "run_id": change.run.run_id,
        "event": change.event.value,
        "generation": change.generation,
        "at": change.at,
        "quiet": change.quiet,
        "details": list(change.details),
    }


_decisions = decisions
