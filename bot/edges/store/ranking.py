"""Runs in the order of a metric, read from an index, and what people said of its direction."""

import heapq
import json
import sys
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Text, bindparam, func, select, type_coerce

from bot.edges.store.columns import short
from bot.edges.store.experiments import as_kept, ids_by_globs
from bot.edges.store.rows import run_of
from bot.edges.store.runs import EXPERIMENT_NAME, LISTED
from bot.edges.store.search import FEW, conditions_of
from bot.edges.store.statements import among, contains, upsert
from bot.edges.store.tables import SOME_NAN, directions, experiments, run_metrics, runs
from bot.facts.people import Said
from bot.facts.runs import Experiment, Run
from bot.ports.index import RunQuery

# Each experiment is read by itself, in the order of the index; with more of them all runs are tried in order.
APART = 50
# MLflow keeps infinities as the largest finite numbers.
LARGEST = sys.float_info.max
SAID = select(directions).order_by(directions.c.metric)


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows a ranking is made of: a statement that is executed once with each of the `parts`."""

    statement: Select[Any]
    value: ColumnElement[float]
    parts: Sequence[Mapping[str, int]]


class SqlRanking:
    """bot.ports.ranking.Ranking."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def best(self, query: RunQuery, metric: str, *, highest: bool) -> Sequence[Run]:
        """The runs of a query that have this metric, best first; of equals the earlier start comes first."""
        rows = self._rows(query, metric)
        columns = (rows.value.label("value"), runs.c.newest_first, runs.c.run_id, runs.c.id)
        order = (rows.value.desc() if highest else rows.value, runs.c.newest_first.desc(), runs.c.run_id)
        reach = query.offset + query.limit
        statement = rows.statement.with_only_columns(*columns).order_by(*order).limit(reach)
        found = [list(self.connection.execute(statement, part)) for part in rows.parts]
        sign = -1 if highest else 1
        merged = heapq.merge(*found, key=lambda row: (sign * row.value, -row.newest_first, row.run_id))
        return self._read([row.id for row in merged][query.offset : reach])

    def count(self, query: RunQuery, metric: str, most: int) -> int:
        """How many runs `best` ranks (limit and offset aside), counted up to `most`."""
        return self._count(self._rows(query, metric), most)

    def ahead(self, query: RunQuery, metric: str, value: float, *, highest: bool, most: int) -> int:
        """How many runs that `best` ranks are better than a value, counted up to `most`."""
        above, below = (value, LARGEST) if highest else (-LARGEST, value)
        return self._count(self._rows(query, metric, above, below), most)

    def not_finite(self, query: RunQuery, metric: str) -> int:
        """How many runs of a query (limit and offset aside) measured NaN or ±inf; some thousands at most."""
        infinite = select(run_metrics.c.run).where(run_metrics.c.key == metric).limit(FEW)
        unknown = select(runs.c.id).where(
            SOME_NAN, contains(self.connection, type_coerce(runs.c.not_numbers, Text), json.dumps(short(metric)))
        )
        found: set[int] = set()
        for wanted in (
            infinite.where(run_metrics.c.value >= LARGEST),
            infinite.where(run_metrics.c.value <= -LARGEST),
            unknown.limit(FEW),
        ):
            found.update(self.connection.scalars(wanted))
        if not found:
            return 0
        mine = (LISTED, among(self.connection, runs.c.id, sorted(found)))
        counted = select(func.count()).where(*mine, *conditions_of(self.connection, query))
        return self.connection.scalar(counted) or 0

    def measured(self, metric: str) -> Sequence[Experiment]:
        """The experiments of which some run has this metric, by name; deleted ones too."""
        has = select(run_metrics.c.run).where(
            run_metrics.c.experiment == experiments.c.id, run_metrics.c.key == metric
        )
        rows = self.connection.execute(select(experiments).where(has.exists()).order_by(experiments.c.name))
        return [Experiment(row.tracker, row.experiment_id, row.name, row.deleted, row.tags) for row in rows]

    def metrics(self, experiments: Sequence[Experiment] = (), limit: int = 2000) -> Sequence[str]:
        """The names of metrics of these experiments, else of all, in order."""
        found: set[str] = set()
        for condition in self._of(experiments):
            found.update(self.connection.scalars(_names(*condition).limit(limit)))
        return sorted(found - {None})[:limit]

    def _of(self, wanted: Sequence[Experiment]) -> Sequence[Sequence[ColumnElement[bool]]]:
        if not wanted or len(wanted) > APART:
            return [()]
        identities = {(short(one.tracker), short(one.experiment_id)) for one in wanted}
        rows = self.connection.execute(
            select(experiments.c.id, experiments.c.tracker, experiments.c.experiment_id)
        )
        ids = [row.id for row in rows if (row.tracker, row.experiment_id) in identities]
        return [(run_metrics.c.experiment == one,) for one in ids]

    def _count(self, rows: Rows, most: int) -> int:
        total = 0
        limited = rows.statement.with_only_columns(runs.c.id).limit(bindparam("most")).subquery()
        for part in rows.parts:
            if total < most:
                left = {**part, "most": most - total}
                total += self.connection.scalar(select(func.count()).select_from(limited), left) or 0
        return total

    def _rows(self, query: RunQuery, metric: str, above: float = -LARGEST, below: float = LARGEST) -> Rows:
        """The rows of values between two: those of a few runs that are looked up, else an experiment a part."""
        wanted = (LISTED, *conditions_of(self.connection, replace(query, experiments=())))
        named = ids_by_globs(self.connection, query.experiments) if query.experiments else None
        ids = None if named is None else named[0]
        few = self._few(query)
        # The sums keep SQLite from reading whole experiments, or all values, and sorting them.
        value = run_metrics.c.value if few is None else run_metrics.c.value + 0.0
        every = (
            select(run_metrics.c.run)
            .join(runs, runs.c.id == run_metrics.c.run)
            .where(run_metrics.c.key == metric, value > above, value < below, *wanted)
        )
        if few is not None:
            every = every.where(run_metrics.c.run.in_(few))
        if ids is None:
            return Rows(every, value, ({},))
        if few is not None or len(ids) > APART:
            return Rows(every.where((run_metrics.c.experiment + 0).in_(ids)), value, ({},))
        mine = run_metrics.c.experiment == bindparam("part")
        return Rows(every.where(mine), value, tuple({"part": one} for one in ids))

    def _few(self, query: RunQuery) -> Sequence[int] | None:
        """The runs that fit a query, its experiments and states aside, where they are few; else nothing."""
        rest = replace(query, experiments=(), statuses=frozenset(), limit=FEW + 1, offset=0)
        if rest == RunQuery(limit=FEW + 1):
            return None
        wanted = select(runs.c.id).where(LISTED, *conditions_of(self.connection, rest))
        found = self.connection.scalars(wanted.limit(rest.limit)).all()
        return found if len(found) <= FEW else None

    def _read(self, ids: Sequence[int]) -> Sequence[Run]:
        statement = select(runs.c.id, runs.c.details, EXPERIMENT_NAME.label("experiment")).where(
            runs.c.id.in_(ids)
        )
        found = {row.id: run_of(row.details, row.experiment) for row in self.connection.execute(statement)}
        return [found[one] for one in ids]


