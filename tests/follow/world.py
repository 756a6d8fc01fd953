"""A follower with its tracker, its database and a clock that tests move by hand."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.facts.runs import Change, Event, RunRef, TrackerState
from bot.follow.tracker import Follower, TickReport
from bot.ports.index import Known
from bot.ports.store import Store, Unit
from bot.ports.tracker import Tracker
from bot.settings import FollowingSettings
from tests.fakes.tracker import FakeTracker

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
POLL = 10 * SECOND


@dataclass
class Clock:
    """A clock that stands still until it is moved."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now


class WallClock:
    """The time, and how far a test has moved it on."""

    def __init__(self) -> None:
        self.ahead = timedelta(0)

    @property
    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    @now.setter
    def now(self, moment: datetime) -> None:
        self.ahead = moment - datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.now


class WatchedStore:
    """A store that counts its write transactions, and fails them while it is `broken`."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.writes = 0
        self.broken = False
        self.read = store.read
        self.revision = store.revision

    @contextmanager
    def write(self) -> Iterator[Unit]:
        self.writes += 1
        if self.broken:
            raise OSError("disk full")
        with self.store.write() as unit:
            yield unit


@dataclass
class FollowWorld:
    """What a test does to a followed tracker, and what was announced of it."""

    store: Store
    tracker: Tracker
    hand: Any
    clock: Clock | WallClock
    page: int = 1000
    experiment: str = ""
    told: list[Change] = field(default_factory=list)
    poison: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """A new follower on the same database, as after a crash."""
        self.follower = Follower(
            self.tracker,
            self.store,
            self.announce,
            self.clock,
            FollowingSettings(),
            POLL,
            ops_channel="#ops",
            page=self.page,
        )

    def announce(self, unit: Unit, changes: Sequence[Change], now: datetime) -> None:
        if any(change.run.run_id in self.poison for change in changes):
            raise ValueError("this run breaks the template")
        self.told += changes

    def tick(self, after: timedelta = POLL) -> TickReport:
        self.clock.now += after
        return self.follower.tick()

    def settle(self, ticks: int = 20) -> None:
        """Tick until history is read, and leave the second in which the tracker was met."""
        for _ in range(ticks):
            assert self.tick(SECOND).error == ""
            if self.state().backfilled:
                self.clock.now += 2 * SECOND
                return
        raise AssertionError("history was never read to its end")

    def loud(self, run_id: str = "") -> list[Event]:
        """What was announced of a run (or of all), in order; history left out."""
        return [change.event for change in self.told if not change.quiet and run_id in ("", change.run.run_id)]

    def known(self, run_id: str) -> Known:
        ref = RunRef(self.tracker.name, run_id)
        with self.store.read() as unit:
            return unit.runs.get([ref])[ref]

    def state(self) -> TrackerState:
        with self.store.read() as unit:
            return unit.trackers.get(self.tracker.name)

    def messages(self) -> int:
        """How many messages wait to be posted."""
        with self.store.read() as unit:
            return unit.outbox.backlog()

    def notices(self) -> dict[str, str]:
        with self.store.read() as unit:
            return {key: text for key, text, _ in unit.notices.open()}


def fake_world(store: Store, name: str = "main", **more: Any) -> FollowWorld:
    clock = Clock()
    fake = FakeTracker(name, clock)
    return FollowWorld(store, fake, fake, clock, **more)


def followed_world(store: Store) -> FollowWorld:
    """A tracker with one experiment that has been followed for a moment; nothing was told of it yet."""
    world = fake_world(store)
    world.experiment = world.hand.create_experiment("churn")
    world.settle()
    world.told.clear()
    return world


def begin(world: FollowWorld, **more: Any) -> str:
    """Start a run now."""
    more.setdefault("started", world.clock.now)
    return str(world.hand.create_run(world.experiment, **more))


def end(world: FollowWorld, run_id: str, status: str = "FINISHED") -> None:
    """End a run now."""
    world.hand.end(run_id, status, ended=world.clock.now)
