"""A follower goes on whatever goes wrong: trackers, runs, clocks and databases."""

import threading
from datetime import timedelta

import pytest

from bot.facts.runs import Event
from bot.ports.errors import EdgeError, TrackerDown, TrackerRefused
from bot.ports.store import Store
from tests.fakes.tracker import FakeTracker
from tests.follow.world import HOUR, MINUTE, POLL, SECOND, START, FollowWorld, begin, end, fake_world

DOWN = TrackerDown("main cannot be reached.")


@pytest.mark.parametrize("trouble", [DOWN, TrackerRefused("main wants other credentials.")])
def test_trouble_is_kept_told_once_and_forgotten_on_recovery(world: FollowWorld, trouble: EdgeError) -> None:
    world.hand.trouble = trouble
    first = world.tick()
    since = world.clock.now
    assert bool(world.notices()) == trouble.permanent
    second = world.tick(MINUTE)
    world.tick(MINUTE)
    assert first.error == str(trouble)
    assert POLL < first.next_in < second.next_in
    assert (world.state().error, world.state().error_since) == (str(trouble), since)
    assert list(world.notices()) == ["tracker:main"]
    assert str(trouble) in world.notices()["tracker:main"]
    assert world.messages() == 1
    world.hand.trouble = None
    report = world.tick()
    state = world.state()
    assert (report.error, state.error, state.error_since, world.notices()) == ("", "", None, {})
    assert timedelta(0) <= (state.last_success or START) - world.clock.now < SECOND
    assert report.next_in == POLL


def test_the_end_of_a_trouble_is_said_in_its_notice_and_its_thread(world: FollowWorld) -> None:
    world.hand.trouble = DOWN
    for _ in range(3):
        world.tick(MINUTE)
    world.hand.trouble = None
    for _ in range(3):
        world.tick()
    with world.store.read() as unit:
        ((channel, notice, thread),) = [
            (post.channel, post, unit.outbox.get(post.channel, f"{post.key}:over"))
            for post in unit.outbox.by_subject("")
            if not post.thread_key
        ]
    assert channel == "#ops"
    assert "answers again" in notice.text
    assert "in trouble" not in notice.text
    assert thread is not None
    assert (thread.thread_key, "answers again" in thread.text) == (notice.key, True)


def test_a_server_that_restarts_is_no_news(world: FollowWorld) -> None:
    for _ in range(5):
        world.hand.trouble = DOWN
        world.tick(MINUTE / 2)
        world.tick(MINUTE / 2)
        world.hand.trouble = None
        world.tick()
    assert world.messages() == 0


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
    assert (bad.state().error, good.state().error) == (str(DOWN), "")
