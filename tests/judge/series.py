"""Series made of plain values, for the tests of verdicts."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Literal

from bot.facts.runs import RunRef
from bot.facts.verdicts import MetricVerdict, MinChange, Point, Series
from bot.judge.verdict import judge_metric

SINCE = datetime(2026, 3, 1, 12, tzinfo=UTC)
ONE_PERCENT = MinChange(share=0.01)
Better = Literal["higher", "lower"] | None


def ref(number: int) -> RunRef:
    """The run of the point with this number."""
    return RunRef("main", f"{number:032x}")


def points(values: Sequence[float], groups: Sequence[str] = ()) -> list[Point]:
    """Comparable runs an hour apart; `groups` name the replicates, each run its own where none are given."""
    given = groups or [""] * len(values)
    return [
        Point(ref(number), SINCE + timedelta(hours=number), value, group)
        for number, (value, group) in enumerate(zip(values, given, strict=True))
    ]


def series(
    values: Sequence[float],
    better: Better = "higher",
    least: MinChange = ONE_PERCENT,
    metric: str = "val_auc",
    groups: Sequence[str] = (),
    baseline: float | None = None,
) -> Series:
    """The series of one metric."""
    return Series(metric, points(values, groups), better, least, baseline)


def judged(values: Sequence[float], better: Better = "higher", **more: object) -> MetricVerdict:
    """The verdict on the newest of these values."""
    one = series(values, better, **more)  # type: ignore[arg-type]
    return judge_metric(one.points[-1].run, one)
