"""Follows one tracker: asks what is running, what began, what ended, and rereads everything in small pages."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.facts.runs import Experiment, TrackerState
from bot.follow.asking import Asking, Round
from bot.follow.lanes import Lanes
from bot.follow.record import Announce, Pass, Record
from bot.notify.notices import tell_ops, tell_over
from bot.ports.errors import EdgeError
from bot.ports.store import Store
from bot.ports.tracker import Tracker
from bot.settings import FollowingSettings

LONGEST_WAIT = timedelta(minutes=5)
# A server that restarts is no news; one that stays away is.
BLIP = timedelta(minutes=1)
BUSY_WAIT = timedelta(seconds=0.5)
# HTTP dates are whole seconds, cut off: the first contact may be up to a second later than they say.
DATE_STEP = timedelta(seconds=1)
# Reading the list of experiments costs little while there are few; many are read once a turn.
FEW_EXPERIMENTS = 200


@dataclass(frozen=True, slots=True)
class TickReport:
    """What one tick did: runs read, new changes, the trouble if there was one, and when to come again."""

    seen: int
    changes: int
    error: str
    next_in: timedelta


class Follower:
    """Keeps the index true to one tracker: call `tick` again and again, from one thread or several.

    `announce` is called with new changes inside the transaction that keeps them. `poll` lies between two
    ticks; a page of the rolling reading of everything has `page` runs. Trouble is told once in `ops_channel`,
    where there is one, when the tracker refuses or stays away for a minute. `step` is told of every point a
    process could die at.
    """

    def __init__(
        self,
        tracker: Tracker,
        store: Store,
        announce: Announce,
        now: Callable[[], datetime],
        following: FollowingSettings,
        poll: timedelta,
        *,
        ops_channel: str = "",
        page: int = 1000,
        step: Pass = lambda _: None,
    ) -> None:
        self.name = tracker.name
        self._tracker = tracker
        self._store = store
        self._now = now
        self._ops_channel = ops_channel
        self.poll = poll
        self._notice = f"tracker:{tracker.name}"
        self._reconcile = following.reconcile
        self._record = Record(tracker.name, store, announce, ops_channel, step)
        self._step = step
        self._lanes = Lanes(page, following.overlap, following.stalled_after)
        self._underway = threading.Lock()
        self._failures = 0
        self._experiments: Sequence[Experiment] = ()
        self._newest: datetime | None = None
        self._turn_at: datetime | None = None

    def tick(self) -> TickReport:
        """Ask once and keep what is told; trouble with the tracker is kept and reported, never raised.

        While another thread is in a tick of this follower, nothing is done.
        """
        if not self._underway.acquire(blocking=False):
            return TickReport(0, 0, "", self.poll)
        try:
            report = self._follow()
            self._failures = 0
        except EdgeError as error:
            self._failures += 1
            return self._trouble(error)
        finally:
            self._underway.release()
        return report

    def _follow(self) -> TickReport:
        state = self._state()
        turn = self._turn_at is None or self._now() - self._turn_at >= self._reconcile
        if turn or len(self._experiments) < FEW_EXPERIMENTS:
            self._refresh_experiments()
        server = self._tracker.server_time()
        if state.followed_from is None:
            state = replace(state, followed_from=server + DATE_STEP, cursor=server)
            self._save(state)
        asking = Asking(self._tracker, self._store, self._record, self._round(state, server))
        self._lanes.running(asking)
        whole = self._lanes.recent(asking, min(state.cursor or server, server), deep=turn)
        if whole:
            state = replace(state, cursor=server)
        if turn or not state.backfilled:
            state = self._lanes.sweep(asking, state)
        if turn:
            self._lanes.deleted(asking)
            self._turn_at = self._now()
        self._save(replace(state, last_success=self._moment(), error="", error_since=None))
        busy = not whole or not state.backfilled
        return TickReport(asking.seen, asking.changes, "", min(BUSY_WAIT, self.poll) if busy else self.poll)

    def _round(self, state: TrackerState, server: datetime) -> Round:
        followed_from = state.followed_from or server
        return Round(self._experiments, server, followed_from, not state.backfilled, self._moment)

    def _refresh_experiments(self) -> None:
        experiments = self._tracker.experiments()
        if list(experiments) != list(self._experiments):
            with self._store.write() as unit:
                unit.runs.put_experiments(experiments)
        self._experiments = experiments

    def _state(self) -> TrackerState:
        with self._store.read() as unit:
            state = unit.trackers.get(self.name)
        self._newest = max(filter(None, (self._newest, state.last_success)), default=None)
        return state

    def _moment(self) -> datetime:
        """The time of a question: later than that of any question before it, even if the clock was set back."""
        now = self._now()
        if self._newest is not None and now <= self._newest:
            now = self._newest + timedelta(microseconds=1)
        self._newest = now
        return now

    def _save(self, state: TrackerState) -> None:
        with self._store.write() as unit:
            if not state.error:
                tell_over(
                    unit, self._ops_channel, self._notice, f"Tracker {self.name} answers again.", self._now()
                )
            unit.trackers.put(state)
            self._step("saving")
        self._step("saved")

    def _trouble(self, error: EdgeError) -> TickReport:
        """Keep since when the tracker has been in trouble, tell it once, and wait longer each time."""
        now = self._now()
        with self._store.write() as unit:
            state = unit.trackers.get(self.name)
            since = state.error_since or now
            unit.trackers.put(replace(state, error=str(error), error_since=since))
            if error.permanent or now - since >= BLIP:
                tell_ops(unit, self._ops_channel, self._notice, _told(self.name, error, state.last_success), now)
        wait = min(self.poll * 2 ** min(self._failures, 10), max(LONGEST_WAIT, self.poll))
        return TickReport(0, 0, str(error), wait)


def _told(name: str, error: EdgeError, last_success: datetime | None) -> str:
    """What the ops channel is told of a tracker's trouble: what it is, what it means, and what to do."""
    read = f"what was read by {last_success:%Y-%m-%d %H:%M} UTC" if last_success else "nothing yet"
    return (
        f"Tracker {name} is in trouble: {error}\nIts news waits, and commands answer from {read}. "
        "I go on trying, nothing is lost; `rundown check` says what to look at."
    )
