"""Two runs side by side: what differs is listed, what is the same is counted."""

import math
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.facts.runs import COMMIT_TAG, Dataset, Metric, Run, Status
from bot.judge.comparison import Comparison, MetricPair, ValuePair, compare
from bot.settings import ExperimentSettings


def run(run_id: str = "r1", metrics: dict[str, float] | None = None, **facts: Any) -> Run:
    measured = {name: Metric(value) for name, value in (metrics or {}).items()}
    return Run("main", run_id, "1", "churn", run_id, Status.FINISHED, metrics=measured, **facts)


def side_by_side(first: Run, second: Run) -> Comparison:
    return compare(first, second, ExperimentSettings())


def test_metrics_that_differ_are_listed_the_most_telling_first() -> None:
    found = side_by_side(
        run(metrics={"loss": 0.5, "val_auc": 0.9, "same": 1.0, "system/cpu": 3.0}),
        run(metrics={"loss": 0.4, "val_auc": 0.8, "same": 1.0, "new": 2.0}),
    )
    assert found.metrics == (
        MetricPair("val_auc", 0.9, 0.8),
        MetricPair("loss", 0.5, 0.4),
        MetricPair("new", None, 2.0),
    )
    assert found.same_metrics == 1


def test_a_delta_is_first_minus_second_and_nothing_where_it_says_nothing() -> None:
    assert MetricPair("auc", 0.75, 0.5).delta == 0.25
    assert MetricPair("auc", None, 0.5).delta is None
    assert MetricPair("auc", math.nan, 0.5).delta is None
    assert MetricPair("auc", math.inf, math.inf).delta is None


def test_params_that_differ_are_listed_by_name() -> None:
    found = side_by_side(
        run(params={"lr": "0.1", "seed": "1", "depth": "3"}), run(params={"lr": "0.2", "seed": "1"})
    )
    assert found.params.pairs == (ValuePair("depth", "3", None), ValuePair("lr", "0.1", "0.2"))
    assert found.params.same == 1


def test_code_data_environment_and_tags_are_kept_apart() -> None:
    first = run(
        tags={COMMIT_TAG: "abc", "python.version": "3.11", "team": "nlp", "mlflow.log-model.history": "[1]"},
        datasets=(Dataset("reviews", "d1", "train"),),
    )
    second = run(
        tags={COMMIT_TAG: "def", "python.version": "3.12", "team": "cv", "mlflow.log-model.history": "[2]"},
        datasets=(Dataset("reviews", "d2", "train"),),
    )
    found = side_by_side(first, second)
    assert found.code.pairs == (ValuePair("commit", "abc", "def"),)
    assert found.environment.pairs == (ValuePair("python.version", "3.11", "3.12"),)
    assert found.tags.pairs == (ValuePair("team", "nlp", "cv"),)
    assert found.datasets.pairs == (ValuePair("train", "reviews d1", "reviews d2"),)


TEXTS = st.dictionaries(st.sampled_from("abcdef"), st.sampled_from("xyz"))
NUMBERS = st.dictionaries(st.sampled_from("abcdef"), st.floats())
RUNS = st.builds(lambda metrics, params, tags: run("r", metrics, params=params, tags=tags), NUMBERS, TEXTS, TEXTS)


def test_pipelines_always_differ_and_are_no_difference() -> None:
    assert side_by_side(run(tags={"ci.url": "https://ci/1"}), run(tags={"ci.url": "https://ci/2"})).empty


@given(RUNS)
def test_a_run_does_not_differ_from_itself(one: Run) -> None:
    found = side_by_side(one, one)
    assert found.empty
    assert (found.same_metrics, found.params.same) == (len(one.metrics), len(one.params))


@given(RUNS, RUNS)
def test_looked_at_from_the_other_side_the_same_things_differ(first: Run, second: Run) -> None:
    there, back = side_by_side(first, second), side_by_side(second, first)
    assert {pair.name for pair in there.metrics} == {pair.name for pair in back.metrics}
    assert [(pair.name, pair.first, pair.second) for pair in there.params.pairs] == [
        (pair.name, pair.second, pair.first) for pair in back.params.pairs
    ]
    assert len(there.metrics) + there.same_metrics == len(first.metrics.keys() | second.metrics.keys())
