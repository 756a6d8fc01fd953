"""One tick's questions to a tracker: each answer is kept as it comes, no transaction is open meanwhile."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.facts.runs import Experiment, Run, RunRef
from bot.follow.record import Record, Sight
from bot.ports.errors import RunMissing, TrackerRefused
from bot.ports.store import Store
from bot.ports.tracker import Tracker

# Each id that is looked for by itself costs a request.
SINGLES = 20


@dataclass(frozen=True, slots=True)
class Round:
    """What holds for one tick: the tracker's experiments and clock, and where history ends.

    `moment` gives the times of questions: UTC, and each later than all before.
    """

    experiments: Sequence[Experiment]
    server: datetime
    followed_from: datetime
    history: bool
    moment: Callable[[], datetime]

    @property
    def active(self) -> list[Experiment]:
        """The experiments that are not deleted."""
        return [experiment for experiment in self.experiments if not experiment.deleted]


class Asking:
    """Asks a tracker and keeps the answers; `seen` runs and new `changes` are counted."""

    def __init__(self, tracker: Tracker, store: Store, record: Record, round_: Round) -> None:
        self.tracker = tracker
        self.store = store
        self.round = round_
        self.seen = 0
        self.changes = 0
        self._record = record

    def keep(self, runs: Sequence[Run], read_at: datetime, *, stalled_after: timedelta | None = None) -> None:
        """Keep an answer to a question asked at `read_at`."""
        self.seen += len(runs)
        self.changes += self._record.keep(runs, self._sight(read_at, stalled_after))

    def look_up(self, run_ids: Collection[str]) -> None:
        """Ask for runs by id; those the tracker no longer knows are kept as gone."""
        if not run_ids:
            return
        read_at = self.round.moment()
        found = self.tracker.by_ids(self.round.experiments, run_ids)
        self.keep(found, read_at)
        missing = set(run_ids) - {run.run_id for run in found}
        for run_id in sorted(missing)[:SINGLES]:
            self._look_for(run_id)

    def known(self, run_ids: Collection[str]) -> list[Run]:
        """What the index holds of these runs, those apart that are gone."""
        with self.store.read() as unit:
            known = unit.runs.get([RunRef(self.tracker.name, run_id) for run_id in run_ids])
        return [entry.run for entry in known.values() if not entry.gone]

    def _look_for(self, run_id: str) -> None:
        """A search leaves out what this account may not read, so only a 404 for this run says that it is gone."""
        read_at = self.round.moment()
        try:
            self.keep([self.tracker.get(run_id)], read_at)
        except RunMissing:
            self.changes += self._record.keep_gone(self.known([run_id]), self._sight(read_at, None))
        except TrackerRefused:
            return

    def _sight(self, read_at: datetime, stalled_after: timedelta | None) -> Sight:
        return Sight(read_at, self.round.followed_from, self.round.history, stalled_after)
