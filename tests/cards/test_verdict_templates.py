"""How verdicts read: on a run's card, when a regression is confirmed, and when it is over."""

from dataclasses import replace

import pytest

from bot.facts.causes import Evidence
from bot.facts.incidents import Act, Incident, Judged, Lineage, Phase, Ruling
from bot.facts.messages import Form, Message
from bot.facts.runs import Dataset, Run
from bot.facts.verdicts import Method, MetricVerdict, Noise, RunVerdict, Stage, Word
from bot.judge.baseline import Baseline
from bot.judge.causes import causes_of
from bot.notify.alarms import Line
from bot.notify.cards import Look, run_card
from bot.notify.judgement import Judgement
from bot.notify.reference import Reference
from bot.render.messages import Templates
from bot.settings import CiSettings, ExperimentSettings, MetricSettings
from tests.golden_files import check_golden
from tests.notify.examples import NOON, a_run

LOOK = Look(ExperimentSettings(metrics={"auc": MetricSettings(better="higher"), "loss": MetricSettings()}))
RUN = a_run(metrics={"auc": 0.81, "loss": 0.4}, datasets=(Dataset("customers", "bad", "training"),))
BEFORE = a_run("b" * 32, name="wise-crow-7", metrics={"auc": 0.9, "loss": 0.4})
NEXT = a_run("c" * 32, name="keen-fox-9", metrics={"auc": 0.8, "loss": 0.4})
RUNS = {run.ref: run for run in (RUN, BEFORE, NEXT)}
LINEAGE = Lineage("main", "1", "params:0")
BASELINE = Reference(Baseline(BEFORE, "the previous comparable run, a replicate", True))
NOISE = Noise(Method.LINEAGE, 0.0012, 8)
RULE = "−0.09, noise ±0.0024 over 8 runs"
FAR = MetricVerdict("auc", Word.REGRESSED, 0.81, 0.9, "higher", Stage.SUSPECTED, NOISE, RUN.ref, rule=RULE)
NEAR = MetricVerdict("loss", Word.WITHIN_NOISE, 0.4, 0.401, "lower", rule="−0.001, noise ±0.004 over 8 runs")


RULING = Ruling(Act.EXPECTED, "main", "1", "U0123ABCDEF", NOON, metric="auc", reason="Faster, on purpose.", id=7)


def judged(*metrics: MetricVerdict) -> Judged:
    return Judged(LINEAGE, NOON, RunVerdict(RUN.ref, metrics[0].word, metrics[0].stage, metrics), 8)


def incident(phase: Phase, metric: str = "auc", by: Run = NEXT) -> Incident:
    return Incident(LINEAGE, metric, RUN.ref, phase, RUN.ref, by.ref, NOON, phase is not Phase.SUSPECTED, 1)


def card(judgement: Judgement) -> Message:
    return run_card(RUN, BASELINE, LOOK, judgement=judgement)


def told(template: str, *lines: Line) -> Message:
    facts = {"run": RUN, "experiment": RUN.experiment, "lines": lines, "command": "/runs"}
    facts |= {
        "baseline": BASELINE.baseline,
        "causes": causes_of(RUN, BEFORE, Evidence(), CiSettings()),
        "checks": (),
    }
    return Message(f"cards/{template}", facts)


CASES = {
    "run within noise": card(Judgement(judged(NEAR), runs=RUNS)),
    "run regressed suspected": card(Judgement(judged(FAR, NEAR), [incident(Phase.SUSPECTED, by=RUN)], runs=RUNS)),
    "run regressed confirmed": card(Judgement(judged(FAR, NEAR), [incident(Phase.CONFIRMED)], runs=RUNS)),
    "run regressed recovered": card(Judgement(judged(FAR, NEAR), [incident(Phase.RECOVERED)], runs=RUNS)),
    "run still regressed": card(Judgement(judged(replace(FAR, since=BEFORE.ref)), runs=RUNS)),
    "run improved": card(Judgement(judged(replace(FAR, word=Word.IMPROVED), NEAR), runs=RUNS)),
    "run expected": card(Judgement(judged(FAR, NEAR), [incident(Phase.EXPECTED)], [RULING], RUNS)),
    "regression": told("regression", Line(incident(Phase.CONFIRMED), FAR, RUN, NEXT)),
    "regression of two metrics one over": told(
        "regression",
        Line(incident(Phase.CONFIRMED), FAR, RUN, NEXT),
        Line(incident(Phase.RECOVERED, "loss"), replace(FAR, metric="loss"), RUN, NEXT),
    ),
    "recovery": told("recovery", Line(incident(Phase.RECOVERED), FAR, RUN, NEXT)),
    "recovery of two": told(
        "recovery",
        Line(incident(Phase.RECOVERED), FAR, RUN, NEXT),
        Line(incident(Phase.RECOVERED, "loss"), replace(FAR, metric="loss"), RUN, NEXT),
    ),
    "run regressed in two": card(
        Judgement(
            judged(FAR, replace(FAR, metric="loss")),
            [incident(Phase.CONFIRMED), incident(Phase.CONFIRMED, "loss"), incident(Phase.RECOVERED, "mae")],
            runs=RUNS,
        )
    ),
}


def test_the_form_that_asks_why_a_change_was_expected() -> None:
    check_golden(Templates(), Form("expected_change", {"run": RUN, "metrics": ["auc", "loss"]}, "{}"))


@pytest.mark.parametrize("case", CASES)
def test_verdicts_read_as_they_were_last_read(case: str) -> None:
    check_golden(Templates(), CASES[case], case.replace(" ", "-"))
