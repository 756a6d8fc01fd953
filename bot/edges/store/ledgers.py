"""What only keeps account: firings, arrivals, people, audit and notices."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection, delete, select

from bot.edges.store.statements import insert_new, upsert
from bot.edges.store.tables import arrivals, audit, fires, notices, people
from bot.facts.people import AuditEntry, Person


class SqlFires:
    """bot.ports.ledgers.Fires."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def fire(self, job: str, slot: str, at: datetime) -> bool:
        """Claim a firing; False when it was claimed before."""
        return insert_new(self.connection, fires, {"job": job, "slot": slot, "at": at}, ("job", "slot"))

    def last(self, job: str) -> tuple[str, datetime] | None:
        """The newest (slot, when) of a job."""
        newest = select(fires.c.slot, fires.c.at).where(fires.c.job == job)
        row = self.connection.execute(newest.order_by(fires.c.at.desc(), fires.c.slot.desc()).limit(1)).first()
        return (row.slot, row.at) if row is not None else None

    def forget(self, jobs: str, before: datetime) -> int:
        """Drop firings older than `before` of the jobs whose names begin so; returns how many went."""
        theirs = fires.c.job.startswith(jobs, autoescape=True)
        return self.connection.execute(delete(fires).where(theirs, fires.c.at < before)).rowcount


class SqlArrivals:
    """bot.ports.ledgers.Arrivals."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def first(self, source: str, delivery_id: str, now: datetime) -> bool:
        """Note an arrival; False when this id of this source was seen before."""
        row = {"source": source, "delivery_id": delivery_id, "at": now}
        return insert_new(self.connection, arrivals, row, ("source", "delivery_id"))

    def last(self, source: str) -> datetime | None:
        """When this source was last heard."""
        heard = select(arrivals.c.at).where(arrivals.c.source == source)
        return self.connection.scalar(heard.order_by(arrivals.c.at.desc()).limit(1))

    def forget(self, before: datetime) -> int:
        """Drop ids older than `before`; returns how many went."""
        return self.connection.execute(delete(arrivals).where(arrivals.c.at < before)).rowcount


class SqlPeople:
    """bot.ports.ledgers.People."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def link(self, person: Person) -> None:
        """Join an MLflow user to a Slack person; a user has one person, a person may have several users."""
        upsert(self.connection, people, [asdict(person)], ("mlflow_user",))

    def by_mlflow(self, mlflow_user: str) -> Person | None:
        """Who an MLflow user is in Slack."""
        row = self.connection.execute(select(people).where(people.c.mlflow_user == mlflow_user)).mappings().first()
        return Person(**row) if row is not None else None

    def by_slack(self, slack_id: str) -> Sequence[Person]:
        """The MLflow users of a Slack person, by name."""
        mine = select(people).where(people.c.slack_id == slack_id).order_by(people.c.mlflow_user)
        return [Person(**row) for row in self.connection.execute(mine).mappings()]


class SqlAudit:
    """bot.ports.ledgers.Audit."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def add(self, entry: AuditEntry) -> None:
        """Keep an entry."""
        self.connection.execute(audit.insert().values(**asdict(entry)))

    def newest(self, limit: int = 50) -> Sequence[AuditEntry]:
        """The newest entries, newest first."""
        rows = self.connection.execute(select(audit).order_by(audit.c.at.desc(), audit.c.id.desc()).limit(limit))
        return [AuditEntry(row.at, row.who, row.act, row.target, row.details) for row in rows]


class SqlNotices:
    """bot.ports.ledgers.Notices."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def raise_(self, key: str, text: str, now: datetime) -> bool:
        """Note a trouble; False while the same key is raised already."""
        return insert_new(self.connection, notices, {"key": key, "text": text, "since": now}, ("key",))

    def clear(self, key: str) -> bool:
        """The trouble is over; False when it was not raised."""
        return self.connection.execute(delete(notices).where(notices.c.key == key)).rowcount > 0

    def open(self) -> Sequence[tuple[str, str, datetime]]:
        """(key, text, since) of what is raised, oldest first."""
        rows = self.connection.execute(select(notices).order_by(notices.c.since, notices.c.key))
        return [(row.key, row.text, row.since) for row in rows]
