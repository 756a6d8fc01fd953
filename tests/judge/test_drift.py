"""Where a level changed: steps and slides are found where they are, and noise is left alone."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from otava_test_data import generators

from bot.facts.verdicts import MinChange
from bot.judge.drift import changes, newest_change

LEVELS = {"step", "regression_start", "regression_end"}
MADE = {
    "step": lambda seed: generators.step_function(120, value_after=110.0, sigma=2.0, seed=seed),
    "fall": lambda seed: generators.step_function(120, value_after=90.0, sigma=2.0, seed=seed),
    "fixed": lambda seed: generators.regression_fix(
        160, value_regression=115.0, regression_duration=30, sigma=2.0, seed=seed
    ),
    "several": lambda seed: generators.multiple_changes(200, sigma=2.0, seed=seed),
}
QUIET = {
    "constant": lambda seed: generators.constant(100, 0.9),
    "noise": lambda seed: generators.noise_normal(200, sigma=3.0, seed=seed),
    "uniform": lambda seed: generators.noise_uniform(200, seed=seed),
    "outlier": lambda seed: generators.outlier(200, sigma=1.0, seed=seed),
    "banding": lambda seed: generators.banding(200, sigma=1.0, seed=seed),
    "variance": lambda seed: generators.variance_change(200, seed=seed),
}


@pytest.mark.parametrize("kind", MADE)
def test_a_made_change_is_found_where_it_is(kind: str) -> None:
    for seed in range(5):
        made = MADE[kind](seed)
        wanted = [one.index for one in made.change_points if one.change_type in LEVELS]
        found = [one.index for one in changes(made.data)]
        assert len(found) == len(wanted), (seed, found)
        assert all(abs(one - place) <= 5 for one, place in zip(found, wanted, strict=True)), (seed, found)


@pytest.mark.parametrize("kind", QUIET)
def test_noise_is_no_change(kind: str) -> None:
    assert [seed for seed in range(12) if changes(QUIET[kind](seed).data)] == []


def test_a_change_tells_the_levels_on_both_sides() -> None:
    found = newest_change([1.0, 1.1] * 15 + [2.0, 2.1] * 10)
    assert found is not None
    assert (found.index, found.before, found.after) == (30, pytest.approx(1.05), pytest.approx(2.05))


def test_a_change_must_matter() -> None:
    values = [1.0, 1.001] * 15 + [1.05, 1.051] * 10
    assert newest_change(values) is not None
    assert newest_change(values, least=MinChange(share=0.1)) is None
    assert newest_change(values, least=MinChange(amount=0.06)) is None


def test_nothing_is_found_before_the_level_began_or_in_too_few_values() -> None:
    values = [1.0, 1.1] * 15 + [2.0, 2.1] * 10
    assert newest_change(values, start=30) is None
    assert newest_change(values[:10]) is None
    assert newest_change([]) is None


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32), st.floats(0.01, 1000), st.floats(-5, 5))
def test_the_unit_and_the_sign_change_nothing(seed: int, by: float, step: float) -> None:
    values = np.random.default_rng(seed).normal(100, 1, 60)
    values[40:] += step
    places = [one.index for one in changes(values)]
    assert [one.index for one in changes(values * by)] == places
    assert [one.index for one in changes(-values)] == places
