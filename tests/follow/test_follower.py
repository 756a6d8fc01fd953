"""A follower keeps the index true to a tracker, whatever people do there and whatever goes wrong."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from bot.facts.runs import Event, Status
from bot.ports.errors import TrackerDown, TrackerRefused
from bot.ports.store import Store
from tests.fakes.tracker import FakeTracker
from tests.follow.world import HOUR, MINUTE, POLL, SECOND, START, FollowWorld, fake_world

DOWN = TrackerDown("main cannot be reached.")


@pytest.fixture
def world(store: Store) -> FollowWorld:
    """A tracker with one experiment that is followed since its first tick."""
    world = fake_world(store)
    world.experiment = world.hand.create_experiment("churn")  # type: ignore[attr-defined]
    world.settle()
    world.told.clear()
    return world


def begin(world: FollowWorld, **more: object) -> str:
    more.setdefault("started", world.clock.now)
    return str(world.hand.create_run(world.experiment, **more))  # type: ignore[attr-defined]


def end(world: FollowWorld, run_id: str, status: str = "FINISHED") -> None:
    world.hand.end(run_id, status, ended=world.clock.now)


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
    world.hand.delete_experiment(world.experiment)  # type: ignore[attr-defined]
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


def test_first_contact_is_quiet_about_history_and_loud_about_what_follows(store: Store) -> None:
    world = fake_world(store, page=10)
    experiment = world.hand.create_experiment("churn")
    for number in range(35):
        old = world.hand.create_run(experiment, started=START - timedelta(days=1) + number * MINUTE)
        world.hand.end(old, ended=START - HOUR)
    open_run = world.hand.create_run(experiment, started=START - 5 * MINUTE)
    report = world.tick(SECOND)
    assert report.next_in <= SECOND
    with store.read() as unit:
        state = unit.trackers.get("main")
    assert (state.backfilled, state.backfill_done, state.followed_from) == (False, 10, world.clock.now + SECOND)
    world.clock.now += MINUTE
    world.hand.end(open_run, "FAILED", ended=world.clock.now)
    world.tick(SECOND)
    assert world.loud() == [Event.FAILED]
    world.restart()
    world.settle()
    with store.read() as unit:
        state = unit.trackers.get("main")
        assert len(unit.runs.ids("main", deleted=False)) == 36
    assert (state.backfilled, state.backfill_total) == (True, state.backfill_done)
    assert world.loud() == [Event.FAILED]


def test_history_longer_than_a_page_at_one_moment_is_read_to_its_end(store: Store) -> None:
    world = fake_world(store, page=3)
    experiment = world.hand.create_experiment("imported")
    made = {world.hand.create_run(experiment, started=None) for _ in range(8)}
    made |= {world.hand.create_run(experiment, started=START - HOUR) for _ in range(8)}
    world.settle()
    with store.read() as unit:
        assert unit.runs.ids("main", deleted=False) == made


def test_nothing_is_told_again_after_a_restart(world: FollowWorld) -> None:
    run_id = begin(world)
    end(world, run_id)
    world.tick()
    for _ in range(3):
        world.restart()
        world.tick()
    assert world.loud(run_id) == [Event.STARTED, Event.FINISHED]


def test_what_happened_while_rundown_was_down_is_dated_when_it_happened(world: FollowWorld) -> None:
    running = begin(world)
    world.tick()
    world.clock.now += HOUR
    ended_at = world.clock.now
    end(world, running, "FAILED")
    both = begin(world)
    end(world, both)
    world.restart()
    world.tick(5 * HOUR)
    assert world.loud(running) == [Event.STARTED, Event.FAILED]
    assert world.loud(both) == [Event.STARTED, Event.FINISHED]
    assert {change.at for change in world.told if change.event is not Event.STARTED} == {ended_at}


@pytest.mark.parametrize("trouble", [DOWN, TrackerRefused("main wants other credentials.")])
def test_trouble_is_kept_told_once_and_forgotten_on_recovery(world: FollowWorld, trouble: Exception) -> None:
    world.hand.trouble = trouble
    first, second = world.tick(), world.tick()
    since = world.clock.now - POLL
    assert first.error == str(trouble)
    assert POLL < first.next_in < second.next_in
    with world.store.read() as unit:
        state = unit.trackers.get("main")
    assert (state.error, state.error_since) == (str(trouble), since)
    assert world.notices() == {"tracker:main": str(trouble)}
    world.hand.trouble = None
    report = world.tick()
    with world.store.read() as unit:
        state = unit.trackers.get("main")
    assert (report.error, state.error, state.error_since, world.notices()) == ("", "", None, {})
    assert state.last_success == world.clock.now or state.last_success > world.clock.now - SECOND
    assert report.next_in == POLL


def test_waiting_has_an_end(world: FollowWorld) -> None:
    world.hand.trouble = DOWN
    assert max(world.tick().next_in for _ in range(30)) == 5 * MINUTE


@pytest.mark.parametrize(
    "question", ["experiments", "running", "started_since", "ended_since", "page", "deleted", "by_ids", "get"]
)
def test_trouble_in_the_middle_of_a_tick_loses_nothing(world: FollowWorld, question: str) -> None:
    first, gone = begin(world), begin(world)
    world.tick()
    end(world, first)
    world.hand.collect_garbage(gone)
    second = begin(world)
    end(world, second, "FAILED")
    world.hand.trouble, world.hand.trouble_in = DOWN, question
    for _ in range(7):
        world.tick()
    world.hand.trouble = None
    for _ in range(7):
        world.tick()
    assert world.loud(first) == [Event.STARTED, Event.FINISHED]
    assert world.loud(second) == [Event.STARTED, Event.FAILED]
    assert world.loud(gone) == [Event.STARTED, Event.DELETED]


def test_a_run_that_breaks_the_telling_stops_no_other(world: FollowWorld) -> None:
    bad, good = begin(world), begin(world)
    world.poison.add(bad)
    world.tick()
    assert world.loud() == [Event.STARTED]
    assert world.loud(good) == [Event.STARTED]
    assert list(world.notices()) == [f"run:main/{bad}"]
    end(world, bad)
    world.poison.clear()
    world.restart()
    for _ in range(40):
        world.tick()
    assert world.loud(bad) == [Event.STARTED, Event.FINISHED]
    assert world.notices() == {}


@pytest.mark.parametrize("text", ["half a pair \ud800", "a nul \x00", "\u202e" * 5000])
def test_text_that_no_database_likes_stops_no_other_run(world: FollowWorld, text: str) -> None:
    bad, good = begin(world, name=text, tags={text: text}), begin(world)
    assert world.tick().error == ""
    assert world.loud(good) == [Event.STARTED]
    assert world.loud(bad) == [Event.STARTED] or f"run:main/{bad}" in world.notices()


def test_a_run_that_cannot_be_read_stops_no_other_and_is_not_taken_for_gone(world: FollowWorld) -> None:
    bad, good = begin(world), begin(world)
    world.tick()
    world.hand.unreadable.add(bad)
    end(world, good)
    for _ in range(10):
        assert world.tick().error == ""
    assert world.loud(good) == [Event.STARTED, Event.FINISHED]
    assert world.loud(bad) == [Event.STARTED]
    assert not world.known(bad).gone


def test_a_clock_that_is_set_back_stops_nothing(world: FollowWorld) -> None:
    run_id = begin(world)
    world.tick()
    world.clock.now -= HOUR
    end(world, run_id, "FAILED")
    world.restart()
    for _ in range(8):
        world.tick()
    assert world.loud(run_id) == [Event.STARTED, Event.FAILED]


def test_an_unchanged_tracker_announces_nothing(world: FollowWorld) -> None:
    begin(world)
    world.tick()
    world.told.clear()
    assert sum(world.tick().changes for _ in range(20)) == 0
    assert world.told == []


def test_many_news_at_once_are_read_page_by_page(store: Store) -> None:
    world = fake_world(store, page=5)
    experiment = world.hand.create_experiment("churn")
    world.settle()
    for number in range(60):
        run_id = world.hand.create_run(experiment, started=world.clock.now + 2 * MINUTE + number * SECOND)
        world.hand.end(run_id, ended=world.clock.now + 3 * MINUTE + number * SECOND)
    report = world.tick(10 * MINUTE)
    assert report.next_in <= SECOND
    for _ in range(6):
        world.tick(SECOND)
    assert world.loud().count(Event.FINISHED) == 60


def test_thousands_of_abandoned_runs_are_not_reread_at_every_look(store: Store) -> None:
    world = fake_world(store)
    experiment = world.hand.create_experiment("churn")
    old = [world.hand.create_run(experiment, started=START - timedelta(days=60)) for _ in range(600)]
    world.settle()
    fresh = world.hand.create_run(experiment, started=world.clock.now)
    seen = [world.tick(SECOND).seen for _ in range(5)]
    assert max(seen) < 20
    world.hand.end(fresh, ended=world.clock.now)
    world.hand.end(old[0], "FAILED")
    world.tick(SECOND)
    assert world.loud(fresh) == [Event.STARTED, Event.FINISHED]
    world.tick(HOUR)
    assert world.loud(old[0]) == [Event.FAILED]


def test_two_ticks_at_once_are_one(store: Store) -> None:
    entered, leave = threading.Event(), threading.Event()

    class Slow(FakeTracker):
        def running(self, *arguments: object, **more: object) -> list[object]:  # type: ignore[override]
            entered.set()
            leave.wait(30)
            return []

    world = fake_world(store)
    world.tracker = Slow("main", world.clock)
    world.restart()
    thread = threading.Thread(target=world.follower.tick)
    thread.start()
    assert entered.wait(30)
    report = world.follower.tick()
    leave.set()
    thread.join(30)
    assert (report.seen, report.error) == (0, "")
    assert world.tracker.asked.count("experiments") == 1


def test_a_tracker_in_trouble_holds_back_no_other(store: Store) -> None:
    bad, good = fake_world(store, "bad"), fake_world(store, "good")
    experiment = good.hand.create_experiment("churn")
    bad.hand.trouble = DOWN
    bad.tick()
    good.settle()
    run_id = good.hand.create_run(experiment, started=good.clock.now)
    bad.tick()
    good.tick()
    assert good.loud(run_id) == [Event.STARTED]
    assert list(good.notices()) == ["tracker:bad"]


def test_the_first_contact_may_fail_and_history_is_still_quiet(store: Store) -> None:
    world = fake_world(store)
    experiment = world.hand.create_experiment("churn")
    old = world.hand.create_run(experiment, started=START)
    world.hand.end(old, ended=START)
    world.hand.trouble = DOWN
    world.tick(HOUR)
    world.hand.trouble = None
    world.settle()
    assert world.loud() == []
    assert world.known(old).run.ended == START


def test_times_are_utc(world: FollowWorld) -> None:
    run_id = begin(world)
    world.tick()
    started = world.known(run_id).run.started
    assert isinstance(started, datetime)
    assert started.utcoffset() == UTC.utcoffset(None)
