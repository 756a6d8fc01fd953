"""Runs that change are judged against the comparable runs before them, and so are the runs that came after."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import isfinite

from bot.facts.incidents import Act, Judged, Lineage, Ruling
from bot.facts.runs import Change, Run, RunRef, Status
from bot.facts.verdicts import MetricVerdict, Point, RunVerdict, Shift, Word
from bot.judge.baseline import comparable_by, moment
from bot.judge.evaluated import Evaluated, apart, evaluated_on, otherwise
from bot.judge.evidence import NEWEST
from bot.judge.lineage import lineage_key
from bot.judge.metrics import judged_metrics
from bot.judge.series import series_of
from bot.judge.verdict import judge_run, standing_after
from bot.notify.reference import model_of, registered_of, wanted_of
from bot.notify.rules import rules_of
from bot.ports.store import Unit
from bot.ports.verdicts import Place
from bot.settings import ExperimentSettings, Settings

# When a run changes late, so many later ones are judged again.
AGAIN_AT_MOST = 50


@dataclass(slots=True)
class Judging:
    """Judges what one transaction touches: its `lineages` with their muted metrics, and the runs it `altered`."""

    settings: Settings
    unit: Unit
    lineages: dict[Lineage, frozenset[str]] = field(default_factory=dict)
    altered: dict[RunRef, None] = field(default_factory=dict)
    _rulings: dict[tuple[str, str], Sequence[Ruling]] = field(default_factory=dict)
    _evaluated: dict[RunRef, Evaluated] = field(default_factory=dict)

    def take(self, changes: Sequence[Change]) -> None:
        """Judge the runs that changed, and those of their lineages that came after; history stays unjudged."""
        self._after_history([change.run for change in changes if change.quiet])
        self.again(dict.fromkeys(change.run.ref for change in changes if not change.quiet))

    def _after_history(self, runs: Sequence[Run]) -> None:
        """Judge again what was judged before the history behind it was read."""
        experiments = {(run.tracker, run.experiment_id) for run in runs}
        judged = {one: self.unit.verdicts.any_of(*one) for one in experiments}
        begin: dict[Lineage, Place] = {}
        for run in runs:
            lineage = self.lineage_of(run) if judged[run.tracker, run.experiment_id] else None
            if lineage is not None:
                _earliest(begin, lineage, moment(run))
        for lineage, place in begin.items():
            self.since(lineage, place)

    def again(self, refs: Collection[RunRef]) -> None:
        """Judge these runs, and those of their lineages that came after."""
        known = self.unit.runs.get(refs)
        former = self.unit.verdicts.of(refs)
        begin: dict[Lineage, Place] = {}
        anew: dict[Lineage, list[Run]] = {}
        for ref in refs:
            run = known[ref].run if ref in known and not known[ref].gone else None
            lineage = self.lineage_of(run) if run is not None else None
            before = former.get(ref)
            if before is not None and before.lineage != lineage:
                self._forget(ref)
                _earliest(begin, before.lineage, (before.at, ref.run_id))
            if run is not None and lineage is not None:
                anew.setdefault(lineage, []).append(run)
                _earliest(begin, lineage, moment(run))
        for lineage, place in begin.items():
            self.since(lineage, place, anew.get(lineage, ()))

    def since(self, lineage: Lineage, place: Place, anew: Sequence[Run] = ()) -> None:
        """Judge `anew`, and again every run of a lineage that was judged before and began after a place."""
        self.lineages[lineage] = self._muted(lineage)
        later = self.unit.verdicts.newest(lineage, AGAIN_AT_MOST, after=place)
        known = self.unit.runs.get([one.run for one in later])
        runs = {run.ref: run for run in (*(one.run for one in known.values()), *anew)}
        ordered = sorted(runs.values(), key=moment)
        before = self.unit.verdicts.before(lineage, moment(ordered[0])) if ordered else None
        for run in ordered:
            before = self.judge(run, lineage, before)
            if self.unit.verdicts.put(before):
                self.altered[run.ref] = None

    def judge(self, run: Run, lineage: Lineage, before: Judged | None) -> Judged:
        """The verdict on a run; one on no metric where no comparable run came before it: that is exploration.

        `before` is the verdict on the run before it, which tells what stands.
        """
        rulings = self._ruled(lineage)
        rejected = {one.run_id for one in rulings if one.act is Act.REJECTED}
        previous = self.unit.histories.before(lineage, moment(run), leave=rejected)
        if previous is None:
            return Judged(lineage, moment(run)[0], RunVerdict(run.ref, Word.TOO_FEW, None, ()))
        rules = rules_of(self.unit, self.settings, run)
        muted = self._muted(lineage)
        names = [name for name in self._names(run, previous, rules) if name not in muted]
        found = self.unit.histories.points(lineage, names, moment(run), leave=rejected, limit=NEWEST)
        elsewhere = self._elsewhere(run, found)
        points = {name: [one for one in some if one.run not in elsewhere] for name, some in found.items()}
        expected = [one for one in rulings if one.act is Act.EXPECTED and one.lineage == lineage.key]
        held = self._held_against(run, rules)
        counting = {name: _counting(name, points.get(name, ()), expected) for name in names}
        series = [series_of(name, counting[name], rules, held.get(name)) for name in names]
        stood = _standing(before, run, expected)
        standing = {metric: shift for metric, shift in stood.items() if shift.since not in elsewhere}
        verdict = _told(judge_run(run.ref, series, standing), len(elsewhere))
        compared = max((sum(point.run != run.ref for point in one) for one in counting.values()), default=0)
        return Judged(lineage, moment(run)[0], verdict, compared, _after(verdict.metrics, standing))

    def lineage_of(self, run: Run) -> Lineage | None:
        """The lineage a run belongs to; nothing for one that is not over, failed, or was rejected."""
        if run.deleted or run.status is not Status.FINISHED or not run.metrics:
            return None
        rules = rules_of(self.unit, self.settings, run)
        model, registered = model_of(self.unit, rules, run), registered_of(self.unit, rules, run)
        key = lineage_key(run, rules.comparable, model, registered)
        lineage = Lineage(run.tracker, run.experiment_id, key)
        rejected = any(one.act is Act.REJECTED and one.run_id == run.run_id for one in self._ruled(lineage))
        return lineage if lineage.key and not rejected else None

    def _forget(self, run: RunRef) -> None:
        self.unit.verdicts.drop(run)
        self.altered[run] = None

    def _muted(self, lineage: Lineage) -> frozenset[str]:
        """The metrics of an experiment that are not judged: by app.yaml, and by people."""
        key = (lineage.tracker, lineage.experiment_id)
        experiment = self.unit.runs.experiments_by_id([key]).get(key)
        rules = self.settings.experiment(experiment.name) if experiment is not None else ExperimentSettings()
        by_people = {one.metric for one in self._ruled(lineage) if one.act is Act.MUTED}
        return frozenset(by_people | {name for name, metric in rules.metrics.items() if metric.mute})

    def _ruled(self, lineage: Lineage) -> Sequence[Ruling]:
        experiment = (lineage.tracker, lineage.experiment_id)
        if experiment not in self._rulings:
            self._rulings[experiment] = self.unit.rulings.of_experiment(*experiment)
        return self._rulings[experiment]

    def _held_against(self, run: Run, rules: ExperimentSettings) -> Mapping[str, float]:
        """What the baseline that somebody named measured, where the run is meant to be as good as that."""
        wanted = wanted_of(self.unit, rules, run.tracker, run.experiment_id)
        if wanted is None or wanted.run is None or wanted.itself(run) or wanted.trouble(run):
            return {}
        registered = registered_of(self.unit, rules, run)
        if otherwise(run, wanted.run) or not comparable_by(run, wanted.run, rules.comparable, registered):
            return {}
        return {name: metric.value for name, metric in wanted.run.metrics.items() if isfinite(metric.value)}

    def _elsewhere(self, run: Run, points: Mapping[str, Sequence[Point]]) -> frozenset[RunRef]:
        """The runs before that were evaluated on other data, where that is not how they go."""
        own = evaluated_on(run)
        if not own:
            return frozenset()
        refs = {point.run for some in points.values() for point in some} - {run.ref}
        unread = self.unit.runs.get(refs - self._evaluated.keys())
        self._evaluated |= {ref: evaluated_on(known.run) for ref, known in unread.items()}
        return apart(own, {ref: self._evaluated[ref] for ref in refs if ref in self._evaluated})

    def _names(self, run: Run, previous: RunRef, rules: ExperimentSettings) -> list[str]:
        """The metrics to judge: the run's own, and those that only the run before it has."""
        before = self.unit.runs.get([previous]).get(previous)
        gone = judged_metrics(before.run, rules) if before is not None else []
        return list(dict.fromkeys((*judged_metrics(run, rules), *gone)))


