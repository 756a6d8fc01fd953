"""Snapshots kept in the index and told of in the same transaction; one bad run stops no other."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.facts.runs import Change, Metric, Run
from bot.follow.changes import Look, observe, observe_gone, observe_silence
from bot.notify.notices import tell_ops
from bot.ports.index import Known
from bot.ports.store import Store, Unit

Announce = Callable[[Unit, Sequence[Change], datetime], None]
Pass = Callable[[str], None]
# One write transaction keeps the database's only write lock (SQLite) for this many runs at most.
AT_ONCE = 200
RETRY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Sight:
    """How some snapshots came about: when they were asked for and what counts as history then.

    `stalled_after` is given where the snapshots were asked for as running now, so that silence means something.
    """

    read_at: datetime
    followed_from: datetime
    history: bool = False
    stalled_after: timedelta | None = None


class Record:
    """Keeps the snapshots of one tracker and announces what they tell."""

    def __init__(
        self, name: str, store: Store, announce: Announce, ops_channel: str, passing: Pass = lambda _: None
    ) -> None:
        """`name` is the tracker's; `announce` gets new changes only, inside the transaction that keeps them.

        `passing` is told of every point a process could die at.
        """
        self._prefix = f"run:{name}/"
        self._store = store
        self._announce = announce
        self._ops_channel = ops_channel
        self._passing = passing
        self._set_aside: dict[str, datetime] | None = None

    def keep(self, runs: Sequence[Run], sight: Sight) -> int:
        """Keep snapshots; returns how many changes were new."""
        return sum(self._keep(part, sight, _look) for part in _parts(self._wanted(runs, sight)))

    def keep_gone(self, runs: Sequence[Run], sight: Sight) -> int:
        """Keep that the tracker no longer knows these runs at all."""
        return sum(self._keep(part, sight, _gone) for part in _parts(runs))

    def _wanted(self, runs: Sequence[Run], sight: Sight) -> list[Run]:
        """Those that would change something, so that an unchanged tracker costs no write transaction."""
        wanted = []
        for part in _parts(runs):
            with self._store.read() as unit:
                known = unit.runs.get([run.ref for run in part])
            for run in part:
                before = known.get(run.ref)
                after, changes = _look(before, run, sight)
                if changes or before is None or not _same(before, after):
                    wanted.append(run)
        aside = self._aside(sight.read_at)
        return [run for run in wanted if aside.get(run.run_id, sight.read_at) <= sight.read_at]

    def _keep(self, runs: Sequence[Run], sight: Sight, step: "Step") -> int:
        try:
            new = self._transaction(runs, sight, step)
        except Exception:
            return sum(self._alone(run, sight, step) for run in runs)
        self._well_again(runs, sight)
        return new

    def _alone(self, run: Run, sight: Sight, step: "Step") -> int:
        """Keep one run by itself; what cannot be kept is set aside for a while and told once.

        Where it is the database that fails, setting the run aside fails too, and that error goes up.
        """
        try:
            new = self._transaction([run], sight, step)
        except Exception as error:
            with self._store.write() as unit:
                text = f"Run {run.ref} cannot be kept: {error!r:.200}"
                tell_ops(unit, self._ops_channel, self._prefix + run.run_id, text, sight.read_at)
            self._aside(sight.read_at)[run.run_id] = sight.read_at + RETRY
            return 0
        self._well_again([run], sight)
        return new

    def _well_again(self, runs: Sequence[Run], sight: Sight) -> None:
        aside = self._aside(sight.read_at)
        well = [run.run_id for run in runs if aside.pop(run.run_id, None) is not None]
        if well:
            with self._store.write() as unit:
                for run_id in well:
                    unit.notices.clear(self._prefix + run_id)

    def _aside(self, now: datetime) -> dict[str, datetime]:
        """Run ids that could not be kept, and from when on each is tried again; after a restart, at once."""
        if self._set_aside is None:
            with self._store.read() as unit:
                keys = [key for key, _, _ in unit.notices.open()]
            self._set_aside = {key.removeprefix(self._prefix): now for key in keys if key.startswith(self._prefix)}
        return self._set_aside

    def _transaction(self, runs: Sequence[Run], sight: Sight, step: "Step") -> int:
        with self._store.write() as unit:
            known = unit.runs.get([run.ref for run in runs])
            changes: list[Change] = []
            after: list[Known] = []
            for run in runs:
                newest, happened = step(known.get(run.ref), run, sight)
                after.append(newest)
                changes += happened
            unit.runs.put(after)
            self._passing("keeping")
            new = unit.changes.add_all(sorted(changes, key=lambda change: change.at))
            if new:
                self._announce(unit, new, sight.read_at)
                self._passing("announced")
        self._passing("kept")
        return len(new)


Step = Callable[[Known | None, Run, Sight], tuple[Known, Sequence[Change]]]


def _look(before: Known | None, run: Run, sight: Sight) -> tuple[Known, Sequence[Change]]:
    known, changes = observe(before, Look(run, sight.read_at, sight.followed_from, sight.history))
    if sight.stalled_after is None:
        return known, changes
    known, silence = observe_silence(known, sight.read_at, sight.stalled_after, sight.followed_from)
    return known, (*changes, *silence)


def _gone(before: Known | None, run: Run, sight: Sight) -> tuple[Known, Sequence[Change]]:
    return observe_gone(before or Known(run, sight.read_at, sight.read_at), sight.read_at)


def _parts(runs: Sequence[Run]) -> Iterator[Sequence[Run]]:
    for first in range(0, len(runs), AT_ONCE):
        yield runs[first : first + AT_ONCE]


def _same(before: Known, after: Known) -> bool:
    """Whether a look told nothing but that it was taken; NaN counts as equal to itself."""
    metrics = _plain(before.run.metrics.items()) == _plain(after.run.metrics.items())
    blank: dict[str, Metric] = {}
    one = replace(before, run=replace(before.run, metrics=blank), read_at=after.read_at)
    return metrics and one == replace(after, run=replace(after.run, metrics=blank))


def _plain(metrics: Iterable[tuple[str, Metric]]) -> dict[str, tuple[str, int, datetime | None]]:
    return {key: (repr(metric.value), metric.step, metric.at) for key, metric in metrics}
