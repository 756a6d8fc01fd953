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


# What a run of each holds at its end, and which of it leads its card.
LOGGED = {
    "scikit-learn's autologging": ("training_roc_auc training_score training_log_loss roc_auc_score_X_test", -1),
    "a search of scikit-learn": ("training_f1_score best_cv_score training_score", 1),
    "a candidate of a search": ("mean_fit_time std_fit_time rank_test_score std_test_score mean_test_score", -1),
    "XGBoost with two sets": ("validation_0-auc validation_1-auc validation_1-logloss best_iteration", 1),
    "XGBoost with names": ("train-logloss valid-logloss stopped_iteration best_iteration", 1),
    "LightGBM": ("training-auc valid_0-auc training-binary_logloss valid_0-binary_logloss", 1),
    "Keras": ("loss accuracy val_loss val_accuracy epoch", 3),
    "Lightning": ("train_loss_step train_loss_epoch val_loss epoch lr-Adam", 2),
    "transformers": ("loss grad_norm learning_rate epoch eval_loss eval_f1 eval_runtime train_runtime", 5),
    "mlflow.evaluate of a classifier": ("example_count recall_score true_positives f1_score precision_score", 3),
    "mlflow.evaluate of a regressor": ("example_count mean_on_target mean_squared_error r2_score", -1),
    "mlflow.genai.evaluate": ("my_scorer/mean correctness/mean correctness/variance latency/mean", 1),
}


@pytest.mark.parametrize("source", LOGGED)
def test_of_what_libraries_log_the_most_telling_leads(source: str) -> None:
    names, place = LOGGED[source]
    assert primary_metrics(run(*names.split()), ExperimentSettings(), 1) == [names.split()[place]]


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
