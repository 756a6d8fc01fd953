"""Runs are ranked by a metric, and what people say of its direction is kept."""

import math
from datetime import timedelta

import pytest

from bot.edges.store import SqlStore
from bot.facts.people import Said
from bot.facts.runs import PARENT_TAG, Experiment, Metric, Run, Status
from bot.ports.index import RunQuery
from tests.store.examples import MINUTE, NOW, a_run, put

ALL = RunQuery(limit=100)


def measured(run_id: str, value: float, *, name: str = "auc", minutes: int = 0, **more: object) -> Run:
    return a_run(run_id, metrics={name: Metric(value)}, started=NOW + minutes * MINUTE, **more)


def order(store: SqlStore, query: RunQuery = ALL, metric: str = "auc", *, highest: bool = True) -> list[str]:
    with store.read() as unit:
        return [run.run_id for run in unit.ranking.best(query, metric, highest=highest)]


def test_the_best_come_first_whichever_way_is_better(store: SqlStore) -> None:
    put(store, measured("b", 0.5), measured("a", -0.9), measured("c", 0.7), measured("x", 9, name="loss"))
    assert order(store) == ["c", "b", "a"]
    assert order(store, highest=False) == ["a", "b", "c"]


def test_of_equals_the_earlier_start_comes_first(store: SqlStore) -> None:
    put(store, measured("late", 1, minutes=5), measured("b", 1), measured("a", 1), measured("top", 2, minutes=9))
    assert order(store) == ["top", "a", "b", "late"]
    assert order(store, highest=False) == ["a", "b", "late", "top"]


def test_what_is_no_number_is_not_ranked(store: SqlStore) -> None:
    put(
        store,
        *(measured(f"r{n}", v) for n, v in enumerate([math.nan, math.inf, -math.inf, 1.7976931348623157e308])),
    )
    put(store, measured("large", 1e300), measured("zero", 0.0), measured("gone", math.nan, deleted=True))
    put(store, measured("elsewhere", math.nan, experiment_id="2", experiment="fraud"))
    assert order(store) == ["large", "zero"]
    with store.read() as unit:
        assert unit.ranking.count(ALL, "auc", 10) == 2
        assert unit.ranking.not_finite(ALL, "auc") == 5
        assert unit.ranking.not_finite(RunQuery(experiments=("fraud",), limit=1), "auc") == 1
        assert [unit.ranking.not_finite(ALL, name) for name in ("au", "uc", "loss")] == [0, 0, 0]


def test_a_ranking_is_narrowed_as_a_list_is(store: SqlStore) -> None:
    put(
        store,
        measured("child", 0.9, tags={PARENT_TAG: "p", "mlflow.user": "mira"}),
        measured("failed", 0.8, status=Status.FAILED),
        measured("deleted", 0.8, deleted=True),
        measured("other", 0.7, experiment_id="2", experiment="fraud"),
        measured("elsewhere", 0.6, tracker="second"),
    )
    assert order(store) == ["child", "failed", "other", "elsewhere"]
    assert order(store, RunQuery(statuses=frozenset({Status.FINISHED}))) == ["child", "other", "elsewhere"]
    assert order(store, RunQuery(owners=("mira",))) == ["child"]
    assert order(store, RunQuery(experiments=("churn",))) == ["child", "failed", "elsewhere"]
    assert order(store, RunQuery(experiments=("churn", "fraud"), limit=2, offset=1)) == ["failed", "other"]
    assert order(store, RunQuery(experiments=("nothing",))) == []


def test_runs_of_a_rare_owner_are_ranked_like_any_other(store: SqlStore) -> None:
    put(store, *(measured(f"r{n}", n, tags={"mlflow.user": "mira" if n % 3 else "jo"}) for n in range(9)))
    put(store, measured("nan", math.nan, tags={"mlflow.user": "jo"}))
    mine = RunQuery(experiments=("ch*",), owners=("jo",), limit=2)
    assert order(store, mine) == ["r6", "r3"]
    assert order(store, mine, highest=False) == ["r0", "r3"]
    with store.read() as unit:
        assert unit.ranking.count(mine, "auc", 10) == 3
        assert unit.ranking.ahead(mine, "auc", 3, highest=True, most=10) == 1


def test_many_experiments_are_ranked_together(store: SqlStore) -> None:
    put(store, *(measured(f"r{n:02}", n, experiment_id=f"{n}", experiment=f"e-{n}") for n in range(60)))
    wanted = [f"r{n:02}" for n in reversed(range(60))]
    assert order(store, RunQuery(experiments=("e-*",), limit=100)) == wanted
    assert order(store, RunQuery(experiments=("e-1*",), limit=3, offset=1)) == ["r18", "r17", "r16"]


def test_ranked_runs_are_counted_no_further_than_asked(store: SqlStore) -> None:
    put(store, *(measured(f"r{n}", n // 2, experiment_id=f"{n % 3}", experiment=f"e-{n % 3}") for n in range(9)))
    with store.read() as unit:
        for query in (RunQuery(), RunQuery(experiments=("e-*",))):
            assert unit.ranking.count(query, "auc", 100) == 9
            assert unit.ranking.count(query, "auc", 4) == 4
            assert unit.ranking.ahead(query, "auc", 2, highest=True, most=100) == 3
            assert unit.ranking.ahead(query, "auc", 2, highest=False, most=100) == 4
            assert unit.ranking.ahead(query, "auc", 2, highest=False, most=3) == 3


def test_a_run_that_changes_changes_its_rank(store: SqlStore) -> None:
    put(store, measured("a", 1), measured("b", 2))
    put(store, measured("a", 3), read_at=NOW + timedelta(minutes=1))
    assert order(store) == ["a", "b"]


def test_names_of_metrics_and_their_experiments_are_known(store: SqlStore) -> None:
    put(
        store,
        a_run("a", metrics={"auc": Metric(1), "val/loss": Metric(1)}),
        a_run("b", metrics={"auc": Metric(2), "β": Metric(1)}, experiment_id="2", experiment="fraud"),
        a_run("c"),
    )
    churn, fraud = Experiment("main", "1", "churn"), Experiment("main", "2", "fraud")
    with store.read() as unit:
        assert unit.ranking.metrics() == ["auc", "val/loss", "β"]
        assert unit.ranking.metrics([churn]) == ["auc", "val/loss"]
        assert unit.ranking.metrics([churn, fraud], limit=2) == ["auc", "val/loss"]
        assert list(unit.ranking.measured("auc")) == [churn, fraud]
        assert list(unit.ranking.measured("val/loss")) == [churn]
        assert list(unit.ranking.measured("nothing")) == []


def test_an_empty_index_ranks_nothing(store: SqlStore) -> None:
    assert order(store) == []
    with store.read() as unit:
        assert unit.ranking.metrics() == []


@pytest.mark.parametrize("metric", ["auc", "a" * 300, "with \x00 in it"])
def test_what_was_said_last_of_a_metric_counts(store: SqlStore, metric: str) -> None:
    with store.write() as unit:
        unit.directions.put(Said("main", "1", metric, "higher", "U1", NOW))
        unit.directions.put(Said("main", "2", metric, "lower", "U1", NOW))
        unit.directions.put(Said("main", "1", metric, "lower", "U2", NOW + MINUTE))
    with store.read() as unit:
        assert [(one.experiment_id, one.better, one.who) for one in unit.directions.of(metric)] == [
            ("1", "lower", "U2"),
            ("2", "lower", "U1"),
        ]
        assert [one.at for one in unit.directions.about([("main", "1")])["main", "1"].values()] == [NOW + MINUTE]
        assert unit.directions.about([("main", "3")]) == {}
