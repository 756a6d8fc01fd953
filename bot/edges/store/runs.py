"""The index of runs: kept, found, counted."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, delete, func, or_, select

from bot.edges.store.columns import clean, fold, microseconds, short
from bot.edges.store.experiments import Experiments
from bot.edges.store.rows import metric_rows, run_of, run_row, text_rows
from bot.edges.store.search import conditions_of, order_of
from bot.edges.store.statements import chunks, insert
from bot.edges.store.tables import experiments, run_metrics, run_params, run_tags, runs
from bot.facts.runs import Run, RunRef, Status
from bot.ports.index import Known, RunQuery

OPEN = (Status.RUNNING, Status.SCHEDULED)
COMMIT_LENGTH = 7
LAST_CHARACTER = "\U0010ffff"
# A scalar subquery: joined, the planner might begin with the experiments and sort all runs.
EXPERIMENT_NAME = select(experiments.c.name).where(experiments.c.id == runs.c.experiment).scalar_subquery()
LISTED = and_(runs.c.deleted.is_(False), runs.c.gone.is_(False))
FOUND = select(runs.c.details, EXPERIMENT_NAME).where(LISTED)
COUNTED = select(runs.c.id).where(LISTED)
NEWEST = (runs.c.newest_first, runs.c.run_id)


class SqlRuns(Experiments):
    """bot.ports.index.Runs."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self.connection = connection

    def get(self, refs: Collection[RunRef]) -> Mapping[RunRef, Known]:
        """What is known of these runs, gone ones too."""
        columns = (runs.c.read_at, runs.c.first_seen, runs.c.generation, runs.c.gone)
        found = {}
        for condition in _these(refs):
            statement = select(runs.c.details, EXPERIMENT_NAME.label("experiment"), *columns).where(condition)
            for row in self.connection.execute(statement):
                run = run_of(row.details, row.experiment)
                found[run.ref] = Known(run, row.read_at, row.first_seen, row.generation, row.gone)
        return found

    def put(self, known: Sequence[Known]) -> None:
        """Insert or replace runs; older snapshots and unchanged ones are passed over, `first_seen` is kept."""
        newest: dict[tuple[str, str], Known] = {}
        for one in sorted(known, key=lambda one: one.read_at):
            newest[one.run.tracker, one.run.run_id] = one
        before = self._standing([one.run.ref for one in newest.values()])
        experiment_ids = self.experiment_ids([one.run for one in newest.values()])
        rows = []
        for identity, one in sorted(newest.items()):
            row = run_row(one, experiment_ids[one.run.tracker, one.run.experiment_id])
            standing = before.get((short(identity[0]), short(identity[1])))
            if standing is None or (
                standing.fingerprint != row["fingerprint"] and standing.read_at <= one.read_at
            ):
                rows.append(row)
        if rows:
            self._write(rows, newest)

    def _write(self, rows: Sequence[dict[str, Any]], known: Mapping[tuple[str, str], Known]) -> None:
        statement = insert(self.connection, runs)
        kept = ("tracker", "run_id", "first_seen")
        statement = statement.on_conflict_do_update(
            index_elements=["tracker", "run_id"],
            set_={name: statement.excluded[name] for name in rows[0] if name not in kept},
            where=runs.c.read_at <= statement.excluded.read_at,
        )
        self.connection.execute(statement, list(rows))
        refs = [RunRef(row["tracker"], row["run_id"]) for row in rows]
        standing = self._standing(refs)
        searched: dict[int, tuple[Run, int]] = {}
        for row in rows:
            stands = standing[short(row["tracker"]), short(row["run_id"])]
            if stands.fingerprint == row["fingerprint"]:
                searched[stands.id] = known[row["tracker"], row["run_id"]].run, row["experiment"]
        for table in (run_params, run_tags, run_metrics):
            for ids in chunks(list(searched)):
                self.connection.execute(delete(table).where(table.c.run.in_(ids)))
        params = [row for key, (run, _) in searched.items() for row in text_rows(key, run.params)]
        tags = [row for key, (run, _) in searched.items() for row in text_rows(key, run.tags)]
        metrics = [row for key, (run, of) in searched.items() for row in metric_rows(key, of, run.metrics)]
        for table, values in ((run_params, params), (run_tags, tags), (run_metrics, metrics)):
            if values:
                self.connection.execute(table.insert(), values)

    def _standing(self, refs: Collection[RunRef]) -> dict[tuple[str, str], Any]:
        columns = (runs.c.tracker, runs.c.run_id, runs.c.id, runs.c.fingerprint, runs.c.read_at)
        found = {}
        for condition in _these(refs):
            for row in self.connection.execute(select(*columns).where(condition)):
                found[row.tracker, row.run_id] = row
        return found

    def find(self, query: RunQuery) -> Sequence[Run]:
        """The runs a query asks for, newest start first, then by run id."""
        return self._runs(_found(query, conditions_of(self.connection, query)))

    def page(self, query: RunQuery, most: int) -> tuple[Sequence[Run], int]:
        """The runs a query asks for, and how many it covers, counted up to `most`; 0 where none is left."""
        wanted = conditions_of(self.connection, query)
        statement = _found(query, wanted).add_columns(_counted(wanted, most).scalar_subquery())
        rows = self.connection.execute(statement).all()
        return [run_of(row[0], row[1]) for row in rows], rows[0][2] if rows else 0

    def count(self, query: RunQuery, most: int) -> int:
        """How many runs a query covers, counted up to `most`."""
        return self.connection.scalar(_counted(conditions_of(self.connection, query), most)) or 0

    def by_prefix(self, prefix: str, limit: int = 10) -> Sequence[Run]:
        """Runs whose id begins with `prefix`, newest start first; deleted ones too."""
        return self._runs(_runs(runs.c.gone.is_(False), _begins(runs.c.run_id, clean(prefix))).limit(limit))

    def by_name(self, name: str, limit: int = 10) -> Sequence[Run]:
        """Runs of exactly this name, ignoring case, newest start first."""
        return self._runs(_runs(LISTED, runs.c.name_key == fold(name)).limit(limit))

    def recent_names(self, limit: int = 500) -> Sequence[str]:
        """Distinct names of the newest runs, newest first; of the newest 4 × `limit` runs at most."""
        statement = select(runs.c.name).where(LISTED).order_by(*NEWEST).limit(4 * limit)
        names = dict.fromkeys(name for name in self.connection.scalars(statement) if name)
        return list(names)[:limit]

    def by_commit(self, commit: str, limit: int = 20) -> Sequence[Run]:
        """Runs whose commit begins with, or is the beginning of, this one (at least 7 characters)."""
        commit = clean(commit.lower())
        if len(commit) < COMMIT_LENGTH:
            return []
        beginnings = [commit[:length] for length in range(COMMIT_LENGTH, len(commit) + 1)]
        same = or_(_begins(runs.c.git_commit, commit), runs.c.git_commit.in_(beginnings))
        return self._runs(_runs(LISTED, same).limit(limit))

    def open_ids(self, tracker: str, since: datetime | None = None) -> frozenset[str]:
        """Ids of the runs the index holds as RUNNING or SCHEDULED; deleted and gone ones are not open.

        With `since`, those of them that started after it, or give no start.
        """
        statement = select(runs.c.run_id).where(runs.c.tracker == tracker, LISTED, runs.c.status.in_(OPEN))
        if since is not None:
            statement = statement.where(or_(runs.c.newest_first < -microseconds(since), runs.c.newest_first == 0))
        return frozenset(self.connection.scalars(statement))

    def silent(self, tracker: str, since: datetime, limit: int = 100) -> Sequence[Run]:
        """RUNNING runs, not yet stalled, silent since before `since`, longest silent first.

        Where a run gave no sign at all, the moment the index met it counts.
        """
        statement = (
            select(runs.c.details, EXPERIMENT_NAME)
            .where(runs.c.tracker == tracker, LISTED, runs.c.status == Status.RUNNING)
            .where(runs.c.stalled.is_(False), runs.c.last_sign < since)
            .order_by(runs.c.last_sign, runs.c.run_id)
        )
        return self._runs(statement.limit(limit))

    def ids(self, tracker: str, *, deleted: bool) -> frozenset[str]:
        """Ids of a tracker's deleted, or not deleted, runs; gone ones are neither."""
        mine = (runs.c.tracker == tracker, runs.c.gone.is_(False), runs.c.deleted.is_(deleted))
        return frozenset(self.connection.scalars(select(runs.c.run_id).where(*mine)))

    def _runs(self, statement: Select[Any]) -> Sequence[Run]:
        return [run_of(details, experiment) for details, experiment in self.connection.execute(statement)]


def _found(query: RunQuery, wanted: Sequence[ColumnElement[bool]]) -> Select[Any]:
    return FOUND.where(*wanted).order_by(*order_of(query)).limit(query.limit).offset(query.offset)


def _counted(wanted: Sequence[ColumnElement[bool]], most: int) -> Select[Any]:
    counted = COUNTED.where(*wanted).limit(most).correlate(None).subquery()
    return select(func.count()).select_from(counted)


def _runs(*conditions: ColumnElement[bool]) -> Select[Any]:
    return select(runs.c.details, EXPERIMENT_NAME).where(*conditions).order_by(*NEWEST)


def _these(refs: Collection[RunRef]) -> Sequence[ColumnElement[bool]]:
    """Conditions that find these runs, a part at a time."""
    by_tracker: dict[str, list[str]] = {}
    for ref in refs:
        by_tracker.setdefault(ref.tracker, []).append(ref.run_id)
    return [
        and_(runs.c.tracker == tracker, runs.c.run_id.in_(part))
        for tracker, run_ids in by_tracker.items()
        for part in chunks(run_ids)
    ]


def _begins(column: ColumnElement[str], prefix: str) -> ColumnElement[bool]:
    return and_(column >= prefix, column < prefix + LAST_CHARACTER)
