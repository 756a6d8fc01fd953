"""The noise of a metric: replicates, else recent runs, else the least change; at any scale."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.facts.verdicts import Method, MinChange
from bot.judge.noise import centre_of, noise_of, spread_of
from tests.judge.series import points

LEAST = MinChange(share=0.01)


def test_replicates_speak_before_the_spread_of_the_lineage() -> None:
    values, groups = [1.0, 1.2, 5.0, 5.2, 9.0, 9.2, 9.1], ["a", "a", "b", "b", "c", "c", "c"]
    noise, degrees = noise_of(points(values, groups), LEAST)
    assert (noise.method, noise.runs, degrees) == (Method.REPLICATES, 7, 4)
    assert noise.spread == pytest.approx(math.sqrt((0.02 + 0.02 + 0.02) / 4))


def test_too_few_replicates_are_not_believed() -> None:
    noise, degrees = noise_of(points([1.0, 1.2, 5.0, 5.2, 9.0], ["a", "a", "b", "b", ""]), LEAST)
    assert (noise.method, noise.runs, degrees) == (Method.LINEAGE, 5, 4)


def test_runs_that_are_all_equal_leave_the_least_change() -> None:
    assert noise_of(points([0.9] * 6), LEAST)[0].method is Method.MINIMUM
    assert noise_of(points([0.9] * 6), LEAST)[0].spread == pytest.approx(0.0045)
    assert noise_of(points([0.9] * 6), MinChange(amount=0.2))[0].spread == pytest.approx(0.1)
    assert noise_of(points([0.0] * 6), LEAST)[0].spread == 0


def test_rounding_in_the_last_digits_is_no_noise() -> None:
    assert noise_of(points([0.1 + 0.2, 0.3, 0.3, 0.1 + 0.2, 0.3]), LEAST)[0].method is Method.MINIMUM


def test_one_outlier_among_many_is_drawn_in() -> None:
    calm = [math.sin(7 * n) for n in range(30)]
    assert spread_of([*calm, 1000.0]) < 1.4 * spread_of(calm)
    assert abs(centre_of([*calm, 1000.0]) - centre_of(calm)) < 0.2


@given(
    st.lists(st.floats(-1e3, 1e3), min_size=5, max_size=60),
    st.floats(0.01, 100),
    st.floats(-1e3, 1e3),
)
def test_the_spread_moves_with_the_unit_and_not_with_the_zero(
    values: list[float], by: float, shift: float
) -> None:
    moved = [by * one + shift for one in values]
    assert spread_of(moved) == pytest.approx(by * spread_of(values), rel=1e-6, abs=1e-8)
    assert centre_of(moved) == pytest.approx(by * centre_of(values) + shift, rel=1e-6, abs=1e-6)
