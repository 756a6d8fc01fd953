"""What a card says of a run's verdict: a headline, a word beside each metric, and the rules that spoke."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeVar

from bot.facts.incidents import Act, Incident, Judged, Phase, Ruling
from bot.facts.runs import Run, RunRef
from bot.facts.verdicts import MetricVerdict, Stage, Word
from bot.ports.store import Unit

K = TypeVar("K")
RULES_AT_MOST = 3
PHASES = {
    Phase.SUSPECTED: "regressed (suspected)",
    Phase.CONFIRMED: "regressed (confirmed)",
    Phase.RECOVERED: "regressed, recovered since",
    Phase.CLEARED: "within noise after all",
    Phase.EXPECTED: "expected change",
    Phase.REJECTED: "rejected",
    Phase.MUTED: "muted",
}


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on a run, the regressions on its card, what people ruled, and the runs they name."""

    judged: Judged | None = None
    incidents: Sequence[Incident] = ()
    rulings: Sequence[Ruling] = ()
    runs: Mapping[RunRef, Run] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def open(self) -> tuple[Incident, ...]:
        """The regressions that began here and go on."""
        return tuple(one for one in self.incidents if one.phase.open)

    @property
    def together(self) -> tuple[tuple[Incident, Sequence[str]], ...]:
        """The regressions on the card by where they stand: one of each such place, and all metrics there."""
        stand = {(one.phase, one.by, one.alarmed, self.ruling(one)): one for one in reversed(self.incidents)}
        where = [((one.phase, one.by, one.alarmed, self.ruling(one)), one.metric) for one in self.incidents]
        return tuple((stand[key], metrics) for key, metrics in _by(where).items())

    @property
    def still(self) -> tuple[tuple[Run, Sequence[str]], ...]:
        """Metrics that regressed with an earlier run, by that run."""
        began = {one.metric for one in self.incidents}
        verdicts = [one for one in self.metrics if one.word is Word.REGRESSED and one.metric not in began]
        since = _by([(one.since, one.metric) for one in verdicts if one.since in self.runs])
        return tuple((self.runs[ref], metrics) for ref, metrics in since.items() if ref is not None)

    @property
    def told(self) -> tuple[tuple[MetricVerdict, Sequence[str]], ...]:
        """What leads the card (improved, changed, missing…): one verdict of each kind, and all its metrics."""
        loud = (Word.IMPROVED, Word.CHANGED, Word.MISSING, Word.NEW)
        found = [one for one in self.metrics if one.word in loud or one.stage is Stage.RECOVERED]
        kinds = {(one.word, one.stage): one for one in reversed(found)}
        by_kind = _by([((one.word, one.stage), one.metric) for one in found])
        return tuple((kinds[kind], metrics) for kind, metrics in by_kind.items())

    @property
    def shared(self) -> tuple[tuple[Run, str, str], ...]:
        """On a card of many runs: which regressed in which metric, and where that stands."""
        told = [one for one in self.incidents if one.phase is not Phase.CLEARED and one.home in self.runs]
        return tuple((self.runs[one.home], one.metric, PHASES[one.phase]) for one in told)

    def ruling(self, incident: Incident) -> Ruling | None:
        """What somebody decided that ended a regression."""
        about = [one for one in self.rulings if one.act.value == incident.phase.value]
        return next((one for one in about if one.metric in ("", incident.metric)), None)

    @property
    def undoable(self) -> tuple[Ruling, ...]:
        """What was decided of the regressions on this card."""
        decided = {(one.phase.value, one.metric) for one in self.incidents}
        here = [one for one in self.rulings if one.act is not Act.MUTED or (one.act.value, one.metric) in decided]
        return tuple(here)

    @property
    def quiet(self) -> str:
        """One word for a run of which there is nothing else to say."""
        if not self.metrics or self.judged is None:
            return ""
        if self.judged.verdict.word not in (Word.WITHIN_NOISE, Word.TOO_FEW):
            return ""
        return self.judged.verdict.word.value

    @property
    def rules(self) -> tuple[MetricVerdict, ...]:
        """The verdicts whose rule is shown: those with something to say, else the first."""
        speaking = [one for one in self.metrics if one.word not in (Word.WITHIN_NOISE, Word.TOO_FEW) or one.stage]
        return tuple(speaking or self.metrics[:1])[:RULES_AT_MOST]

    def beside(self, metric: str) -> str:
        """The word beside a metric, empty where there is none to say."""
        for incident in self.incidents:
            if incident.metric == metric:
                return PHASES[incident.phase]
        found = next((one for one in self.metrics if one.metric == metric), None)
        if found is None or found.word is Word.TOO_FEW:
            return ""
        if found.stage is Stage.RECOVERED:
            return "recovered"
        if found.word is Word.REGRESSED:
            return "still regressed" if found.since != self._run else "regressed (suspected)"
        return found.word.value + (f" ({found.stage})" if found.stage else "")

    @property
    def _run(self) -> RunRef | None:
        return self.judged.run if self.judged is not None else None

    @property
    def metrics(self) -> tuple[MetricVerdict, ...]:
        """The verdict on each metric, the worst first."""
        return self.judged.verdict.metrics if self.judged is not None else ()


def _by(pairs: Sequence[tuple[K, str]]) -> Mapping[K, Sequence[str]]:
    """The metrics of each key, in their order."""
    found: dict[K, list[str]] = {}
    for key, metric in pairs:
        found.setdefault(key, []).append(metric)
    return found


def read_judgement(unit: Unit, run: Run) -> Judgement:
    """What is known of a run's verdict."""
    judged = unit.verdicts.of([run.ref]).get(run.ref)
    incidents = unit.incidents.at_home([run.ref])
    rulings = [
        one
        for one in unit.rulings.of_experiment(run.tracker, run.experiment_id)
        if one.run_id == run.run_id or one.act is Act.MUTED
    ]
    metrics = judged.verdict.metrics if judged is not None else ()
    named = {one.since for one in metrics if one.since is not None}
    named |= {ref for one in incidents for ref in (one.first, one.by)}
    known = unit.runs.get(named)
    return Judgement(judged, tuple(incidents), tuple(rulings), {ref: one.run for ref, one in known.items()})


def read_shared(unit: Unit, runs: Sequence[Run]) -> Judgement:
    """The regressions that live on a card of many runs."""
    known = {run.ref: run for run in runs}
    return Judgement(incidents=unit.incidents.at_home(known), runs=known)
