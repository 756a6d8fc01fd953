"""A run's note is added to, never written over."""

import json
from pathlib import Path

import pytest

from bot.document import notes
from bot.edges.store import open_store
from bot.facts.runs import NOTE_TAG, RunRef
from bot.ports.errors import TrackerDown
from tests.fakes.tracker import FakeTracker
from tests.notify.examples import NOON

ENTRY = "**Expected change** (auc): faster (mira, 24 Nov 2026)"


@pytest.mark.parametrize(("before", "after"), [("", ENTRY), ("Tried Adam.\n", f"Tried Adam.\n\n{ENTRY}")])
def test_an_entry_stands_below_what_was_there_once(tmp_path: Path, before: str, after: str) -> None:
    tracker = FakeTracker("main", lambda: NOON)
    run = tracker.create_run(tracker.create_experiment("churn"), "calm-owl")
    if before:
        tracker.tag(run, NOTE_TAG, before)
    store = open_store(f"sqlite:///{tmp_path / 'rundown.db'}")
    store.upgrade()
    with store.write() as unit:
        notes.plan(unit, RunRef("main", run), ENTRY, "U1", NOON)
        task = unit.tasks.claim("here", NOON, NOON)
    assert task is not None and task.name == notes.TASK
    assert notes.write(store, {"main": tracker}, task.arguments, NOON) is True
    assert tracker.get(run).note == after
    assert notes.write(store, {"main": tracker}, task.arguments, NOON) is False, "a crash may bring it again"
    assert tracker.get(run).note == after
    with store.read() as unit:
        (entry,) = unit.audit.newest()
    assert json.loads(entry.details) == {"before": before, "after": after}
    assert notes.write(store, {}, task.arguments, NOON) is False
    store.close()


def test_what_somebody_else_wrote_meanwhile_is_looked_at_again(tmp_path: Path) -> None:
    class Busy(FakeTracker):
        def set_tag(self, run_id: str, key: str, value: str) -> None:
            super().set_tag(run_id, key, "Somebody was faster.")

    tracker = Busy("main", lambda: NOON)
    run = tracker.create_run(tracker.create_experiment("churn"), "calm-owl")
    store = open_store(f"sqlite:///{tmp_path / 'rundown.db'}")
    store.upgrade()
    asked = {"tracker": "main", "run_id": run, "entry": ENTRY, "who": "U1"}
    with pytest.raises(TrackerDown, match="was changed while it was written"):
        notes.write(store, {"main": tracker}, asked, NOON)
    store.close()
