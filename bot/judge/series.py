"""A metric over comparable runs, with what settings say of it: what a verdict is made from."""

from collections.abc import Sequence

from bot.facts.verdicts import Point, Series
from bot.judge.direction import better
from bot.settings import ExperimentSettings, MetricSettings

_UNSAID = MetricSettings()


def series_of(
    metric: str, points: Sequence[Point], rules: ExperimentSettings, baseline: float | None = None
) -> Series:
    """The series of a metric, oldest point first, with its direction and the least change that matters."""
    said = rules.metrics.get(metric, _UNSAID)
    return Series(metric, points, better(metric, rules), said.min_change, baseline)
