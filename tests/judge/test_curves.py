"""Over which axis and on which scale a metric's history is drawn."""

import math
from datetime import UTC, datetime, timedelta

import pytest

from bot.facts.curves import Curve
from bot.facts.runs import Metric
from bot.judge.curves import log_helps, plot_of, single

START = datetime(2026, 3, 1, 12, tzinfo=UTC)


def logged(*seconds: float, step: int = 1) -> list[Metric]:
    return [
        Metric(place / 10, place * step, START + timedelta(seconds=after)) for place, after in enumerate(seconds)
    ]


def test_steps_are_the_axis_where_there_are_any() -> None:
    plot = plot_of("auc", [("a", START, logged(0, 60, 120)), ("b", START, logged(0))], None)
    assert (plot.across, plot.curves[0].across, plot.curves[0].values) == ("step", [0, 1, 2], [0.0, 0.1, 0.2])


def test_values_at_one_step_only_go_by_time() -> None:
    plot = plot_of("auc", [("a", START, logged(0, 60, 120, step=0))], None)
    assert (plot.across, plot.curves[0].across) == ("minutes since the run began", [0, 1, 2])
    assert plot_of("auc", [("a", START, logged(0, 60, step=0))], "step").across == "step"


@pytest.mark.parametrize(
    ("longest", "unit"), [(1, "seconds"), (119, "seconds"), (120, "minutes"), (7200, "hours"), (172_800, "days")]
)
def test_time_is_told_in_the_largest_unit_that_it_fills_twice(longest: float, unit: str) -> None:
    plot = plot_of("auc", [("a", START, logged(0, longest))], "time")
    assert plot.across == f"{unit} since the run began"


def test_each_run_begins_at_its_own_start_and_never_before_its_first_value() -> None:
    late, early = START - timedelta(seconds=30), START + timedelta(days=9)
    plot = plot_of(
        "auc", [("a", late, logged(0, 60)), ("b", early, logged(0, 60)), ("c", None, logged(5, 6))], "time"
    )
    assert [list(curve.across) for curve in plot.curves] == [[30, 90], [0, 60], [0, 1]]


def test_values_without_a_time_are_left_out_over_time() -> None:
    plot = plot_of("auc", [("a", START, [Metric(0.5, 1), *logged(1, 2)]), ("b", START, [Metric(0.5, 1)])], "time")
    assert [len(curve.values) for curve in plot.curves] == [2, 0]


@pytest.mark.parametrize(
    ("values", "helps"),
    [
        ([1.0, 101.0], True),
        ([1.0, 100.0], False),
        ([0.0, 1000.0], False),
        ([-1.0, 1000.0], False),
        ([math.nan, 1.0, 1000.0, math.inf], True),
        ([math.nan], False),
        ([], False),
    ],
)
def test_a_logarithmic_scale_helps_where_more_than_two_decades_are_all_above_zero(
    values: list[float], helps: bool
) -> None:
    assert log_helps([Curve("a", range(len(values)), values)]) is helps


def test_all_curves_count_together() -> None:
    assert log_helps([Curve("a", [0], [1.0]), Curve("b", [0], [1000.0])])
    assert not log_helps([Curve("a", [0], [-1.0]), Curve("b", [0], [1000.0])])
    assert single([Curve("a", [0], [1.0]), Curve("b", [], [])])
    assert not single([Curve("a", [0], [1.0]), Curve("b", [0, 1], [1.0, 2.0])])
