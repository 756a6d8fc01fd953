"""The common questions are answered from an index on SQLite, without reading or sorting every run."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from bot.edges.store import SqlStore
from bot.edges.store.tables import metadata
from bot.facts.runs import Metric, Run, RunRef, Status
from bot.ports.index import Condition, Field, Known, RunQuery
from bot.ports.store import Unit

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
FAILED = frozenset({Status.FAILED, Status.KILLED})
AUC = Condition(Field.METRIC, "auc", ">", 0.5)
MODEL = Condition(Field.PARAM, "model", "=", "xgboost")
DIGEST = RunQuery(experiments=("churn-*",), ended_since=NOW - DAY, ended_until=NOW)

ORDERED: dict[str, RunQuery] = {
    "latest": RunQuery(),
    "latest of a tracker": RunQuery(tracker="main"),
    "latest at top level": RunQuery(top_level=True),
    "latest of an experiment": RunQuery(experiments=("churn-1",)),
    "latest of many experiments": RunQuery(experiments=("churn-*",)),
    "the next page": RunQuery(experiments=("churn-1",), offset=50),
    "previous of an experiment": RunQuery(tracker="main", experiments=("churn-1",), until=NOW, limit=50),
    "running": RunQuery(statuses=frozenset({Status.RUNNING})),
    "mine": RunQuery(owners=("mira",)),
    "stalled": RunQuery(stalled=True),
}
RANKED: dict[str, RunQuery] = {
    "best of all": RunQuery(statuses=frozenset({Status.FINISHED})),
    "best of an experiment": RunQuery(experiments=("churn-1",), statuses=frozenset({Status.FINISHED})),
    "best of some": RunQuery(experiments=("churn-*",)),
    "the next page of the best": RunQuery(offset=50),
}
INDEXED: dict[str, Callable[[Unit], object]] = {
    "failed lately": lambda unit: unit.runs.find(RunQuery(statuses=FAILED, since=NOW - DAY)),
    "a digest": lambda unit: unit.runs.find(DIGEST),
    "by a param": lambda unit: unit.runs.find(RunQuery(conditions=(MODEL,))),
    "children": lambda unit: unit.runs.find(RunQuery(parent=RunRef("main", "p"))),
    "by ids": lambda unit: unit.runs.get([RunRef("main", "r1")]),
    "by prefix": lambda unit: unit.runs.by_prefix("r1"),
    "by name": lambda unit: unit.runs.by_name("run"),
    "by commit": lambda unit: unit.runs.by_commit("0123456"),
    "open": lambda unit: unit.runs.open_ids("main"),
    "silent": lambda unit: unit.runs.silent("main", NOW),
    "deleted": lambda unit: unit.runs.ids("main", deleted=True),
    "due": lambda unit: unit.outbox.due(NOW),
    "unsettled": lambda unit: unit.outbox.unsettled(NOW),
    "by place": lambda unit: unit.outbox.by_ts("C1", "1.0"),
    "by subject": lambda unit: unit.outbox.by_subject("run"),
    "reminders": lambda unit: unit.reminders.due(NOW),
    "experiments with a metric": lambda unit: unit.ranking.measured("auc"),
    "how many have a metric": lambda unit: unit.ranking.count(RunQuery(), "auc", 100),
    "how many are better": lambda unit: unit.ranking.ahead(RunQuery(), "auc", 0.5, highest=True, most=100),
    "how many are no number": lambda unit: unit.ranking.not_finite(RunQuery(), "auc"),
    "what was said of a metric": lambda unit: unit.directions.of("auc"),
    "decisions": lambda unit: unit.changes.decisions(RunRef("main", "r1")),
}


@pytest.fixture
def plan(sqlite_store: SqlStore) -> Iterator[Callable[[Callable[[Unit], object]], list[str]]]:
    """Tells how SQLite answers a question: a step a line."""
    with sqlite_store.write() as unit:
        for number in range(3):
            run = Run("main", f"r{number}", f"{number}", f"churn-{number}", "run", Status.RUNNING, NOW)
            unit.runs.put([Known(run, NOW, NOW)])
    asked: list[tuple[str, Any]] = []

    def listen(_conn: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
        asked.append((statement, parameters))

    event.listen(sqlite_store.engine, "before_cursor_execute", listen)

    def tell(question: Callable[[Unit], object]) -> list[str]:
        asked.clear()
        with sqlite_store.read() as unit:
            question(unit)
        selects = [(statement, values) for statement, values in asked if statement.startswith(("SELECT", "WITH"))]
        with sqlite_store.engine.connect() as connection:
            return [
                str(row[3])
                for statement, values in selects
                for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
            ]

    yield tell
    event.remove(sqlite_store.engine, "before_cursor_execute", listen)


Plan = Callable[[Callable[[Unit], object]], list[str]]


@pytest.mark.parametrize("name", ORDERED)
def test_the_newest_runs_come_in_the_order_of_an_index(plan: Plan, name: str) -> None:
    steps = plan(lambda unit: unit.runs.find(ORDERED[name]))
    about_runs = [step for step in steps if " runs" in step]
    assert about_runs
    assert all("newest_first" in step for step in about_runs), steps
    assert not any("TEMP B-TREE" in step for step in steps), steps


@pytest.mark.parametrize("highest", [True, False])
@pytest.mark.parametrize("name", RANKED)
def test_the_best_runs_come_in_the_order_of_an_index(plan: Plan, name: str, highest: bool) -> None:
    steps = plan(lambda unit: unit.ranking.best(RANKED[name], "auc", highest=highest))
    ranked = [step for step in steps if " run_metrics" in step]
    assert ranked
    assert all("key=? AND value>? AND value<?" in step for step in ranked), steps
    assert not any(step.startswith(("SCAN runs", "SCAN run_metrics")) for step in steps), steps
    # Only runs of the same value are sorted, by their start.
    assert {step for step in steps if "TEMP B-TREE" in step} == {"USE TEMP B-TREE FOR RIGHT PART OF ORDER BY"}


def test_the_best_of_few_runs_are_looked_up(plan: Plan) -> None:
    query = RunQuery(experiments=("churn-*",), owners=("mira",), statuses=frozenset({Status.FINISHED}))
    steps = plan(lambda unit: unit.ranking.best(query, "auc", highest=True))
    assert any("run_metrics" in step and "(run=? AND key=?)" in step for step in steps), steps
    assert not any(step.startswith(("SCAN runs", "SCAN run_metrics")) for step in steps), steps


def test_names_of_metrics_are_looked_up_one_by_one(plan: Plan) -> None:
    steps = [step for step in plan(lambda unit: unit.ranking.metrics()) if "run_metrics" in step]
    assert len(steps) == 2
    assert all(step.startswith("SEARCH") for step in steps), steps


@pytest.mark.parametrize("name", INDEXED)
def test_other_questions_read_no_whole_table(plan: Plan, name: str) -> None:
    # That index holds the few runs with NaN alone.
    steps = [step for step in plan(INDEXED[name]) if "INDEX ix_runs_not_numbers" not in step]
    scanned = {step.split()[1] for step in steps if step.startswith("SCAN")} & set(metadata.tables)
    assert steps
    assert scanned <= {"experiments"}, steps


def test_rare_values_are_looked_up_and_common_ones_tried_run_by_run(sqlite_store: SqlStore, plan: Plan) -> None:
    def ask(unit: Unit) -> object:
        return unit.runs.find(RunQuery(conditions=(AUC,)))

    assert any("run_metrics" in step and "key=? AND value>?" in step for step in plan(ask)[1:])
    runs = [
        Run("main", f"x{number}", "1", "churn-1", "n", Status.FINISHED, NOW, metrics={"auc": Metric(0.9)})
        for number in range(2000)
    ]
    with sqlite_store.write() as unit:
        unit.runs.put([Known(run, NOW, NOW) for run in runs])
    assert any("run_metrics" in step and "run=? AND key=?" in step for step in plan(ask)[1:])
