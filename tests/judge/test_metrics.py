"""The metrics that speak for a run are chosen as configured, else by name."""

import math

import pytest

from bot.facts.runs import Metric, Run, Status
from bot.judge.metrics import primary_metrics
from bot.settings import ExperimentSettings, MetricSettings


def run(*names: str) -> Run:
    metrics = {name: Metric(0.5) for name in names}
    return Run("main", "r1", "1", "churn", "calm-owl-1", Status.FINISHED, metrics=metrics)


@pytest.mark.parametrize(
    ("names", "chosen"),
    [
        (("loss", "val_auc", "train_auc"), ["val_auc", "loss", "train_auc"]),
        (("training_score", "training_accuracy_score"), ["training_accuracy_score", "training_score"]),
        (("epoch", "eval_loss", "eval_f1", "eval_runtime"), ["eval_f1", "eval_loss", "epoch"]),
        (("system/cpu", "auc"), ["auc"]),
        (("system/cpu",), []),
        ((), []),
        (("zeta", "alpha"), ["alpha", "zeta"]),
        (("layer_10", "layer_2", "layer_1"), ["layer_1", "layer_2", "layer_10"]),
        (("rouge1", "my_score", "test_my_score"), ["rouge1", "test_my_score", "my_score"]),
        (("train/loss", "val/loss", "lr"), ["val/loss", "train/loss", "lr"]),
    ],
)
def test_without_settings_names_decide(names: tuple[str, ...], chosen: list[str]) -> None:
    assert primary_metrics(run(*names), ExperimentSettings(), 3) == chosen
    assert primary_metrics(run(*reversed(names)), ExperimentSettings(), 3) == chosen


def test_the_configured_primary_leads() -> None:
    rules = ExperimentSettings(primary="train_loss")
    assert primary_metrics(run("train_loss", "val_auc"), rules, 2) == ["train_loss", "val_auc"]


def test_configured_metrics_are_all_that_is_shown() -> None:
    rules = ExperimentSettings(primary="b", metrics={"c": MetricSettings(), "a": MetricSettings()})
    assert primary_metrics(run("a", "b", "c", "val_auc"), rules, 5) == ["b", "c", "a"]


def test_configured_metrics_a_run_does_not_have_are_passed_over() -> None:
    rules = ExperimentSettings(primary="b", metrics={"c": MetricSettings()})
    assert primary_metrics(run("val_auc"), rules, 5) == ["val_auc"]


def test_not_more_than_the_limit_are_chosen() -> None:
    assert len(primary_metrics(run("a", "b", "c"), ExperimentSettings(), 2)) == 2


def test_a_metric_without_a_number_still_speaks() -> None:
    broken = Run("main", "r1", "1", "churn", "x", Status.FINISHED, metrics={"auc": Metric(math.nan)})
    assert primary_metrics(broken, ExperimentSettings(), 1) == ["auc"]
