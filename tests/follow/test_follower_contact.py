"""A follower meets a tracker, and meets it again after a pause: history is quiet, nothing is lost."""

from datetime import timedelta

import pytest

from bot.facts.runs import Change, Event
from bot.ports.errors import TrackerDown
from bot.ports.store import Store
from tests.follow.world import HOUR, MINUTE, SECOND, START, FollowWorld, WatchedStore, begin, end, fake_world

DOWN = TrackerDown("main cannot be reached.")


def test_first_contact_is_quiet_about_history_and_loud_about_what_follows(store: Store) -> None:
    world = fake_world(store, page=10)
    experiment = world.hand.create_experiment("churn")
    for number in range(35):
        old = world.hand.create_run(experiment, started=START - timedelta(days=1) + number * MINUTE)
        world.hand.end(old, ended=START - HOUR)
    open_run = world.hand.create_run(experiment, started=START - 5 * MINUTE)
    report = world.tick(SECOND)
    assert report.next_in <= SECOND
    state = world.state()
    assert (state.backfilled, state.backfill_done, state.followed_from) == (False, 10, world.clock.now + SECOND)
    world.clock.now += MINUTE
    world.hand.end(open_run, "FAILED", ended=world.clock.now)
    world.tick(SECOND)
    assert world.loud() == [Event.FAILED]
    world.restart()
    world.settle()
    state = world.state()
    with store.read() as unit:
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


def test_what_another_process_has_told_is_not_told_again(world: FollowWorld) -> None:
    run_id = begin(world)
    world.tick()
    end(world, run_id)
    key = f"main/{run_id}:finished:0"
    with world.store.write() as unit:
        assert unit.changes.add(Change(key, Event.FINISHED, world.known(run_id).run, 0, START))
    world.tick()
    assert world.loud(run_id) == [Event.STARTED]


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


@pytest.fixture
def long(store: Store) -> FollowWorld:
    """A tracker with so many runs that reading all of it again takes hours."""
    world = fake_world(store, page=2)
    world.experiment = world.hand.create_experiment("churn")
    for number in range(40):
        world.hand.create_run(world.experiment, started=START - timedelta(days=9) + number * HOUR)
    world.settle(40)
    return world


def test_a_clock_that_is_minutes_behind_hides_nothing_on_a_long_tracker(long: FollowWorld) -> None:
    long.tick(HOUR)
    run_id = begin(long, started=long.clock.now - 12 * MINUTE)
    long.hand.end(run_id, ended=long.clock.now - 11 * MINUTE)
    for _ in range(7):
        long.tick()
    assert long.loud(run_id) == [Event.STARTED, Event.FINISHED]


def test_a_restored_run_is_seen_soon_on_a_long_tracker(long: FollowWorld) -> None:
    run_id = begin(long)
    long.tick()
    long.hand.delete(run_id)
    long.tick(MINUTE)
    long.tick(HOUR)
    long.hand.restore(run_id)
    long.hand.end(run_id, ended=START)
    long.tick(MINUTE)
    assert long.loud(run_id) == [Event.STARTED, Event.DELETED, Event.FINISHED, Event.RESTORED]


def test_questions_reach_back_to_the_last_look_only(long: FollowWorld) -> None:
    long.tick(HOUR)
    assert long.state().cursor == long.clock.now.replace(microsecond=0)
    for number in range(40):
        begin(long, started=long.clock.now + number * SECOND)
    before = long.state().cursor
    long.tick(MINUTE)
    assert long.state().cursor == before
    for _ in range(8):
        long.tick(SECOND)
    assert (long.state().cursor or START) > (before or START)


def test_an_unchanged_tracker_costs_one_write_a_look(store: Store) -> None:
    watched = WatchedStore(store)
    world = fake_world(watched)
    experiment = world.hand.create_experiment("churn")
    for _ in range(300):
        world.hand.log(world.hand.create_run(experiment, started=START), "loss", float("nan"))
    world.settle()
    watched.writes = 0
    for _ in range(10):
        world.tick()
    assert watched.writes == 10


def test_a_database_that_fails_is_no_fault_of_any_run(store: Store) -> None:
    watched = WatchedStore(store)
    world = fake_world(watched)
    world.experiment = world.hand.create_experiment("churn")
    world.settle()
    run_id = begin(world)
    watched.broken = True
    with pytest.raises(OSError, match="disk full"):
        world.tick()
    watched.broken = False
    world.tick()
    assert world.loud(run_id) == [Event.STARTED]
    assert world.notices() == {}
