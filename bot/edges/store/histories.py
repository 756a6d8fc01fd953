"""The metrics of comparable runs, read from columns and indexes and not from whole runs."""

import math
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, or_, select

from bot.edges.store.columns import microseconds, moment_of, short
from bot.edges.store.runs import LISTED
from bot.edges.store.statements import among
from bot.edges.store.tables import experiments, model_versions, run_metrics, run_tags, runs
from bot.facts.incidents import Lineage
from bot.facts.runs import RunRef, Status
from bot.facts.verdicts import Point
from bot.judge.baseline import BRANCH, CANDIDATES, TAG
from bot.judge.lineage import BRANCH_TAGS
from bot.ports.verdicts import Place


class SqlHistories:
    """bot.ports.verdicts.Histories."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def points(
        self, lineage: Lineage, metrics: Collection[str], until: Place, *, leave: Collection[str] = (), limit: int
    ) -> Mapping[str, Sequence[Point]]:
        """Each metric over the newest finished runs of a lineage up to a place, oldest first."""
        names = {short(name): name for name in metrics}
        columns = (runs.c.id, runs.c.run_id, runs.c.newest_first, runs.c.replicates, runs.c.not_numbers)
        here = _upto(until, included=True)
        rows = self.connection.execute(_members(lineage, leave, here).with_only_columns(*columns).limit(limit))
        members = rows.all()[::-1]
        values = self._values([row.id for row in members], names)
        found: dict[str, list[Point]] = {}
        for row in members:
            run, at = RunRef(lineage.tracker, row.run_id), moment_of(-row.newest_first)
            unknown = [(key, math.nan) for key in row.not_numbers if key in names]
            for key, value in (*values.get(row.id, ()), *unknown):
                found.setdefault(names[key], []).append(Point(run, at, value, row.replicates))
        return found

    def before(self, lineage: Lineage, place: Place, *, leave: Collection[str] = ()) -> RunRef | None:
        """The newest finished run of a lineage before a place."""
        earlier = _members(lineage, leave, _upto(place, included=False))
        run_id = self.connection.scalar(earlier.with_only_columns(runs.c.run_id).limit(1))
        return RunRef(lineage.tracker, run_id) if run_id is not None else None

    def _values(self, ids: Sequence[int], names: Collection[str]) -> dict[int, list[tuple[str, float]]]:
        statement = select(run_metrics.c.run, run_metrics.c.key, run_metrics.c.value).where(
            among(self.connection, run_metrics.c.run, ids), run_metrics.c.key.in_(sorted(names))
        )
        found: dict[int, list[tuple[str, float]]] = {}
        for run, key, value in self.connection.execute(statement) if ids and names else ():
            found.setdefault(run, []).append((key, value))
        return found


def _members(lineage: Lineage, leave: Collection[str], *more: ColumnElement[bool]) -> Select[Any]:
    """The finished runs of a lineage, newest first."""
    experiment = select(experiments.c.id).where(
        experiments.c.tracker == lineage.tracker, experiments.c.experiment_id == lineage.experiment_id
    )
    # Far more runs are FINISHED than belong to a lineage; SQLite takes any index.
    finished = runs.c.status.concat("") == Status.FINISHED
    wanted = [runs.c.experiment == experiment.scalar_subquery(), LISTED, finished, runs.c.has_metrics.is_(True)]
    if leave:
        wanted.append(runs.c.run_id.not_in(sorted(leave)))
    order = (runs.c.newest_first, runs.c.run_id.desc())
    return select(runs.c.id).where(*wanted, _of(lineage), *more).order_by(*order)


def _of(lineage: Lineage) -> ColumnElement[bool]:
    kind, _, rest = lineage.key.partition(":")
    if kind == CANDIDATES:
        mine = (model_versions.c.tracker == lineage.tracker, model_versions.c.model == rest)
        return runs.c.run_id.in_(select(model_versions.c.run_id).where(*mine))
    if lineage.key.startswith((TAG, BRANCH)):
        key, _, value = rest.partition("=")
        names, wanted = ((key,), value) if lineage.key.startswith(TAG) else (BRANCH_TAGS, rest)
        tags = run_tags.c
        return select(tags.run).where(tags.run == runs.c.id, tags.key.in_(names), tags.value == wanted).exists()
    return {"params": runs.c.settled, "same": runs.c.replicates}[kind] == rest


def _upto(place: Place, *, included: bool) -> ColumnElement[bool]:
    """Those that began before, or at the same moment with a smaller id."""
    newest_first, run_id = -microseconds(place[0]), place[1]
    ids = runs.c.run_id <= run_id if included else runs.c.run_id < run_id
    return and_(runs.c.newest_first >= newest_first, or_(runs.c.newest_first > newest_first, ids))
