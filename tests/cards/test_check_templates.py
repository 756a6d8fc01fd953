"""What the cards of pipelines, pull requests and tests look like: a golden file for each case worth seeing."""

from dataclasses import replace

import pytest

from bot.facts.checks import Check
from bot.facts.courses import Course
from bot.facts.incidents import Judged, Lineage
from bot.facts.messages import Message
from bot.facts.pipelines import Job, Outcome, Pipeline, PullRequest, PullRequestState
from bot.facts.reports import Counts, Origin
from bot.facts.runs import RunRef
from bot.facts.suites import ChangedTest, Part, SuiteDiff
from bot.facts.verdicts import MetricVerdict, RunVerdict, Stage, Word
from bot.notify.cards import Look, run_card
from bot.notify.ci.cards import (
    check_card,
    check_of_runs,
    check_reply,
    flaky_reply,
    pull_request_card,
    suites_reply,
    turn_reply,
)
from bot.notify.ci.turns import Turn
from bot.notify.judgement import Judgement
from bot.render.messages import Templates
from bot.settings import ExperimentSettings
from tests.golden_files import check_golden
from tests.notify.examples import NOON, a_run

FAILED = Pipeline(
    "github",
    "acme/churn",
    "77",
    2,
    "tests",
    "main",
    "7d3f1c9a5be24880",
    Outcome.FAILED,
    "https://ci.example/77",
    True,
    NOON,
)
FAILED = replace(FAILED, actor="jonas", title="Lower the <!channel> regularisation")
FIXED = replace(FAILED, outcome=Outcome.PASSED, attempt=1)
JOBS = (
    Job("1", "behaviour", Outcome.FAILED, NOON, "https://ci.example/77/1", 2, error="assert '<@U1>' in reply"),
    Job("2", "lint", Outcome.PASSED, NOON, "https://ci.example/77/2", 2),
    Job("3", "nightly numpy", Outcome.FAILED, NOON, "https://ci.example/77/3", 2, allowed_to_fail=True),
    Job("4", "docs", Outcome.RUNNING, NOON, "https://ci.example/77/4", 2),
)
PULL = PullRequest(
    "github",
    "acme/churn",
    12,
    "Lower the <!channel> regularisation",
    "https://ci.example/pull/12",
    PullRequestState.OPEN,
    "lower",
    "7d3f1c9a5be24880",
    "main",
    NOON,
    author="jonas",
)
BASE = Origin("report", "0", NOON, "conversations", "acme/churn", "main", "", "0aa11bb2" * 5)
ORIGIN = replace(BASE, id="1", commit="7d3f1c9a5be24880", provider="github", pipeline_id="77")
REFUNDS = ChangedTest(
    "tests.conversations",
    "test_refund",
    "late",
    3,
    12,
    "AssertionError: the reply promises <!channel>\n  reply = 'Sure!'",
)
SLOW = ChangedTest("tests.conversations", "test_long_talk", seconds=(4.2, 1.1))
FLAKY = ChangedTest("tests.conversations", "test_greeting", "[de]", message="", known_flaky=True)
TESTED = SuiteDiff(
    ORIGIN,
    BASE,
    Counts(passed=118, failed=3),
    newly_failing=Part(3, (REFUNDS,)),
    newly_passing=Part(1, (FLAKY,)),
    removed=Part(30, tuple(replace(FLAKY, name=f"test_{one}") for one in range(20)), 10),
    slower=Part(1, (SLOW,)),
)
FIRST = SuiteDiff(replace(ORIGIN, provider="", pipeline_id=""), None, Counts(passed=121))
UNITS = replace(FIRST, origin=replace(FIRST.origin, name="units"))


def check(pipeline: Pipeline | None, *tested: SuiteDiff, jobs: tuple[Job, ...] = JOBS) -> Check:
    course = None if pipeline is None else Course((pipeline,), jobs)
    return Check(pipeline.subject if pipeline is not None else tested[0].origin.test_run, course, tested)


AUC = MetricVerdict("auc", Word.IMPROVED, 0.91, 0.898, "higher", Stage.SUSPECTED, rule="rose by 0.012")
LINEAGE = Lineage("main", "1", "all")
BETTER = Judgement(Judged(LINEAGE, NOON, RunVerdict(RunRef("main", "0"), Word.IMPROVED, None, (AUC,)), 5))
RUNS = [a_run(f"{number:032x}", name=f"calm-owl-{number}") for number in range(12)]

MANY = tuple(
    Job(
        f"{number}",
        f"测试 (python 3.{number})",
        Outcome.FAILED,
        NOON,
        "https://ci.example/77",
        2,
        error="断言 " * 60,
    )
    for number in range(40)
)

CASES: dict[str, Message] = {
    "pipeline of many jobs": check_card(Turn(check(FAILED, jobs=MANY))),
    "pipeline failed": check_card(Turn(check(FAILED))),
    "pipeline failed with tests": check_card(Turn(check(FAILED, TESTED))),
    "pipeline fixed": check_card(Turn(check(FIXED, jobs=()), before=Outcome.FAILED)),
    "pipeline running": check_card(Turn(check(replace(FAILED, outcome=Outcome.RUNNING)))),
    "tests without a pipeline": check_card(Turn(check(None, replace(TESTED, origin=FIRST.origin)))),
    "tests for the first time": check_card(Turn(check(None, FIRST))),
    "what tests changed": suites_reply(check(FAILED, TESTED), "/runs"),
    "newly flaky": flaky_reply(check(FAILED, TESTED, replace(TESTED, newly_flaky=Part(1, (FLAKY,))))),
    "pipeline of a run": check_reply(check(FAILED, TESTED), own=True, dirty=True),
    "pipeline of a run among others": check_reply(check(FIXED, jobs=()), own=False),
    "tests of a run": check_reply(
        check(None, replace(TESTED, origin=replace(FIRST.origin, run="a" * 32))), own=True
    ),
    "of many runs": check_of_runs(check(FAILED, TESTED), RUNS),
    "started failing": turn_reply(Turn(check(FAILED))),
    "mixed": run_card(
        RUNS[0],
        None,
        Look(ExperimentSettings()),
        judgement=BETTER,
        checks=[check(FAILED, TESTED), check(None, UNITS)],
    ),
    "open": pull_request_card(PULL.subject, PULL, [FAILED, FIXED]),
    "known by its pipeline only": pull_request_card(PULL.subject, None, [FAILED]),
}


@pytest.mark.parametrize("case", CASES)
def test_cards_read_as_they_were_last_read(case: str) -> None:
    check_golden(Templates(), CASES[case], case.replace(" ", "-"))
