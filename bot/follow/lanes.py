"""The ways a tracker is read: what runs, what began and ended, all of it in turn, and what was deleted."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from bot.facts.runs import TrackerState
from bot.follow.asking import Asking
from bot.ports.tracker import RunPage

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Between two turns of reconciliation questions reach back only this far, which forgives slow commits.
SHORT_OVERLAP = timedelta(minutes=2)
# Runs whose process died stay RUNNING for ever; with more open runs than MANY, those that began more than
# RECENT ago are read once in SELDOM only.
MANY = 50
RECENT = timedelta(days=14)
SELDOM = timedelta(hours=1)
# Pages of one question in one tick; the next tick goes on where this one stopped.
PAGES = 5
# Deleted runs that are cheap enough to be read with every turn.
FEW = 200
MISSING_AT_ONCE = 500


@dataclass(slots=True)
class Lanes:
    """What the ways of reading remember between two ticks; losing it costs a second reading, nothing else.

    `page` is how many runs are read at once, `overlap` how far back questions about beginnings and ends reach.
    """

    page: int
    overlap: timedelta
    stalled_after: timedelta
    resume: dict[str, datetime] = field(default_factory=dict)
    swept: set[str] = field(default_factory=set)
    swept_whole: bool = False
    all_running_at: datetime | None = None
    deleted_at: datetime | None = None
    deleted_wait: timedelta = timedelta(0)

    def running(self, asking: Asking) -> None:
        """Runs that are open now, and by id those that the index holds as open and that are so no more."""
        name, server = asking.tracker.name, asking.round.server
        with asking.store.read() as unit:
            held = unit.runs.open_ids(name)
            every = len(held) <= MANY or self.all_running_at is None or server - self.all_running_at >= SELDOM
            since = EPOCH if every else server - RECENT
            if not every:
                held = unit.runs.open_ids(name, since)
        read_at = asking.round.moment()
        open_now = asking.tracker.running(asking.round.active, None if every else since)
        asking.keep(open_now, read_at, stalled_after=self.stalled_after)
        left = asking.known(held - {run.run_id for run in open_now})
        asking.look_up([run.run_id for run in left if not run.deleted and (run.started or server) > since])
        if every:
            self.all_running_at = server

    def recent(self, asking: Asking, cursor: datetime, *, deep: bool) -> bool:
        """Runs that began or ended since the cursor; False while there is more than one tick may read."""
        since = cursor - (self.overlap if deep else min(self.overlap, SHORT_OVERLAP))
        began = self._pages(asking, "started", asking.tracker.started_since, since)
        ended = self._pages(asking, "ended", asking.tracker.ended_since, since)
        return began and ended

    def sweep(self, asking: Asking, state: TrackerState) -> TrackerState:
        """One page of everything in order of start, so that nothing stays unseen; the state it leaves."""
        start = state.sweep_from or EPOCH
        if state.sweep_from is None:
            self.swept, self.swept_whole = set(), True
        read_at = asking.round.moment()
        page = asking.tracker.page(asking.round.active, start, self.page)
        asking.keep(page.runs, read_at)
        self.swept |= {run.run_id for run in page.runs}
        if page.next is None:
            self._vanished(asking)
        if state.backfilled:
            return replace(state, sweep_from=page.next)
        done = state.backfill_done + len(page.runs)
        total = done if page.next is None else None
        return replace(
            state, sweep_from=page.next, backfill_done=done, backfill_total=total, backfilled=page.next is None
        )

    def deleted(self, asking: Asking) -> None:
        """Runs in the deleted state, and by id those that were in it; seldom where they are many."""
        name, server = asking.tracker.name, asking.round.server
        if self.deleted_at is not None and server - self.deleted_at < self.deleted_wait:
            return
        with asking.store.read() as unit:
            held = unit.runs.ids(name, deleted=True)
        read_at = asking.round.moment()
        now_deleted = asking.tracker.deleted(asking.round.experiments)
        asking.keep(now_deleted, read_at)
        back = asking.known(held - {run.run_id for run in now_deleted})
        asking.look_up([run.run_id for run in back])
        self.deleted_at = server
        self.deleted_wait = min(timedelta(minutes=len(now_deleted) // FEW), SELDOM)

    def _pages(
        self,
        asking: Asking,
        lane: str,
        ask: Callable[..., RunPage],
        since: datetime,
    ) -> bool:
        moment = self.resume.pop(lane, since)
        for _ in range(PAGES):
            read_at = asking.round.moment()
            page = ask(asking.round.active, moment, self.page)
            asking.keep(page.runs, read_at)
            if page.next is None:
                return True
            moment = page.next
        self.resume[lane] = moment
        return False

    def _vanished(self, asking: Asking) -> None:
        """Look for runs that the index holds and that a whole sweep did not show."""
        if self.swept_whole:
            with asking.store.read() as unit:
                held = unit.runs.ids(asking.tracker.name, deleted=False)
            asking.look_up(sorted(held - self.swept)[:MISSING_AT_ONCE])
        self.swept = set()
