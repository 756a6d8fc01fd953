"""Which way a metric gets better is configured, certain, or unknown."""

import pytest

from bot.judge.direction import HIGHER, LOWER, better
from bot.settings import ExperimentSettings, MetricSettings

RULES = ExperimentSettings(
    metrics={"spread": MetricSettings(better="lower"), "loss": MetricSettings(better="higher")}
)


@pytest.mark.parametrize(
    ("metric", "direction"),
    [
        ("auc", "higher"),
        ("val_auc", "higher"),
        ("val/AUC", "higher"),
        ("eval_f1", "higher"),
        ("test_accuracy_score", "higher"),
        ("val_loss", "lower"),
        ("eval/loss", "lower"),
        ("RMSE", "lower"),
        ("spread", "lower"),
        ("loss", "higher"),
        ("training_accuracy_score", None),
        ("train_loss", None),
        ("system/cpu_utilization_percentage", None),
        ("epoch", None),
        ("", None),
        ("gain_loss", None),
    ],
)
def test_a_direction_is_never_invented(metric: str, direction: str | None) -> None:
    assert better(metric, RULES) == direction


def test_no_name_is_both() -> None:
    assert not HIGHER & LOWER
