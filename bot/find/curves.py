"""The curves of a metric: what its runs logged over time, read from their trackers, and how that is shown."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process

from bot.facts.curves import Plot
from bot.facts.runs import Metric, Run
from bot.find.plain import folded
from bot.find.sheet import labels
from bot.judge.curves import STEP, Axis, log_helps, plot_of, single
from bot.ports.errors import EdgeError, RunMissing
from bot.ports.tracker import MetricHistory, Tracker
from bot.render.markup.charts import POINTS

# MLflow sends some 15,000 values a second; all has to be read well within the two minutes a task is lent for.
MOST = 200_000
MOST_OF_ONE = 100_000
LABEL = 80
NEAR = 3


@dataclass(frozen=True, slots=True)
class Course:
    """What one run logged of the metric, in order of step; `cut` where only its earliest values were read."""

    run: Run
    label: str
    points: Sequence[Metric]
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Courses:
    """Those of several runs; `silent` are the trackers that did not answer, with what went wrong."""

    metric: str
    courses: Sequence[Course]
    silent: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Told:
    """A curve in figures: where it begins and ends, and between what its numbers lie, None where there is none.

    `gaps` counts values that are NaN or infinite.
    """

    run: Run
    label: str
    first: float
    last: float
    lowest: float | None
    highest: float | None
    values: int
    gaps: int
    cut: bool


def told(found: Courses) -> tuple[Told, ...]:
    """The figures of those runs that logged anything."""
    return tuple(_told(one) for one in found.courses if one.points)


def _told(one: Course) -> Told:
    numbers = [point.value for point in one.points if math.isfinite(point.value)]
    return Told(
        run=one.run,
        label=one.label,
        first=one.points[0].value,
        last=one.points[-1].value,
        lowest=min(numbers, default=None),
        highest=max(numbers, default=None),
        values=len(one.points),
        gaps=len(one.points) - len(numbers),
        cut=one.cut,
    )


def metric_among(runs: Sequence[Run], typed: str) -> str:
    """The metric of these runs that is meant: one that is called so, whatever its case, else what was typed."""
    names = {name for run in runs for name in run.metrics}
    same = [name for name in names if folded(name) == folded(typed)]
    return typed if typed in names or len(same) != 1 else same[0]


def near_metrics(runs: Sequence[Run], typed: str) -> tuple[str, ...]:
    """Names of metrics of these runs that look like what was typed, the likeliest first."""
    names = sorted({name for run in runs for name in run.metrics})
    near = process.extract(folded(typed), names, scorer=fuzz.WRatio, processor=folded, limit=NEAR, score_cutoff=60)
    return tuple(name for name, _, _ in near)


def courses(runs: Sequence[Run], metric: str, trackers: Mapping[str, Tracker]) -> Courses:
    """What these runs logged of a metric; a run that its tracker does not know any more logged nothing."""
    found: list[Course] = []
    silent: dict[str, str] = {}
    most = min(MOST_OF_ONE, MOST // len(runs))
    for run, label in zip(runs, labels(runs, LABEL), strict=True):
        history = MetricHistory(())
        if run.tracker in trackers and run.tracker not in silent:
            try:
                history = trackers[run.tracker].history(run.run_id, metric, most)
            except RunMissing:
                pass
            except EdgeError as problem:
                silent[run.tracker] = str(problem)
        found.append(Course(run, label, history.points, history.cut))
    return Courses(metric, found, silent)


def plot(found: Courses, axis: Axis | None) -> Plot:
    """The curves of those runs that logged anything."""
    measured = [one for one in found.courses if one.points]
    return plot_of(found.metric, [(one.label, one.run.started, one.points) for one in measured], axis)


def fits_slack(drawn: Plot) -> bool:
    """Whether Slack's own chart shows these curves as they are: few points, the same steps, nothing but numbers.

    It has no logarithmic scale.
    """
    steps = [list(curve.across) for curve in drawn.curves]
    return (
        drawn.across == STEP
        and not single(drawn.curves)
        and not log_helps(drawn.curves)
        and all(one == steps[0] for one in steps)
        and len(set(steps[0])) == len(steps[0]) <= POINTS
        and all(len(curve.finite) == len(curve.values) for curve in drawn.curves)
    )
