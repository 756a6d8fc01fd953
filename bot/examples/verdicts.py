"""Verdicts and regressions for examples, in every phase."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta

from bot.examples.checked import checks
from bot.examples.samples import NOON, Samples
from bot.facts.causes import Causes
from bot.facts.incidents import Act, Incident, Judged, Lineage, Phase, Ruling
from bot.facts.messages import Form, Message
from bot.facts.verdicts import Method, MetricVerdict, Noise, RunVerdict, Stage, Word
from bot.judge.baseline import Baseline
from bot.notify.alarms import Line
from bot.notify.judgement import Judgement

LINEAGE = Lineage("main", "1", "params:0")
STAGES = {Word.REGRESSED: Stage.CONFIRMED, Word.IMPROVED: Stage.SUSPECTED, Word.CHANGED: Stage.SUSPECTED}


def _verdict(some: Samples, word: Word, metric: str, stage: Stage | None = None) -> MetricVerdict:
    return MetricVerdict(
        metric=some.words(metric) or "m",
        word=word,
        value=None if word is Word.MISSING else some.value(0.81),
        expected=None if word in (Word.NEW, Word.TOO_FEW) else some.value(0.87, 1),
        better="higher",
        stage=stage or STAGES.get(word),
        noise=Noise(Method.LINEAGE, some.value(0.004, 2), some.count(9)),
        since=some.run(2).ref,
        one_seed=True,
        rule=some.words("−0.06, noise of this metric ±0.004 over 9 runs"),
    )


def _incident(some: Samples, phase: Phase, metric: str = "val_auc") -> Incident:
    run = some.run()
    return Incident(LINEAGE, some.words(metric) or "m", run.ref, phase, run.ref, some.run(2).ref, NOON, True, 1)


def _rulings(some: Samples) -> tuple[Ruling, ...]:
    who = some.slack_id("U0123ABCDEF")
    said = Ruling(Act.EXPECTED, "main", "1", who, NOON, reason=some.words("We traded accuracy for latency."), id=7)
    return tuple(replace(said, act=act) for act in Act)


def judgements(some: Samples) -> Iterator[Judgement]:
    """What may be thought of a run: nothing to say, all there is to say, and a regression that began with it."""
    run = some.run().ref
    runs = {some.run(2).ref: some.run(2)}
    for word in (Word.WITHIN_NOISE, Word.TOO_FEW):
        judged = Judged(LINEAGE, NOON, RunVerdict(run, word, None, (_verdict(some, word, "val_auc"),)), 9)
        yield Judgement(judged, runs=runs)
    every = tuple(_verdict(some, word, f"val_{number}") for number, word in enumerate(Word))
    every += (_verdict(some, Word.WITHIN_NOISE, "val_loss", Stage.RECOVERED),)
    whole = Judged(LINEAGE, NOON - timedelta(hours=1), RunVerdict(run, Word.REGRESSED, Stage.CONFIRMED, every), 9)
    yield Judgement(whole, runs=runs)
    for phase in Phase:
        yield Judgement(whole, (_incident(some, phase),), _rulings(some), runs)


def shared(some: Samples) -> Judgement:
    """Regressions on a card of many runs."""
    run = some.run()
    metrics = [f"val_{number}" for number in some.some(2)]
    return Judgement(incidents=[_incident(some, Phase.CONFIRMED, one) for one in metrics], runs={run.ref: run})


def _expected_change(some: Samples) -> Iterator[Form]:
    """Why was this expected?"""
    metrics = [some.words(f"val_{number}") or "m" for number in some.some(2)] or ["m"]
    yield Form("expected_change", {"run": some.run(), "metrics": metrics}, "{}")


def told(
    template: str, phases: tuple[Phase, ...], some: Samples, causes: Iterable[Causes] = ()
) -> Iterator[Message]:
    """A message of what became of a run's regressions, and of what may be why."""
    run = some.run()
    for phase in phases:
        lines = [
            Line(_incident(some, phase, f"val_{number}"), _verdict(some, Word.REGRESSED, "val"), run, some.run(2))
            for number in range(max(len(some.some(2)), 1))
        ]
        lines[-1:] = [Line(_incident(some, phase), None, None, None)] if len(lines) > 1 else lines[-1:]
        facts = {"run": run, "experiment": run.experiment, "lines": lines, "command": "/runs"}
        facts |= {"baseline": None, "causes": None, "checks": ()}
        yield Message(template, facts)
    baseline = Baseline(some.run(2), some.words("the previous comparable run, a replicate") or "x", True)
    for changed in causes:
        yield Message(template, {**facts, "baseline": baseline, "causes": changed, "checks": [*checks(some)][-1:]})


FORMS: Mapping[str, Callable[[Samples], Iterator[Form]]] = {"forms/expected_change": _expected_change}
