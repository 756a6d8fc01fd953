"""A run far off is suspected itself; the ordinary run behind it is not."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.facts.verdicts import Stage
from bot.judge.noise import centre_of, spread_of
from bot.judge.verdict import replay
from tests.judge.series import judged, series

STEADY = (0.900, 0.902, 0.899, 0.901, 0.900, 0.898, 0.901, 0.900)
SUSPECTED, CONFIRMED, RECOVERED = Stage.SUSPECTED, Stage.CONFIRMED, Stage.RECOVERED


@pytest.mark.parametrize(
    ("newest", "stages"),
    [
        ((0.80, 0.900, 0.900), [SUSPECTED, None, None]),
        ((0.80, 0.8998, 0.898, 0.901), [SUSPECTED, None, None, None]),
        ((0.80, 0.895), [SUSPECTED, None]),  # four noises, and less than one per cent
        ((0.80, 0.85), [SUSPECTED, CONFIRMED]),  # half way back is far off still
        ((0.80, 0.885), [SUSPECTED, CONFIRMED]),
        ((0.885, 0.80), [SUSPECTED, CONFIRMED]),
        ((0.80, 0.80, 0.900, 0.900), [SUSPECTED, CONFIRMED, None, RECOVERED]),
        ((0.80, 0.80, 0.85, 0.900), [SUSPECTED, CONFIRMED, CONFIRMED, None]),
    ],
)
def test_a_run_is_not_suspected_for_the_one_before_it(
    newest: tuple[float, ...], stages: list[Stage | None]
) -> None:
    assert [one.stage for one in replay(series((*STEADY, *newest)))][len(STEADY) :] == stages


def test_two_outliers_that_confirm_nothing_leave_the_next_run_alone() -> None:
    noisy = [100 + one for one in (2.0, -2, 1, -1, 0, 2, -1, 1, -2, 0, 1, -1, 2, -2, 0, 1)]
    seen = list(replay(series([*noisy, 95.0, 95.0, 99.8])))[len(noisy) :]
    assert [one.stage for one in seen] == [SUSPECTED, SUSPECTED, None]
    assert seen[0].rule.endswith("; noise alone goes so far in 1 of 263 runs")
    assert seen[1].rule.endswith(
        "; noise alone takes it and the run before it so far on average in 1 of 1,171 times"
    )


@settings(max_examples=200, deadline=None)
@given(
    st.integers(0, 2**32),
    st.integers(30, 60),
    st.lists(st.floats(-60, 60), min_size=1, max_size=2),
    st.floats(-1.5, 1.5),
)
def test_an_ordinary_run_is_not_suspected_for_those_before_it(
    seed: int, count: int, outliers: list[float], newest: float
) -> None:
    """Ordinary: one and a half noises off the level before the outliers."""
    before = np.random.default_rng(seed).normal(100, 1, count).tolist()
    level, spread = centre_of(before), spread_of(before)
    values = [*before, *(level + one * spread for one in outliers), level + newest * spread]
    assert judged(values).stage is not Stage.SUSPECTED