def _names(*conditions: ColumnElement[bool]) -> Select[Any]:
    """Each distinct name by one look into the index: the smallest, then the smallest above it, and so on."""
    first = select(func.min(run_metrics.c.key).label("key")).where(*conditions)
    names = first.cte("names", recursive=True)
    above = select(func.min(run_metrics.c.key)).where(*conditions, run_metrics.c.key > names.c.key)
    names = names.union_all(select(above.scalar_subquery()).where(names.c.key.is_not(None)))
    return select(names.c.key)


class SqlDirections:
    """bot.ports.ranking.Directions."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def put(self, said: Said) -> None:
        """Keep it, in place of what was said before of this metric of this experiment."""
        upsert(self.connection, directions, [asdict(said)], ("tracker", "experiment_id", "metric"))

    def of(self, metric: str) -> Sequence[Said]:
        """What was said of a metric, in all experiments, the newest first."""
        mine = select(directions).where(directions.c.metric == metric)
        rows = self.connection.execute(mine.order_by(directions.c.at.desc(), directions.c.experiment_id))
        return [Said(**row) for row in rows.mappings()]

    def about(self, wanted: Collection[tuple[str, str]]) -> Mapping[tuple[str, str], Mapping[str, Said]]:
        """What was said of the metrics of experiments (tracker, experiment id), by metric.

        All there is is read: people say such things a few times in a tracker's life.
        """
        found: dict[tuple[str, str], dict[str, Said]] = {}
        for row in self.connection.execute(SAID).mappings():
            found.setdefault((row["tracker"], row["experiment_id"]), {})[row["metric"]] = Said(**row)
        return {one: found[as_kept(*one)] for one in wanted if as_kept(*one) in found}
