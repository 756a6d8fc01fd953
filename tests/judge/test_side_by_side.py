"""Runs side by side: the worst first, equal values counted, whatever the values are."""

import math
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.facts.runs import Metric, Run, Status
from bot.judge.side_by_side import Measured, Said, SideBySide, side_by_side
from bot.settings import ExperimentSettings


def run(run_id: str, metrics: dict[str, float] | None = None, **facts: Any) -> Run:
    measured = {name: Metric(value) for name, value in (metrics or {}).items()}
    return Run("main", run_id, "1", "churn", run_id, Status.FINISHED, metrics=measured, **facts)


def beside(*runs: Run) -> SideBySide:
    return side_by_side(runs, ExperimentSettings())


def names(found: SideBySide) -> list[str]:
    return [row.name for row in found.rows]


def test_two_runs_are_held_against_the_second_and_more_against_the_first() -> None:
    one, two, three = (run(str(n), {"auc": n / 10}) for n in (1, 2, 3))
    (row,) = beside(one, two).rows
    assert isinstance(row, Measured)
    assert (row.delta(0), row.word(0), row.delta(1), row.word(1)) == (-0.1, "worse", 0.0, "")
    (row,) = beside(one, two, three).rows
    assert isinstance(row, Measured)
    assert [row.word(place) for place in range(3)] == ["", "better", "better"]


def test_the_worst_of_all_runs_decides_its_metric_s_place() -> None:
    found = beside(
        run("a", {"auc": 0.9, "loss": 1.0, "f1": 0.5, "wobble": 1.0}),
        run("b", {"auc": 0.8, "loss": 0.1, "f1": 0.5, "wobble": 5.0}),
        run("c", {"auc": 0.9, "loss": 3.0, "f1": 0.5, "extra": 1.0}),
    )
    assert names(found) == ["loss", "auc", "wobble", "extra"]
    assert found.same["metric"] == 1


def test_what_became_nan_is_worst_and_what_is_missing_last() -> None:
    found = beside(run("a", {"auc": math.nan, "loss": 9.0}), run("b", {"auc": 0.5, "loss": 1.0, "f1": 0.1}))
    assert names(found) == ["auc", "loss", "f1"]
    nan, _, missing = found.rows
    assert isinstance(nan, Measured) and isinstance(missing, Measured)
    assert (nan.word(0), nan.delta(0), missing.word(0), missing.delta(0)) == ("worse", None, "", None)


def test_training_scores_have_no_direction_and_come_after() -> None:
    found = beside(
        run("a", {"train_loss": 9.0, "val_loss": 0.30}), run("b", {"train_loss": 1.0, "val_loss": 0.31})
    )
    assert names(found) == ["val_loss", "train_loss"]
    assert found.rows[1].better is None  # type: ignore[union-attr]


def test_params_and_tags_that_differ_follow_by_name() -> None:
    found = beside(
        run("a", params={"lr": "0.1", "depth": "3", "seed": "1"}, tags={"team": "nlp", "mlflow.user": "jo"}),
        run("b", params={"lr": "0.2", "seed": "1"}, tags={"team": "cv", "mlflow.user": "al"}),
    )
    assert found.rows == (
        Said("depth", ("3", None), "param"),
        Said("lr", ("0.1", "0.2"), "param"),
        Said("team", ("nlp", "cv"), "tag"),
    )
    assert found.same["param"] == 1


METRICS = st.dictionaries(st.sampled_from(["auc", "loss", "f1", "wobble", "train_auc"]), st.floats())
PARAMS = st.dictionaries(st.sampled_from("abc"), st.sampled_from("xyz"))
RUNS = st.lists(st.builds(lambda m, p: run("r", m, params=p), METRICS, PARAMS), min_size=2, max_size=5)


@given(RUNS)
def test_every_metric_and_param_is_a_row_or_counted(runs: list[Run]) -> None:
    found = beside(*runs)
    for kind, of in (("metric", "metrics"), ("param", "params")):
        known = {name for one in runs for name in getattr(one, of)}
        assert len([row for row in found.rows if row.kind == kind]) + found.same.get(kind, 0) == len(known)


@given(RUNS)
def test_worse_rows_are_never_below_better_ones(runs: list[Run]) -> None:
    rows = [row for row in beside(*runs).rows if isinstance(row, Measured)]
    worst = [max(row.worsening(place) for place in range(len(runs)) if place != row.reference) for row in rows]
    told = [one for row, one in zip(rows, worst, strict=True) if any(row.word(n) for n in range(len(runs)))]
    assert [one > 0 for one in told] == sorted((one > 0 for one in told), reverse=True)


@given(METRICS)
def test_a_run_does_not_differ_from_its_twin(metrics: dict[str, float]) -> None:
    assert beside(run("a", metrics), run("b", metrics)).rows == ()
