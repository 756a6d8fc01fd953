"""Examples of what is said of pipelines and of tests."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from bot.examples.checked import checks, pull_request, tested
from bot.examples.lists import answered
from bot.examples.samples import COMMIT, NOON, Kind, Samples
from bot.facts.checks import Check
from bot.facts.courses import Course
from bot.facts.messages import Message
from bot.facts.pipelines import Outcome, PullRequestState
from bot.facts.reports import Case, CaseOutcome
from bot.find.suites import Failing, Suite
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


def _turns(some: Samples) -> Iterator[Turn]:
    yield from map(Turn, checks(some))
    course = Course((some.pipeline(Outcome.PASSED),))
    yield Turn(Check(course.now.subject, course), before=Outcome.FAILED)


def _pipeline(some: Samples) -> Iterator[Message]:
    return (check_card(turn) for turn in _turns(some) if turn.check.pipeline is not None)


def _tests(some: Samples) -> Iterator[Message]:
    return (check_card(turn) for turn in _turns(some) if turn.check.pipeline is None)


def _turn(some: Samples) -> Iterator[Message]:
    return (turn_reply(turn) for turn in _turns(some) if turn.word)


def _reply(some: Samples) -> Iterator[Message]:
    for check in checks(some):
        yield check_reply(check, own=check.failed, dirty=check.failed)


def _of_runs(some: Samples) -> Iterator[Message]:
    for check in checks(some):
        yield check_of_runs(check, some.children() or [some.run()])


def _suites_reply(some: Samples) -> Iterator[Message]:
    yield suites_reply(list(checks(some))[-1], "/runs")


def _flaky(some: Samples) -> Iterator[Message]:
    return (flaky_reply(turn.check) for turn in _turns(some) if turn.check.over)


def _pull_request(some: Samples) -> Iterator[Message]:
    pipelines = [pipeline for turn in _turns(some) if (pipeline := turn.check.pipeline) is not None]
    for state in PullRequestState:
        known = pull_request(some, state)
        yield pull_request_card(known.subject, known, pipelines)
    yield pull_request_card(known.subject, None, pipelines[:1])


def _ci(some: Samples) -> Iterator[Message]:
    there = [check for check in checks(some) if check.pipeline is not None]
    lines = [{"check": check, "since": check.pipeline if check.failed else None} for check in there]
    pages: dict[str, Any] = {"previous": "ci page:1", "next": "ci page:3"}
    for shown in (lines, []):
        facts: dict[str, Any] = {
            "lines": shown,
            "total": some.count(30) + len(shown),
            "first": 11,
            "typed": some.words("acme/churn"),
        }
        yield answered(some, "ci", branch=some.words("main"), standing=some.standing(), **facts, **pages)


def _no_ci(some: Samples) -> Iterator[Message]:
    near = [(some.words("acme/churn") or "churn", "ci acme/churn") for _ in some.some(2)[:4]]
    for known in (True, False):
        yield answered(
            some, "no_ci", what="repository", missing=some.words("chrun") or "chrun", near=near, known=known
        )


def _suites(some: Samples) -> Iterator[Message]:
    case = Case(
        some.words("tests.conversations"),
        some.words("test_refund"),
        some.words("late"),
        CaseOutcome.FAILED,
        message=some.words("AssertionError: the reply promises a refund"),
    )
    diff = tested(some)
    failing = tuple(
        Failing(some.words("conversations"), case, NOON, COMMIT, flaky=True) for _ in some.some(3)[:10]
    )
    suite = Suite(diff.origin, diff.counts, False, diff, failing, (case.id,))
    pages: dict[str, Any] = {
        "previous": "",
        "next": "tests main page:2",
        "first": 1,
        "known": some.kind is not Kind.EMPTY,
    }
    for run, suites in ((None, (suite,)), (some.run(), (suite,)), (None, ()), (some.run(), ())):
        facts: dict[str, Any] = {"branch": some.words("main") if run is None else "", "run": run, "suites": suites}
        shown = failing if suites else ()
        yield answered(
            some, "tests", **facts, failing=shown, total=len(shown) * 2, standing=some.standing(), **pages
        )


def _no_tests(some: Samples) -> Iterator[Message]:
    near = [(some.words("main") or "main", "tests main") for _ in some.some(2)[:4]]
    yield answered(some, "no_tests", typed=some.words("mainn") or "mainn", near=near)


CHECKS: Mapping[str, Callable[[Samples], Iterator[Message]]] = {
    "cards/flaky": _flaky,
    "cards/pipeline": _pipeline,
    "cards/pipeline_turn": _turn,
    "cards/tests": _tests,
    "cards/tests_reply": _suites_reply,
    "cards/check_reply": _reply,
    "cards/check_of_runs": _of_runs,
    "cards/pull_request": _pull_request,
    "commands/ci": _ci,
    "commands/no_ci": _no_ci,
    "commands/tests": _suites,
    "commands/no_tests": _no_tests,
}
