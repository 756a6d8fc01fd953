"""Regressions as they go, and what people decided of them."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, delete, or_, select

from bot.edges.store.statements import chunks, insert_new
from bot.edges.store.tables import incidents, rulings
from bot.facts.incidents import Act, Incident, Lineage, Phase, Ruling
from bot.facts.runs import RunRef

OPEN = tuple(phase.value for phase in Phase if phase.open)
UNIQUE = ("tracker", "experiment_id", "act", "lineage", "metric", "run_id")


class SqlIncidents:
    """bot.ports.verdicts.Incidents."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def put(self, incident: Incident) -> Incident:
        """Keep an incident; one without an id gets one."""
        row = _row(incident)
        if incident.id:
            self.connection.execute(incidents.update().where(incidents.c.id == incident.id).values(**row))
            return incident
        made = self.connection.execute(incidents.insert().values(**row).returning(incidents.c.id)).scalar_one()
        return replace(incident, id=made)

    def drop(self, incident_id: int) -> None:
        """Forget one that nobody was told of."""
        self.connection.execute(delete(incidents).where(incidents.c.id == incident_id))

    def get(self, incident_id: int) -> Incident | None:
        """One by its id."""
        return next(iter(self._read(select(incidents).where(incidents.c.id == incident_id))), None)

    def of_lineage(self, lineage: Lineage, limit: int = 100) -> Sequence[Incident]:
        """The newest incidents of a lineage, oldest first."""
        mine = (
            incidents.c.tracker == lineage.tracker,
            incidents.c.experiment_id == lineage.experiment_id,
            incidents.c.lineage == lineage.key,
        )
        newest = select(incidents).where(*mine).order_by(incidents.c.id.desc()).limit(limit)
        return self._read(newest)[::-1]

    def at_home(self, runs: Collection[RunRef]) -> Sequence[Incident]:
        """The incidents that live on the cards of these runs, oldest first."""
        by_tracker: dict[str, list[str]] = {}
        for run in runs:
            by_tracker.setdefault(run.tracker, []).append(run.run_id)
        found = [
            one
            for tracker, run_ids in by_tracker.items()
            for part in chunks(run_ids)
            for one in self._read(_ordered(incidents.c.tracker == tracker, incidents.c.home.in_(part)))
        ]
        return sorted(found, key=lambda one: one.id)

    def since(self, moment: datetime, limit: int = 500) -> Sequence[Incident]:
        """Those that are open or changed since a moment, oldest first."""
        return self._read(_ordered(or_(incidents.c.phase.in_(OPEN), incidents.c.at >= moment)).limit(limit))

    def _read(self, statement: Select[Any]) -> list[Incident]:
        return [_incident(row) for row in self.connection.execute(statement)]


def _ordered(*conditions: ColumnElement[bool]) -> Select[Any]:
    return select(incidents).where(*conditions).order_by(incidents.c.id)


def _row(incident: Incident) -> dict[str, Any]:
    return {
        "tracker": incident.lineage.tracker,
        "experiment_id": incident.lineage.experiment_id,
        "lineage": incident.lineage.key,
        "metric": incident.metric,
        "first": incident.first.run_id,
        "phase": incident.phase.value,
        "home": incident.home.run_id,
        "by": incident.by.run_id,
        "at": incident.at,
        "alarmed": incident.alarmed,
    }


def _incident(row: Any) -> Incident:
    first, home, by = (RunRef(row.tracker, run_id) for run_id in (row.first, row.home, row.by))
    lineage = Lineage(row.tracker, row.experiment_id, row.lineage)
    return Incident(lineage, row.metric, first, Phase(row.phase), home, by, row.at, row.alarmed, row.id)


class SqlRulings:
    """bot.ports.verdicts.Rulings."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def put(self, ruling: Ruling) -> bool:
        """Keep a ruling; False when the same was decided already."""
        said = {"who": ruling.who, "at": ruling.at, "since": ruling.since, "reason": ruling.reason}
        about = {name: getattr(ruling, name) for name in UNIQUE}
        row = {**about, "act": ruling.act.value, **said}
        return insert_new(self.connection, rulings, row, UNIQUE)

    def get(self, ruling_id: int) -> Ruling | None:
        """One by its id; nothing where it was taken back."""
        row = self.connection.execute(select(rulings).where(rulings.c.id == ruling_id)).first()
        return _ruling(row) if row is not None else None

    def drop(self, ruling_id: int) -> None:
        """Take a ruling back."""
        self.connection.execute(delete(rulings).where(rulings.c.id == ruling_id))

    def of_experiment(self, tracker: str, experiment_id: str) -> Sequence[Ruling]:
        """All rulings on an experiment, oldest first."""
        mine = (rulings.c.tracker == tracker, rulings.c.experiment_id == experiment_id)
        rows = self.connection.execute(select(rulings).where(*mine).order_by(rulings.c.id))
        return [_ruling(row) for row in rows]


def _ruling(row: Any) -> Ruling:
    return Ruling(
        act=Act(row.act),
        tracker=row.tracker,
        experiment_id=row.experiment_id,
        who=row.who,
        at=row.at,
        lineage=row.lineage,
        metric=row.metric,
        run_id=row.run_id,
        since=row.since,
        reason=row.reason,
        id=row.id,
    )
