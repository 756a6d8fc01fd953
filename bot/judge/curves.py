"""How the history of a metric is drawn: over which axis, on which scale, and whether there is a curve at all."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from bot.facts.curves import Curve, Plot
from bot.facts.runs import Metric

Axis = Literal["step", "time"]
STEP = "step"
DECADES = 100.0
TINY = 1e-100
_UNITS = (("days", 86400.0), ("hours", 3600.0), ("minutes", 60.0), ("seconds", 1.0))


def plot_of(
    metric: str, histories: Sequence[tuple[str, datetime | None, Sequence[Metric]]], axis: Axis | None
) -> Plot:
    """The curves of runs, each given by its name, its start (UTC) and what it measured in order of step.

    Without an axis it is the step, but for runs that measured several times at one step only.
    """
    steps = [{point.step for point in points} for _, _, points in histories]
    unstepped = all(len(one) < 2 for one in steps) and any(len(points) > 1 for _, _, points in histories)
    if axis == "time" or (axis is None and unstepped):
        return _over_time(metric, histories)
    curves = [
        Curve(name, [float(one.step) for one in points], [one.value for one in points])
        for name, _, points in histories
    ]
    return Plot(metric, STEP, curves)


def log_helps(curves: Sequence[Curve]) -> bool:
    """Whether the values span more than two decades and none is zero, next to zero or below."""
    spans = [(min(finite), max(finite)) for curve in curves if (finite := curve.finite)]
    lowest = min((low for low, _ in spans), default=0.0)
    return lowest > TINY and max(high for _, high in spans) / lowest > DECADES


def single(curves: Sequence[Curve]) -> bool:
    """Whether no run measured more than once, so that there is no curve to draw."""
    return all(len(curve.values) < 2 for curve in curves)


def _over_time(metric: str, histories: Sequence[tuple[str, datetime | None, Sequence[Metric]]]) -> Plot:
    """Over the time since each run began; a run of unknown start began with its first value."""
    timed = []
    for name, start, points in histories:
        dated = sorted((one.at, one.value) for one in points if one.at is not None)
        began = min([start, dated[0][0]] if start else [dated[0][0]]) if dated else None
        timed.append((name, [((at - began).total_seconds(), value) for at, value in dated] if began else []))
    longest = max((points[-1][0] for _, points in timed if points), default=0.0)
    unit, size = next(((unit, size) for unit, size in _UNITS if longest >= 2 * size), _UNITS[-1])
    curves = [
        Curve(name, [seconds / size for seconds, _ in points], [value for _, value in points])
        for name, points in timed
    ]
    return Plot(metric, f"{unit} since the run began", curves)
