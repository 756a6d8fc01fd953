"""The bench of verdicts counts as its page says: by place or by moment, with people who disagree."""

import math

import pytest

from tests.bench.regressions.methods import METHODS, people, perfherder, rundown, threshold, timed
from tests.bench.regressions.score import Alarm, Replayed, score
from tests.bench.regressions.series import Marked, generated

STEP = [1.0, 1.01] * 20 + [2.0, 2.02] * 20
MARKED = Marked("step", STEP, {"ann": [40], "bob": [42], "cy": [12]})
CALM = Marked("calm", [1.0, 1.01] * 40, {"ann": [30], "bob": [], "cy": []})


def test_a_point_is_agreed_on_when_more_than_half_marked_one_near_it() -> None:
    assert (MARKED.consensus, MARKED.anybody) == ([40, 42], [12, 40, 42])
    assert CALM.consensus == []


def test_alarms_count_at_their_place_or_at_their_moment() -> None:
    found = [Replayed([Alarm(41, 50), Alarm(70, 75)], [41], 0.5), Replayed([Alarm(31, 40)], [31], 0.1)]
    placed = score([MARKED, CALM], found)
    assert (placed.precision, placed.recall, placed.false_series) == (pytest.approx(2 / 3), 1.0, 1.0)
    assert (placed.delay, placed.withdrawn, placed.milliseconds) == (
        9.0,
        pytest.approx(1 / 3),
        pytest.approx(300.0),
    )
    assert placed.f1 == pytest.approx(0.8)
    moment = score([MARKED, CALM], found, by_moment=True)
    assert (moment.precision, moment.recall, moment.f1) == (0.0, 0.0, 0.0)


def test_who_never_alarms_scores_nothing() -> None:
    silent = score([MARKED, CALM], [Replayed([], [], 0.0)] * 2)
    assert (silent.f1, silent.false_series, silent.recall) == (0.0, 0.0, 0.0)


@pytest.mark.parametrize("name", METHODS)
def test_every_method_sees_a_large_step_and_only_that(name: str) -> None:
    found = timed(METHODS[name], STEP)
    assert [one.place for one in found.alarms] == [40]
    assert found.alarms[0].at >= 40


def test_methods_are_told_one_point_at_a_time() -> None:
    """What is told by a point does not depend on later ones."""
    for method in (rundown, perfherder, threshold(0.05)):
        whole = [one for one in method(STEP)[0] if one.at < 55]
        assert method(STEP[:55])[0] == whole


def test_the_generated_series_are_the_same_each_time() -> None:
    first, second = generated(1), generated(1)
    assert [one.values for one in first] == [one.values for one in second]
    assert {one.name for one in first if one.consensus} == {
        "step to 106 0",
        "step to 94 0",
        "step to 110 0",
        "fixed 0",
        "several 0",
    }
    assert all(math.isfinite(value) for one in first for value in one.values)


def test_a_person_is_held_to_the_others() -> None:
    held, found = people([MARKED])
    assert [sorted(one.marks) for one in held] == [["bob", "cy"], ["ann", "cy"], ["ann", "bob"]]
    assert [[alarm.place for alarm in one.alarms] for one in found] == [[40], [42], [12]]
    assert score(held, found).recall == 0.0
    assert people([Marked("made", STEP, {"made": [40]})]) == ([], [])
