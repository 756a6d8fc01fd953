"""What lies behind a comparable run's card: planned as the run ends, gathered on the queue, kept, and said."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.facts.runs import Change, Event, RunRef
from bot.follow.gathering import Gatherer
from bot.notify.announce import Announcer
from bot.notify.grouping import own
from bot.notify.reference import read_reference
from bot.notify.rules import rules_of
from bot.ports.store import Store, Unit

TASK = "evidence"
TRIES = 3


@dataclass(frozen=True, slots=True)
class Evidences:
    """Plans the gathering as runs end, and gathers; `now` answers the time in UTC."""

    announcer: Announcer
    store: Store
    gatherer: Gatherer
    now: Callable[[], datetime]

    def plan(self, unit: Unit, changes: Sequence[Change], now: datetime) -> None:
        """Called after changes are told, in their transaction: hand over what to gather, ask nothing yet.

        Only runs that are meant to be as good as their baseline are looked into, and that have their own card.
        """
        for change in changes:
            if change.quiet or change.event is not Event.FINISHED:
                continue
            run = change.run
            if not any(own(row) for row in unit.cards.of_run(run.ref)):
                continue
            baseline = read_reference(unit, rules_of(unit, self.announcer.settings, run), run).baseline
            if baseline is not None and baseline.comparable:
                arguments = {"tracker": run.tracker, "run_id": run.run_id, "other_id": baseline.run.run_id}
                unit.tasks.put(TASK, {**arguments, "tries": TRIES}, now)

    def read(self, asked: Mapping[str, Any]) -> None:
        """Do what was planned, and plan again for what nobody answered, at most TRIES times in all."""
        ref, other = (RunRef(asked["tracker"], asked[key]) for key in ("run_id", "other_id"))
        with self.store.read() as unit:
            known = unit.runs.get([ref, other])
        if ref not in known or other not in known:
            return
        found = self.gatherer.gather(known[ref].run, known[other].run, self.now())
        left = int(asked["tries"]) - 1
        with self.store.write() as unit:
            unit.evidence.put(ref, other, found.evidence, self.now())
            self.announcer.again(unit, ref, self.now())
            if found.again is not None and left > 0:
                unit.tasks.put(TASK, {**asked, "tries": left}, found.again)
