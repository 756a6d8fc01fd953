"""A thinned curve keeps what is seen of it: its ends, its extremes, its gaps, and their order."""

import math
from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bot.render.decimation import POINTS, kept

VALUES = st.lists(st.floats(width=32), min_size=1, max_size=400)
STRETCHES = st.integers(1, 20)


@given(VALUES, STRETCHES)
def test_ends_and_extremes_stay_in_order(values: list[float], stretches: int) -> None:
    places = kept(np.array(values), stretches).tolist()
    assert places == sorted(set(places))
    assert (places[0], places[-1]) == (0, len(values) - 1)
    finite = [value for value in values if math.isfinite(value)]
    drawn = [values[place] for place in places if math.isfinite(values[place])]
    assert (min(finite, default=0), max(finite, default=0)) == (min(drawn, default=0), max(drawn, default=0))


@given(VALUES, STRETCHES)
def test_few_points_are_left_and_few_points_stay(values: list[float], stretches: int) -> None:
    places = kept(np.array(values), stretches)
    assert len(places) <= POINTS * stretches
    assert len(values) > POINTS * stretches or len(places) == len(values)


@given(VALUES, STRETCHES)
def test_a_gap_stays_where_it_was(values: list[float], stretches: int) -> None:
    places = kept(np.array(values), stretches).tolist()
    size = -(-len(values) // stretches)
    broken = {place // size for place, value in enumerate(values) if not math.isfinite(value)}
    assert {place // size for place in places if not math.isfinite(values[place])} == broken


@given(VALUES, STRETCHES)
def test_every_stretch_keeps_its_own_extremes(values: list[float], stretches: int) -> None:
    places = set(kept(np.array(values), stretches).tolist())
    size = -(-len(values) // stretches)
    for start in range(0, len(values), size):
        part = {place: values[place] for place in range(start, min(start + size, len(values)))}
        finite = [value for value in part.values() if math.isfinite(value)]
        drawn = [value for place, value in part.items() if place in places and math.isfinite(value)]
        assert (min(drawn, default=0), max(drawn, default=0)) == (min(finite, default=0), max(finite, default=0))


def test_a_long_curve_is_drawn_with_a_few_points_across() -> None:
    places = kept(np.sin(np.arange(1_000_000) / 1000), 1200).tolist()
    assert 1200 < len(places) <= 6000
    assert max(later - sooner for sooner, later in pairwise(places)) <= 834
