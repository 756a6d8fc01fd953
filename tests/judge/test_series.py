"""A series carries the direction and the least change that settings or names tell."""

import pytest

from bot.facts.verdicts import MinChange
from bot.judge.series import series_of
from bot.settings import ExperimentSettings, MetricSettings

RULES = ExperimentSettings(metrics={"odd": MetricSettings(better="lower", min_change=MinChange(amount=0.5))})


@pytest.mark.parametrize(
    ("metric", "better", "least"),
    [
        ("odd", "lower", MinChange(amount=0.5)),
        ("val_auc", "higher", MinChange(share=0.01)),
        ("whatever", None, MinChange(share=0.01)),
    ],
)
def test_a_series_knows_its_metric(metric: str, better: str | None, least: MinChange) -> None:
    made = series_of(metric, [], RULES, 0.5)
    assert (made.better, made.least, made.baseline) == (better, least, 0.5)
