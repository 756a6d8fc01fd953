"""How a metric went: marks for three finite values or more, of comparable runs where there are enough."""

import math
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.facts.runs import Metric, Run, Status
from bot.judge.trend import MARKS, Trend, trend
from tests.notify.examples import NOON, a_run


def runs(*values: float, **more: object) -> list[Run]:
    """Runs with these values of auc, the newest first."""
    made = [
        a_run(f"{number:032x}", metrics={"auc": value}, started=NOON + timedelta(hours=number), **more)
        for number, value in enumerate(values)
    ]
    return made[::-1]


def marks(*values: float) -> str:
    newest, *earlier = runs(*values)
    found = trend(newest, earlier, "auc")
    return found.marks if found else ""


@pytest.mark.parametrize(
    ("values", "drawn"),
    [
        ((0.1, 0.2, 0.3), "▁▅█"),
        ((0.8, 0.1, 0.8, 0.5), "█▁█▅"),
        ((0.5, 0.5, 0.5), "▄▄▄"),
        ((1.0, 2.0), ""),
        ((math.nan, 0.1, math.inf, 0.2), ""),
        ((0.1, math.nan, 0.2, 0.3), "▁▅█"),
        ((0.1, 0.2, 0.3, math.nan), ""),
        ((-1.7e308, 0.0, 1.7e308), "▁▅█"),
        (tuple(range(40)), "▁▂▂▃▄▄▅▅▆▇▇█"),
    ],
)
def test_a_trend_is_drawn_oldest_first(values: tuple[float, ...], drawn: str) -> None:
    assert marks(*values) == drawn


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=3, max_size=12))
def test_any_finite_values_have_marks(values: list[float]) -> None:
    drawn = Trend("auc", tuple(values), comparable=False).marks
    assert len(drawn) == len(values)
    assert set(drawn) <= set(MARKS)


def test_comparable_runs_count_where_there_are_enough() -> None:
    newest, *alike = runs(0.1, 0.2, 0.3, params={"lr": "1"})
    others = [replace(run, run_id=run.run_id + "f", params={"lr": "2"}) for run in alike]
    found = trend(newest, [*alike, *others], "auc")
    assert found == Trend("auc", (0.1, 0.2, 0.3), comparable=True)
    assert trend(newest, [alike[0], *others], "auc") == Trend("auc", (0.1, 0.2, 0.2, 0.3), comparable=False)


def test_what_is_no_earlier_run_of_the_experiment_does_not_count() -> None:
    newest, *earlier = runs(0.1, 0.2, 0.3)
    for change in (
        {"experiment_id": "2"},
        {"status": Status.FAILED},
        {"deleted": True},
        {"metrics": {"loss": Metric(1.0)}},
        {"started": NOON + timedelta(days=9)},
    ):
        assert trend(newest, [replace(run, **change) for run in earlier], "auc") is None, change
    assert trend(newest, [earlier[0], earlier[0]], "auc") is None, "the pinned run may be among the newest"
