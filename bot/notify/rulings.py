"""What people decide of a regression: it was expected, the run is a bad one, the metric says nothing; and back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.facts.incidents import Act, Incident, Phase, Ruling
from bot.facts.people import AuditEntry
from bot.facts.runs import Run, RunRef
from bot.judge.baseline import LONG_AGO, moment
from bot.notify.announce import Announcer
from bot.ports.store import Unit

UNDONE = "undone"


@dataclass(frozen=True, slots=True)
class Rulings:
    """Keeps what `who` (a Slack id) decided, judges again what it touches, and leaves an audit row."""

    announcer: Announcer
    unit: Unit
    who: str
    now: datetime

    def expect(self, run: RunRef, reason: str) -> Sequence[str]:
        """The regressions on a run's card are an expected change: their metrics' history begins anew with them.

        Returns the metrics; none where no regression goes on there.
        """
        going_on = self._going_on(run)
        known = self.unit.runs.get({one.first for one in going_on})
        for one in going_on:
            since = moment(known[one.first].run)[0] if one.first in known else one.at
            ruling = replace(self._ruling(Act.EXPECTED, one), run_id=one.first.run_id, since=since, reason=reason)
            self.unit.rulings.put(replace(ruling, lineage=one.lineage.key, metric=one.metric))
        metrics = [one.metric for one in going_on]
        if metrics:
            self._decided(Act.EXPECTED, run, f"{', '.join(metrics)}: {reason}", [one.first for one in going_on])
        return metrics

    def reject(self, run: Run) -> bool:
        """The run is a bad one and belongs to no lineage; False when somebody said so before."""
        ruling = Ruling(Act.REJECTED, run.tracker, run.experiment_id, self.who, self.now, run_id=run.run_id)
        new = self.unit.rulings.put(ruling)
        if new:
            self._decided(Act.REJECTED, run.ref, run.name, [run.ref])
        return new

    def mute(self, incident: Incident) -> bool:
        """The metric is not judged any more in the whole experiment; False when it was muted before."""
        ruling = replace(self._ruling(Act.MUTED, incident), metric=incident.metric)
        new = self.unit.rulings.put(ruling)
        if new:
            self._decided(Act.MUTED, incident.home, incident.metric, self._touched(ruling))
        return new

    def undo(self, ruling_id: int) -> Ruling | None:
        """Take a ruling back; nothing where somebody did before."""
        ruling = self.unit.rulings.get(ruling_id)
        if ruling is None:
            return None
        self.unit.rulings.drop(ruling_id)
        runs = [RunRef(ruling.tracker, ruling.run_id)] if ruling.run_id else self._touched(ruling)
        target = str(runs[0]) if runs else ruling.metric
        self.unit.audit.add(AuditEntry(self.now, self.who, f"{ruling.act} {UNDONE}", target, ruling.metric))
        self.announcer.judge_again(self.unit, runs, self.now)
        return ruling

    def _going_on(self, run: RunRef) -> list[Incident]:
        return [one for one in self.unit.incidents.at_home([run]) if one.phase.open]

    def _ruling(self, act: Act, incident: Incident) -> Ruling:
        return Ruling(act, incident.lineage.tracker, incident.lineage.experiment_id, self.who, self.now)

    def _touched(self, ruling: Ruling) -> list[RunRef]:
        """The runs where a metric's regressions began that go on, or went on when it was muted."""
        phases = (Phase.MUTED, Phase.SUSPECTED, Phase.CONFIRMED)
        of = (ruling.tracker, ruling.experiment_id, ruling.metric)
        return [
            one.first
            for one in self.unit.incidents.since(LONG_AGO)
            if one.phase in phases and (one.lineage.tracker, one.lineage.experiment_id, one.metric) == of
        ]

    def _decided(self, act: Act, run: RunRef, details: str, touched: Sequence[RunRef]) -> None:
        self.unit.audit.add(AuditEntry(self.now, self.who, act, str(run), details))
        self.announcer.judge_again(self.unit, touched, self.now)
