"""Why a run went wrong, as far as it logged it: its last lines, read on the queue and shown on its card."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.facts.runs import Change, Event, RunRef
from bot.facts.traces import Trace
from bot.judge.traces import Ending, candidates, certain, ending, folders, text_of
from bot.logs import redact
from bot.notify.announce import Announcer
from bot.notify.cards import TRACED
from bot.notify.grouping import own
from bot.notify.overview import state_of
from bot.ports.errors import RunMissing, TrackerDown, TrackerRefused
from bot.ports.store import Store, Unit
from bot.ports.tracker import Tracker

log = structlog.get_logger("traces")

TASK = "trace"
ENDED = frozenset({Event.FINISHED, Event.FAILED, Event.KILLED})
END_BYTES = 64 * 1024
# Whoever collects the logs of a dead process may need a moment; then it is looked for once more.
LATER = timedelta(minutes=1)
# Together with one more question at its slowest, less than the queue's lease.
PATIENCE = timedelta(seconds=45)


@dataclass(frozen=True, slots=True)
class Traces:
    """Plans the reading as runs go wrong, and reads; `now` answers the time in UTC."""

    announcer: Announcer
    store: Store
    trackers: Mapping[str, Tracker]
    now: Callable[[], datetime]

    def drop(self, unit: Unit, changes: Sequence[Change]) -> None:
        """Called before changes are told: what a run left behind before it went on, or ended, is of the past."""
        for change in changes:
            if change.event is Event.REOPENED or change.event in ENDED:
                unit.traces.drop(change.run.ref)

    def plan(self, unit: Unit, changes: Sequence[Change], now: datetime) -> None:
        """Called after changes are told, in their transaction: hand over what to read, ask nothing yet."""
        for change in changes:
            happened = change.event in ENDED or change.event is Event.STALLED
            if change.quiet or not happened or state_of(change.run) not in TRACED:
                continue
            ref = change.run.ref
            if any(own(row) for row in unit.cards.of_run(ref)):
                arguments = {"tracker": ref.tracker, "run_id": ref.run_id, "generation": change.generation}
                unit.tasks.put(TASK, {**arguments, "last": False}, now)

    def read(self, asked: Mapping[str, Any]) -> None:
        """Do what was planned; TrackerDown goes up so that the queue tries again, a refusal is only logged.

        A run that has gone on meanwhile is left alone.
        """
        ref, generation = RunRef(asked["tracker"], asked["run_id"]), int(asked["generation"])
        tracker = self.trackers.get(ref.tracker)
        with self.store.read() as unit:
            wanted = _wanted(unit, ref, generation)
        if tracker is None or not wanted:
            return
        try:
            trace = self._trace(tracker, ref.run_id)
        except (RunMissing, TrackerRefused) as refusal:
            log.info("trace_refused", run=str(ref), why=str(refusal))
            return
        with self.store.write() as unit:
            if not _wanted(unit, ref, generation):
                return
            if trace is not None:
                unit.traces.put(ref, trace, self.now())
                self.announcer.again(unit, ref, self.now())
            elif not asked["last"]:
                unit.tasks.put(TASK, {**asked, "last": True}, self.now() + LATER)

    def _trace(self, tracker: Tracker, run_id: str) -> Trace | None:
        """The end of a traceback wherever one stands, else of the most telling artifact, else nothing."""
        until = self.now() + PATIENCE
        there = list(tracker.artifacts(run_id))
        for folder in folders(there):
            self._check(tracker, until)
            there += tracker.artifacts(run_id, folder)
        spare = None
        for path in candidates(there):
            self._check(tracker, until)
            found = _ending(tracker, run_id, path)
            if found.traceback:
                return Trace(path, found.lines)
            if spare is None and found.lines and certain(path):
                spare = Trace(path, found.lines)
        return spare

    def _check(self, tracker: Tracker, until: datetime) -> None:
        if self.now() > until:
            raise TrackerDown(f"{tracker.name} is too slow with its artifacts.")


def _wanted(unit: Unit, ref: RunRef, generation: int) -> bool:
    known = unit.runs.get([ref]).get(ref)
    return known is not None and known.generation == generation and state_of(known.run) in TRACED


def _ending(tracker: Tracker, run_id: str, path: str) -> Ending:
    """The telling lines of an artifact, without secrets; none where the tracker does not hand it out."""
    try:
        raw = tracker.artifact_end(run_id, path, END_BYTES)
    except (RunMissing, TrackerRefused) as refusal:
        log.info("artifact_refused", run=f"{tracker.name}/{run_id}", artifact=path, why=str(refusal))
        return Ending(())
    found = ending(redact(text_of(raw, whole=len(raw) < END_BYTES)))
    return Ending(tuple(redact(found.lines)), found.traceback)  # colours may have stood in a secret
