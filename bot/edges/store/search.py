"""What a search asks for as conditions on the tables of the index; the meanings are MLflow's.

https://mlflow.org/docs/latest/ml/search/search-runs/: LIKE heeds case on every database, ILIKE does not, % and _
are the only wildcards, and a comparison of a param, tag or metric finds only runs that have one.
"""

import operator
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, false, func, literal, or_, select

from bot.edges.store.columns import Words, fold, microseconds
from bot.edges.store.experiments import ids_by_globs
from bot.edges.store.statements import among, contains
from bot.edges.store.tables import experiments, run_metrics, run_params, run_tags, runs
from bot.facts.runs import OWNER_TAG, Status
from bot.ports.index import Condition, Field, RunQuery

Clause = ColumnElement[bool]
COMPARE: dict[str, Callable[[Any, Any], Clause]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
FEW = 2000
# Of so many runs one belongs to the experiments that are asked for, or more: then it is found from the newest on.
SHARE = 8
MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
ASCII: dict[str, Any] = {"run_id": runs.c.run_id, "status": runs.c.status}


def conditions_of(connection: Connection, query: RunQuery) -> list[Clause]:
    """The conditions of a query. Times include their beginning and not their end; an unknown start is 1970.

    Raises ValueError for a condition nobody can mean.
    """
    found = _plain(query)
    if query.experiments:
        named = ids_by_globs(connection, query.experiments)
        if named is not None:
            ids, among = named
            many = len(ids) > 1 and len(ids) * SHARE >= among
            found.append(_of_experiments(connection, ids, unsorted=many or query.ended_since is not None))
    found += [_has_word(connection, word) for word in query.words]
    found += [_condition(connection, condition) for condition in query.conditions]
    return found


def order_of(query: RunQuery) -> tuple[ColumnElement[Any], ...]:
    """Newest start first, then by run id.

    The few children of a run are sorted: for the order SQLite would rather go through all runs of the tracker.
    """
    newest = runs.c.newest_first if query.parent is None else runs.c.newest_first + 0
    return (newest, runs.c.run_id)


def _plain(query: RunQuery) -> list[Clause]:
    # An experiment, or a parent, has fewer runs than a tracker or those that FINISHED; SQLite takes any index.
    narrow = bool(query.experiments) or query.parent is not None
    tracker: ColumnElement[str] = runs.c.tracker.concat("") if narrow else runs.c.tracker
    common = narrow and query.statuses == {Status.FINISHED}
    status: ColumnElement[str] = runs.c.status.concat("") if common else runs.c.status
    found: list[Clause | None] = [
        tracker == query.tracker if query.tracker else None,
        _one_of(status, sorted(query.statuses)),
        _one_of(runs.c.owner, query.owners),
        runs.c.stalled.is_(query.stalled) if query.stalled is not None else None,
        runs.c.newest_first <= -microseconds(query.since) if query.since else None,
        runs.c.newest_first > -microseconds(query.until) if query.until else None,
        runs.c.ended >= query.ended_since if query.ended_since else None,
        runs.c.ended < query.ended_until if query.ended_until else None,
        runs.c.parent_id == "" if query.top_level else None,
        runs.c.has_metrics.is_(query.has_metrics) if query.has_metrics is not None else None,
    ]
    if query.parent is not None:
        children = runs.alias()
        mine = (children.c.tracker == query.parent.tracker, children.c.parent_id == query.parent.run_id)
        found.append(runs.c.id.in_(select(children.c.id).where(*mine)))
    return [clause for clause in found if clause is not None]


def _one_of(column: ColumnElement[Any], values: Any) -> Clause | None:
    if not values:
        return None
    return column == values[0] if len(values) == 1 else column.in_(values)


def _of_experiments(connection: Connection, ids: Sequence[int], *, unsorted: bool) -> Clause:
    # SQLite takes an index over experiments for better than one over times, and knows no numbers: it would read
    # and sort all runs of all these experiments. With a sum in place of the column it cannot.
    column = runs.c.experiment + 0 if unsorted else runs.c.experiment
    return column == ids[0] if len(ids) == 1 else among(connection, column, ids)


def _has_word(connection: Connection, word: str) -> Clause:
    folded = fold(word)
    named = select(experiments.c.id).where(contains(connection, experiments.c.name_folded, folded))
    return or_(contains(connection, runs.c.words, folded), runs.c.experiment.in_(named))


def _condition(connection: Connection, condition: Condition) -> Any:
    match condition.field:
        case Field.METRIC:
            return _metric(connection, condition)
        case Field.PARAM:
            return _text_value(connection, run_params, condition)
        case Field.TAG:
            return _text_value(connection, run_tags, condition)
        case Field.ATTRIBUTE:
            return _attribute(connection, condition)


def _metric(connection: Connection, condition: Condition) -> Clause:
    table = run_metrics
    mine = table.c.key == condition.key
    if condition.operator == "IS NULL":
        return ~_each(table, mine)
    if condition.operator not in COMPARE or not isinstance(condition.value, int | float):
        raise ValueError(f"metrics do not take {condition.operator} {condition.value!r}")
    return _some(connection, table, mine, COMPARE[condition.operator](table.c.value, float(condition.value)))


def _text_value(connection: Connection, table: Table, condition: Condition) -> Clause:
    mine = table.c.key == condition.key
    if condition.operator == "IS NULL":
        return ~_each(table, mine)
    if condition.operator == "=":
        return _some(connection, table, mine, table.c.value == _text(condition))
    whole: Any = func.coalesce(table.c.whole, table.c.value, type_=Words)
    folded = func.coalesce(table.c.folded, table.c.whole, table.c.value, type_=Words)
    return _each(table, mine, _text_clause(connection, whole, folded, condition))


def _some(connection: Connection, table: Table, *clauses: Clause) -> Clause:
    """Runs with such a row: if these are few they are looked up, else runs are tried from the newest on."""
    rows = select(table.c.run).where(*clauses)
    found = connection.scalar(select(func.count()).select_from(rows.limit(FEW).subquery())) or 0
    return runs.c.id.in_(rows) if found < FEW else _each(table, *clauses)


def _each(table: Table, *clauses: Clause) -> Clause:
    return select(table.c.run).where(table.c.run == runs.c.id, *clauses).exists()


def _attribute(connection: Connection, condition: Condition) -> Any:
    key = condition.key
    if key in ("start_time", "end_time"):
        return _time(condition)
    if key == "run_name":
        return _text_clause(connection, runs.c.name, runs.c.name_folded, condition)
    if key == "experiment":
        clause = _text_clause(connection, experiments.c.name, experiments.c.name_folded, condition)
        return runs.c.experiment.in_(select(experiments.c.id).where(clause))
    if key == "user_id":
        return _text_value(connection, run_tags, replace(condition, key=OWNER_TAG))
    if key in ASCII:
        return _text_clause(connection, ASCII[key], func.lower(ASCII[key], type_=Words), condition)
    raise ValueError(f"runs have no attribute {key}")


def _time(condition: Condition) -> Clause:
    column, sign = (runs.c.ended, 1) if condition.key == "end_time" else (runs.c.newest_first, -1)
    if condition.operator == "IS NULL":
        return runs.c.ended.is_(None) if sign > 0 else runs.c.newest_first == 0
    if condition.operator not in COMPARE or not isinstance(condition.value, datetime):
        raise ValueError(f"{condition.key} does not take {condition.operator} {condition.value!r}")
    if sign > 0:
        return COMPARE[condition.operator](column, condition.value)
    mirrored = MIRRORED.get(condition.operator, condition.operator)
    return COMPARE[mirrored](column, -microseconds(condition.value))


def _text_clause(connection: Connection, whole: Any, folded: Any, condition: Condition) -> Any:
    """A comparison of text; `folded` is the same without case."""
    match condition.operator:
        case "LIKE":
            return _like(connection, whole, _text(condition))
        case "ILIKE":
            return _like(connection, folded, fold(_text(condition)))
        case "IN":
            values = condition.value if isinstance(condition.value, tuple) else (_text(condition),)
            return whole.in_(values) if values else false()
        case "IS NULL":
            return whole == literal("", Words)
        case compare if compare in COMPARE:
            return COMPARE[compare](whole, _text(condition))
    raise ValueError(f"text does not take {condition.operator}")


def _like(connection: Connection, column: Any, pattern: str) -> Any:
    if connection.dialect.name == "postgresql":
        return column.op("LIKE", is_comparison=True)(literal(pattern.replace("\\", "\\\\"), Words))
    # SQLite's LIKE ignores the case of ASCII letters; GLOB does not.
    wild = {"%": "*", "_": "?", "*": "[*]", "?": "[?]", "[": "[[]"}
    return column.op("GLOB", is_comparison=True)(literal("".join(wild.get(one, one) for one in pattern), Words))


def _text(condition: Condition) -> str:
    return condition.value if isinstance(condition.value, str) else str(condition.value)
