"""The buttons of a regression: an expected change, a bad run, a metric to mute, and taking that back."""

import json
from collections.abc import Mapping
from typing import Any

from bot.deps import Deps
from bot.document.notes import plan
from bot.facts.incidents import Act
from bot.facts.messages import FieldErrors, Form, Message
from bot.facts.runs import RunRef
from bot.notify.announce import Announcer
from bot.notify.rulings import Rulings
from bot.ports.store import Unit
from handlers.answers import notice

EXPECTED = "expected_change"
OVER = notice("Nothing regressed there any more.", "The card shows what became of it.")


def ask_reason(deps: Deps, press: Mapping[str, Any]) -> Form | Message:
    """The form that asks why a change was expected."""
    tracker, _, run_id = press["words"].partition("/")
    ref = RunRef(tracker, run_id)
    with deps.store.read() as unit:
        known = unit.runs.get([ref]).get(ref)
        metrics = [one.metric for one in unit.incidents.at_home([ref]) if one.phase.open]
    if known is None or not metrics:
        return OVER
    state = json.dumps({"tracker": tracker, "run_id": run_id})
    return Form("expected_change", {"run": known.run, "metrics": metrics}, state)


def check_reason(values: Mapping[str, str]) -> FieldErrors | None:
    """A reason says something."""
    if values.get("reason", "").strip():
        return None
    return FieldErrors({"reason": "Write half a sentence: later readers will wonder."})


def expect(deps: Deps, sent: Mapping[str, Any]) -> None:
    """Keep that a change was expected, and write the reason into the run's note."""
    state, reason = json.loads(sent["state"]), " ".join(sent["values"]["reason"].split())
    ref = RunRef(str(state["tracker"]), str(state["run_id"]))
    with deps.store.write() as unit:
        metrics = _rulings(deps, unit, sent["user"]).expect(ref, reason)
        if metrics:
            who = sent["name"] or sent["user"]
            day = deps.now()
            entry = f"**Expected change** ({', '.join(metrics)}): {reason} ({who}, {day.day} {day:%b %Y})"
            plan(unit, ref, entry, sent["user"], deps.now())
    deps.queue.wake()


def reject(deps: Deps, press: Mapping[str, Any]) -> Message:
    """Leave a bad run out of its lineage."""
    tracker, _, run_id = press["words"].partition("/")
    ref = RunRef(tracker, run_id)
    with deps.store.write() as unit:
        known = unit.runs.get([ref]).get(ref)
        if known is None or not _rulings(deps, unit, press["user"]).reject(known.run):
            return OVER
    return notice("No later run is held against it any more.", "Its card has Undo.")


def mute(deps: Deps, press: Mapping[str, Any]) -> Message:
    """Judge a metric no more in its experiment."""
    with deps.store.write() as unit:
        incident = unit.incidents.get(int(press["words"])) if press["words"].isdigit() else None
        if incident is None or not _rulings(deps, unit, press["user"]).mute(incident):
            return OVER
    return notice(f"{incident.metric} is not judged in this experiment any more.", "The card has Undo.")


def undo(deps: Deps, press: Mapping[str, Any]) -> Message:
    """Take a decision back."""
    with deps.store.write() as unit:
        words = press["words"]
        ruling = _rulings(deps, unit, press["user"]).undo(int(words)) if words.isdigit() else None
    if ruling is None:
        return notice("That was taken back before.")
    said = {Act.EXPECTED: "The change is a regression again.", Act.REJECTED: "The run counts again."}
    return notice(said.get(ruling.act, f"{ruling.metric} is judged again."))


def _rulings(deps: Deps, unit: Unit, user: str) -> Rulings:
    return Rulings(Announcer(deps.settings, deps.templates), unit, user, deps.now())
