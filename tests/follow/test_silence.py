"""A run that says nothing for long is stalled, and lives again with its next sign."""

from datetime import timedelta

import pytest

from bot.facts.runs import Event, Metric, Run, Status
from bot.follow.changes import observe, observe_silence
from tests.follow.looks import LIMIT, MINUTE, T0, at, events, look, run, story


def test_a_silent_run_stalls_once_for_each_silence() -> None:
    known, _ = story(look(run(), 1))
    assert observe_silence(known, T0 + LIMIT - MINUTE, LIMIT, T0)[1] == ()
    stalled, told = observe_silence(known, T0 + LIMIT + MINUTE, LIMIT, T0)
    assert [(change.event, change.at, change.quiet) for change in told] == [(Event.STALLED, T0 + LIMIT, False)]
    assert told[0].run.stalled
    assert observe_silence(stalled, T0 + 2 * LIMIT, LIMIT, T0) == (stalled, ())
    alive, revived = observe(stalled, look(run(metrics={"loss": Metric(1.0, 5, at(200))}), 201))
    assert ([change.details for change in revived], alive.run.stalled) == ([("alive again",)], False)
    _, again = observe_silence(alive, at(200) + LIMIT, LIMIT, T0)
    assert [change.event for change in again] == [Event.STALLED]
    assert again[0].key != told[0].key


def test_a_stalled_run_stays_stalled_while_nothing_is_heard() -> None:
    stalled, _ = observe_silence(story(look(run(), 1))[0], T0 + LIMIT, LIMIT, T0)
    after, told = observe(stalled, look(run(), 400))
    assert (told, after.run.stalled) == ((), True)


def test_a_stalled_run_that_ends_only_ends() -> None:
    stalled, _ = observe_silence(story(look(run(), 1))[0], T0 + LIMIT, LIMIT, T0)
    after, told = observe(stalled, look(run(Status.FAILED, ended=at(300)), 301))
    assert (events(told), after.run.stalled) == ([(Event.FAILED, 0)], False)


def test_a_run_that_fell_silent_before_it_was_followed_stalls_quietly() -> None:
    known, _ = story(look(run(), 60 * 24, followed_from=at(60 * 24)))
    _, told = observe_silence(known, at(60 * 24), LIMIT, at(60 * 24))
    assert [(change.event, change.quiet) for change in told] == [(Event.STALLED, True)]


def test_a_run_without_times_is_silent_since_it_was_first_seen() -> None:
    known, _ = story(look(run(started=None), 60))
    assert observe_silence(known, at(60) + LIMIT - MINUTE, LIMIT, T0)[1] == ()
    assert len(observe_silence(known, at(60) + LIMIT, LIMIT, T0)[1]) == 1


def test_a_sign_of_life_from_a_far_future_is_not_believed() -> None:
    broken = run(metrics={"loss": Metric(1.0, 1, T0 + timedelta(days=900))})
    known, _ = story(look(broken, 1))
    assert len(observe_silence(known, T0 + LIMIT, LIMIT, T0)[1]) == 1


@pytest.mark.parametrize("snapshot", [run(Status.FINISHED), run(deleted=True), run(Status.SCHEDULED)])
def test_only_active_running_runs_can_stall(snapshot: Run) -> None:
    known, _ = story(look(snapshot, 1))
    assert observe_silence(known, T0 + 10 * LIMIT, LIMIT, T0)[1] == ()
