"""A follower sees whatever people do to runs on a tracker, each thing once."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from bot.facts.runs import Event, Status
from bot.ports.errors import TrackerDown
from tests.follow.world import HOUR, MINUTE, START, FollowWorld, begin, end

DOWN = TrackerDown("main cannot be reached.")


@pytest.mark.parametrize("status", ["FINISHED", "FAILED", "KILLED"])
def test_a_run_is_seen_to_start_and_to_end(world: FollowWorld, status: str) -> None:
    run_id = begin(world)
    world.tick()
    assert world.loud(run_id) == [Event.STARTED]
    end(world, run_id, status)
    for _ in range(20):
        world.tick()
    assert world.loud(run_id) == [Event.STARTED, Event(status.lower())]
    assert world.known(run_id).run.status is Status(status)


def test_a_run_that_came_and_went_between_two_looks_is_seen(world: FollowWorld) -> None:
    run_id = begin(world)
    end(world, run_id, "FAILED")
    world.tick()
    assert world.loud(run_id) == [Event.STARTED, Event.FAILED]


def a_run_without_times(world: FollowWorld) -> str:
    run_id = begin(world, started=None)
    world.tick()
    world.hand.end(run_id)
    return run_id


def a_run_whose_end_is_back_dated(world: FollowWorld) -> str:
    run_id = begin(world)
    world.tick()
    world.hand.end(run_id, ended=START - timedelta(days=2))
    return run_id


def a_run_of_a_clock_that_is_ahead(world: FollowWorld) -> str:
    run_id = begin(world, started=world.clock.now + 3 * HOUR)
    world.tick()
    world.hand.end(run_id, ended=world.clock.now + 3 * HOUR)
    return run_id


def a_run_of_a_clock_that_is_behind(world: FollowWorld) -> str:
    world.tick(HOUR)
    run_id = begin(world, started=world.clock.now - 30 * MINUTE)
    world.hand.end(run_id, ended=world.clock.now - 30 * MINUTE)
    return run_id


def a_run_imported_while_followed(world: FollowWorld) -> str:
    world.tick(5 * HOUR)
    run_id = begin(world, started=world.clock.now - 4 * HOUR)
    world.hand.end(run_id, ended=world.clock.now - 3 * HOUR)
    return run_id


@pytest.mark.parametrize(
    "happening",
    [
        a_run_without_times,
        a_run_whose_end_is_back_dated,
        a_run_of_a_clock_that_is_ahead,
        a_run_of_a_clock_that_is_behind,
        a_run_imported_while_followed,
    ],
)
def test_odd_clocks_hide_no_end(world: FollowWorld, happening: Callable[[FollowWorld], str]) -> None:
    run_id = happening(world)
    for _ in range(15):
        world.tick()
    assert world.loud(run_id) == [Event.STARTED, Event.FINISHED]


def test_edits_deletion_restoring_and_reopening_are_each_seen_once(world: FollowWorld) -> None:
    run_id = begin(world)
    end(world, run_id)
    world.tick()
    for act, event in (
        (lambda: world.hand.tag(run_id, "mlflow.note.content", "it works"), Event.EDITED),
        (lambda: world.hand.log(run_id, "auc", 0.75), Event.EDITED),
        (lambda: world.hand.delete(run_id), Event.DELETED),
        (lambda: world.hand.restore(run_id), Event.RESTORED),
        (lambda: world.hand.reopen(run_id), Event.REOPENED),
        (lambda: end(world, run_id, "FAILED"), Event.FAILED),
    ):
        world.told.clear()
        act()
        for _ in range(15):
            world.tick()
        assert world.loud(run_id) == [event]


def test_an_old_run_that_nobody_touched_for_months_is_still_reread(world: FollowWorld) -> None:
    run_id = begin(world)
    end(world, run_id)
    world.tick()
    world.tick(timedelta(days=90))
    world.hand.tag(run_id, "team", "growth")
    for _ in range(8):
        world.tick()
    assert world.loud(run_id)[-1] is Event.EDITED


def test_a_collected_run_is_told_as_deleted(world: FollowWorld) -> None:
    running, ended = begin(world), begin(world)
    end(world, ended)
    world.tick()
    world.hand.collect_garbage(running)
    world.hand.collect_garbage(ended)
    for _ in range(15):
        world.tick()
    assert world.loud(running) == [Event.STARTED, Event.DELETED]
    assert world.loud(ended) == [Event.STARTED, Event.FINISHED, Event.DELETED]
    assert world.known(running).gone
    assert world.known(ended).gone


def test_a_run_of_a_deleted_experiment_is_deleted(world: FollowWorld) -> None:
    run_id = begin(world)
    world.tick()
    world.hand.delete_experiment(world.experiment)
    for _ in range(15):
        world.tick()
    assert world.loud(run_id) == [Event.STARTED, Event.DELETED]


def test_a_new_experiment_is_followed_at_once_and_a_renamed_one_keeps_its_runs(world: FollowWorld) -> None:
    experiment = world.hand.create_experiment("fraud")
    run_id = world.hand.create_run(experiment, started=world.clock.now)
    world.tick()
    assert world.known(run_id).run.experiment == "fraud"
    world.hand.rename_experiment(experiment, "fraud-2")
    world.tick()
    assert world.known(run_id).run.experiment == "fraud-2"
    assert world.loud(run_id) == [Event.STARTED]


def test_a_silent_run_stalls_and_lives_again(world: FollowWorld) -> None:
    run_id = begin(world)
    world.tick()
    world.hand.log(run_id, "loss", 1.0)
    world.tick(2 * HOUR)
    world.tick(HOUR - MINUTE)
    assert world.loud(run_id) == [Event.STARTED]
    world.tick(2 * MINUTE)
    world.tick(HOUR)
    assert world.loud(run_id) == [Event.STARTED, Event.STALLED]
    assert world.known(run_id).run.stalled
    world.hand.log(run_id, "loss", 0.5)
    world.tick()
    assert not world.known(run_id).run.stalled
    world.tick(4 * HOUR)
    assert world.loud(run_id) == [Event.STARTED, Event.STALLED, Event.EDITED, Event.STALLED]


def test_silence_during_an_outage_is_not_held_against_a_run(world: FollowWorld) -> None:
    run_id = begin(world)
    world.tick()
    world.hand.trouble = DOWN
    world.tick(4 * HOUR)
    assert world.loud(run_id) == [Event.STARTED]
    world.hand.log(run_id, "loss", 1.0)
    world.hand.trouble = None
    world.tick(MINUTE)
    assert world.loud(run_id) == [Event.STARTED]


def test_an_unchanged_tracker_announces_nothing(world: FollowWorld) -> None:
    begin(world)
    world.tick()
    world.told.clear()
    assert sum(world.tick().changes for _ in range(20)) == 0
    assert world.told == []


def test_times_are_utc(world: FollowWorld) -> None:
    run_id = begin(world)
    world.tick()
    started = world.known(run_id).run.started
    assert isinstance(started, datetime)
    assert started.utcoffset() == UTC.utcoffset(None)
