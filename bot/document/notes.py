"""What is written into a run's note in MLflow: always below what stands there, never in its place."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import structlog

from bot.facts.people import AuditEntry
from bot.facts.runs import NOTE_TAG, RunRef
from bot.ports.errors import RunMissing, TrackerDown
from bot.ports.store import Store, Unit
from bot.ports.tracker import Tracker

log = structlog.get_logger("notes")

TASK = "note"


def plan(unit: Unit, run: RunRef, entry: str, who: str, now: datetime) -> None:
    """Hand over what is to be written, in the caller's transaction."""
    unit.tasks.put(TASK, {"tracker": run.tracker, "run_id": run.run_id, "entry": entry, "who": who}, now)


def write(store: Store, trackers: Mapping[str, Tracker], asked: Mapping[str, Any], now: datetime) -> bool:
    """Add an entry to a run's note unless it stands there; False when nothing was to do or nobody knows the run.

    MLflow cannot compare and set: the note is read, written and read back, and both texts are kept as an audit
    row. Raises TrackerDown where the tracker does not answer, or something else was written in between.
    """
    tracker, entry = trackers.get(asked["tracker"]), str(asked["entry"])
    if tracker is None:
        return False
    try:
        before = tracker.get(asked["run_id"]).note
        if entry in before:
            return False
        after = f"{before.rstrip()}\n\n{entry}" if before.strip() else entry
        tracker.set_tag(asked["run_id"], NOTE_TAG, after)
        if tracker.get(asked["run_id"]).note != after:
            raise TrackerDown(f"the note of run {asked['run_id']} was changed while it was written")
    except RunMissing:
        log.info("note_without_run", run=f"{asked['tracker']}/{asked['run_id']}")
        return False
    with store.write() as unit:
        texts = json.dumps({"before": before, "after": after}, ensure_ascii=False)
        target = str(RunRef(asked["tracker"], asked["run_id"]))
        unit.audit.add(AuditEntry(now, str(asked["who"]), TASK, target, texts))
    return True
