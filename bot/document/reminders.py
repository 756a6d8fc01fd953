"""One kind question in a run's thread, some working hours after it ended without a note."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.document.rules import documented, exempt
from bot.document.working_hours import WorkingHours
from bot.facts.messages import Message
from bot.facts.runs import Change, Event, Run, RunRef
from bot.notify.posting import say
from bot.ports.cards import CardRow, Reminder
from bot.ports.errors import EdgeError
from bot.ports.store import Store, Unit
from bot.ports.tracker import Tracker
from bot.render.messages import Templates
from bot.settings import Settings

WAITING, POSTED, DOCUMENTED, EXEMPT = "waiting", "posted", "documented", "exempt"
ENDINGS = frozenset({Event.FINISHED, Event.FAILED, Event.KILLED})


@dataclass(frozen=True, slots=True)
class Reminders:
    """Plans reminders as runs end, asks when they are due, and stops as soon as a note exists."""

    settings: Settings
    templates: Templates
    store: Store
    trackers: Mapping[str, Tracker]

    def plan(self, unit: Unit, changes: Sequence[Change], now: datetime) -> None:
        """Called in the transaction that keeps the changes: plan what ended, settle what was documented."""
        for change in changes:
            if documented(change.run):
                self._settle_documented(unit, change.run, now)
            elif change.event in ENDINGS and not change.quiet:
                self._plan(unit, change.run, now)

    def remind(self, now: datetime) -> int:
        """Ask about the runs that are due, each read anew first; returns how many were asked about."""
        with self.store.read() as unit:
            waiting = [reminder.run for reminder in unit.reminders.due(now)]
            asked = [reminder.run for reminder in unit.reminders.posted()]
        fresh = self._read([*waiting, *asked])
        posted = 0
        for ref in (*waiting, *asked):
            run = fresh.get(ref)
            if run is None:
                continue
            with self.store.write() as unit:
                reminder = unit.reminders.get(ref)
                if reminder is None or reminder.state not in (WAITING, POSTED):
                    continue
                if documented(run):
                    self._settle_documented(unit, run, now)
                elif reminder.state == WAITING:
                    posted += self._ask(unit, run, now)
        return posted

    def _plan(self, unit: Unit, run: Run, now: datetime) -> None:
        rule = self.settings.documentation.remind
        if rule is None or run.ended is None:
            return
        reason = exempt(run, self.settings.documentation.exempt, rule.at_least)
        if reason:
            unit.reminders.add(Reminder(run.ref, now, EXEMPT, reason))
            return
        hours = WorkingHours(*rule.working_hours, rule.days, rule.timezone)
        unit.reminders.add(Reminder(run.ref, hours.after(min(run.ended, now), rule.after)))

    def _ask(self, unit: Unit, run: Run, now: datetime) -> bool:
        rule = self.settings.documentation.remind
        reason = exempt(run, self.settings.documentation.exempt, rule.at_least) if rule else "reminders are off"
        home = next(iter(unit.cards.of_run(run.ref)), None)
        if run.deleted:
            reason = "it was deleted"
        elif home is None:
            reason = reason or "it has no card"
        if reason or home is None:
            unit.reminders.settle(run.ref, EXEMPT, reason)
            return False
        message = Message("reminders/undocumented", self._facts(run))
        self._say(unit, home, reminder_key(run.ref), message, now)
        unit.reminders.settle(run.ref, POSTED)
        return True

    def _settle_documented(self, unit: Unit, run: Run, now: datetime) -> None:
        reminder = unit.reminders.get(run.ref)
        if reminder is None or reminder.state not in (WAITING, POSTED):
            return
        home = next(iter(unit.cards.of_run(run.ref)), None)
        unit.reminders.settle(run.ref, DOCUMENTED)
        key = reminder_key(run.ref)
        if home is None or reminder.state != POSTED or unit.outbox.cancel(home.channel, key):
            return
        message = Message("reminders/documented", self._facts(run))
        self._say(unit, home, key, message, now)

    def _say(self, unit: Unit, home: CardRow, key: str, message: Message, now: datetime) -> None:
        ops = self.settings.app.ops_channel
        say(unit, self.templates, home.channel, key, message, now, thread_key=home.card_key, ops_channel=ops)

    def _facts(self, run: Run) -> dict[str, object]:
        return {"run": run, "command": self.settings.app.command, "person": self._person(run)}

    def _person(self, run: Run) -> str:
        """The Slack id that app.yaml gives the run's owner, empty where it gives none."""
        return next((one.slack for one in self.settings.people if one.mlflow == run.owner), "")

    def _read(self, refs: Sequence[RunRef]) -> dict[RunRef, Run]:
        """The runs as their trackers show them now; those of a tracker that does not answer wait."""
        with self.store.read() as unit:
            experiments = {name: unit.runs.experiments(name) for name in {ref.tracker for ref in refs}}
        found: dict[RunRef, Run] = {}
        for name, known in experiments.items():
            ids = [ref.run_id for ref in refs if ref.tracker == name]
            try:
                runs = self.trackers[name].by_ids(known, ids) if name in self.trackers else ()
            except EdgeError:
                continue
            found |= {run.ref: run for run in runs}
        return found


def reminder_key(run: RunRef) -> str:
    """The outbox key of a run's reminder."""
    return f"remind:{run}"
