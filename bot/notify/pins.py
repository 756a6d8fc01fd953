"""Saying what the runs of an experiment are compared with, and taking it back: each leaves an audit row."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.facts.baselines import Pin
from bot.facts.people import AuditEntry
from bot.facts.runs import Experiment, RunRef
from bot.judge.baseline import PINNED
from bot.notify.reference import pin_of
from bot.ports.store import Unit

ACT = "baseline"


@dataclass(frozen=True, slots=True)
class Pinned:
    """A word that was kept, and what held until then; None where nothing was pinned."""

    pin: Pin
    before: Pin | None

    @property
    def runs(self) -> Sequence[RunRef]:
        """The runs whose cards say something else now."""
        targets = [self.pin.target, self.before.target if self.before else ""]
        ids = [target.removeprefix(PINNED) for target in targets if target.startswith(PINNED)]
        return [RunRef(self.pin.tracker, run_id) for run_id in dict.fromkeys(ids)]


def pin(
    unit: Unit, experiment: Experiment, target: str, who: str, at: datetime, *, name: str = "", reason: str = ""
) -> Pinned:
    """Keep what somebody (a Slack id) says: run:<whole id>, model:<name>@<alias>, previous, or empty for no pin.

    `name` is the run's. `Pinned.pin.id` is what `undo` takes.
    """
    before = pin_of(unit, experiment.tracker, experiment.experiment_id)
    kept = Pin(experiment.tracker, experiment.experiment_id, target, who, at, name, reason)
    kept = replace(kept, id=unit.pins.put(kept))
    _audit(unit, experiment, who, at, f"{_said(kept)}, before that {_said(before)}")
    return Pinned(kept, before)


def undo(unit: Unit, experiment: Experiment, pin_id: int, who: str, at: datetime) -> Pinned | None:
    """Let what held before a word hold again; nothing where it is not the newest word of the experiment."""
    words = unit.pins.of(experiment.tracker, experiment.experiment_id)
    if not words or words[0].id != pin_id:
        return None
    unit.pins.drop(pin_id)
    held = pin_of(unit, experiment.tracker, experiment.experiment_id)
    _audit(unit, experiment, who, at, f"undone: {_said(words[0])}, again {_said(held)}")
    return Pinned(held or replace(words[0], target="", name="", reason="", id=0), words[0])


def _audit(unit: Unit, experiment: Experiment, who: str, at: datetime, details: str) -> None:
    unit.audit.add(AuditEntry(at, who, ACT, f"{experiment.tracker}/{experiment.name}", details))


def _said(word: Pin | None) -> str:
    if word is None or not word.target:
        return "no pin"
    called = f" ({word.name})" if word.name else ""
    return f"{word.target}{called}{f': {word.reason}' if word.reason else ''}"