def _earliest(begin: dict[Lineage, Place], lineage: Lineage, place: Place) -> None:
    begin[lineage] = min(begin.get(lineage, place), place)


def _told(verdict: RunVerdict, elsewhere: int) -> RunVerdict:
    """Where there are too few runs since some were evaluated on other data, that is said."""
    if not elsewhere:
        return verdict
    words = f"; {elsewhere} more {'was' if elsewhere == 1 else 'were'} evaluated on other data"
    metrics = (replace(one, rule=one.rule + words) if one.word is Word.TOO_FEW else one for one in verdict.metrics)
    return replace(verdict, metrics=tuple(metrics))


def _counting(metric: str, points: Sequence[Point], expected: Sequence[Ruling]) -> Sequence[Point]:
    """The points that still count: a change that was expected is where a metric's history begins."""
    starts = [one.since for one in expected if one.metric == metric and one.since is not None]
    return [point for point in points if point.at >= max(starts)] if starts else points


def _standing(before: Judged | None, run: Run, expected: Sequence[Ruling]) -> dict[str, Shift]:
    """What stands when a run begins: a change is over where it was expected from a run in between."""
    if before is None:
        return {}
    begun = moment(run)[0]
    over = {one.metric for one in expected if one.since is not None and before.at < one.since <= begun}
    return {metric: shift for metric, shift in before.standing.items() if metric not in over}


def _after(metrics: Sequence[MetricVerdict], standing: Mapping[str, Shift]) -> Mapping[str, Shift]:
    """What stands after a run: of metrics it does not have, what stood before."""
    after = {one.metric: standing_after(one, standing.get(one.metric)) for one in metrics}
    return {metric: shift for metric, shift in {**standing, **after}.items() if shift is not None}
