"""A follower with its tracker, its database and a clock that tests move by hand."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.facts.runs import Change, Event, RunRef
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


@dataclass
class FollowWorld:
    """What a test does to a followed tracker, and what was announced of it."""

    store: Store
    tracker: Tracker
    hand: Any
    clock: Clock
    page: int = 1000
    told: list[Change] = field(default_factory=list)
    poison: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """A new follower on the same database, as after a crash."""
        self.follower = Follower(
            self.tracker, self.store, self.announce, self.clock, FollowingSettings(), POLL, page=self.page
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
            with self.store.read() as unit:
                backfilled = unit.trackers.get(self.tracker.name).backfilled
            if backfilled:
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

    def notices(self) -> dict[str, str]:
        with self.store.read() as unit:
            return {key: text for key, text, _ in unit.notices.open()}


def fake_world(store: Store, name: str = "main", **more: Any) -> FollowWorld:
    clock = Clock()
    fake = FakeTracker(name, clock)
    return FollowWorld(store, fake, fake, clock, **more)
