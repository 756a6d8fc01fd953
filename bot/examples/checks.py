"""Examples of what is said of pipelines and of tests."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from bot.examples.lists import answered
from bot.examples.samples import COMMIT, NOON, Kind, Samples
from bot.facts.checks import Check
from bot.facts.courses import Course
from bot.facts.messages import Message
from bot.facts.pipelines import Job, Outcome, PullRequest, PullRequestState
from bot.facts.reports import Case, CaseOutcome, Counts, Origin
from bot.facts.suites import ChangedTest, Part, SuiteDiff
from bot.find.suites import Failing, Suite
from bot.notify.ci_cards import (
    check_card,
    check_of_runs,
    check_reply,
    pull_request_card,
    suites_reply,
    turn_reply,
)
from bot.notify.turns import Turn


def jobs(some: Samples) -> tuple[Job, ...]:
    """The jobs of a pipeline, one of each outcome at least, and one that may fail."""
    outcomes = [*Outcome, Outcome.FAILED]
    return tuple(
        Job(
            f"{number}",
            f"{some.words('test')}{number}",
            outcomes[number % len(outcomes)],
            NOON,
            url=some.address("https://github.com/acme/churn/actions/runs/77/job/1"),
            allowed_to_fail=number % len(outcomes) == len(Outcome),
            error=some.words("AssertionError: assert 2 == 3"),
        )
        for number in some.some(len(outcomes))
    )


def tested(some: Samples, name: str = "conversations", *, pipeline: str = "77") -> SuiteDiff:
    """What a test run changed; with empty facts it is the first one, in which all passed."""
    origin = Origin(
        "report",
        f"{name}-1",
        NOON,
        some.words(name) or "tests",
        repository=some.words("acme/churn"),
        branch=some.words("main"),
        commit=COMMIT if some.kind is not Kind.HOSTILE else some.hostile,
        url=some.address("https://github.com/acme/churn/actions/runs/77"),
        provider="github" if pipeline else "",
        pipeline_id=pipeline,
    )
    if some.kind is Kind.EMPTY:
        return SuiteDiff(origin, None, Counts(passed=1))
    counts = Counts(passed=some.count(118), failed=3, flaky=1)
    part = _part(some)
    slower = replace(part, tests=tuple(replace(test, seconds=(4.2, 1.1), count=1, of=1) for test in part.tests))
    return SuiteDiff(origin, replace(origin, id="0"), counts, False, part, part, part, part, part, part, slower)


def _part(some: Samples) -> Part:
    tests = tuple(
        ChangedTest(
            some.words("tests.conversations"),
            some.words(f"test_refund_{number}"),
            some.words("late"),
            1 + number,
            12 if number else 1,
            some.words("AssertionError: the reply promises a refund\n  reply = 'Sure!'"),
            known_flaky=bool(number),
        )
        for number in range(min(20, len(some.some(2))))
    )
    return Part(sum(test.count for test in tests), tests, max(0, len(some.some(2)) - 20))


def pull_request(some: Samples, state: PullRequestState) -> PullRequest:
    """A pull request."""
    return PullRequest(
        provider="github",
        repository=some.words("acme/churn") or "churn",
        number=some.count(12),
        title=some.words("Lower the regularisation"),
        url=some.address("https://github.com/acme/churn/pull/12"),
        state=state,
        head_branch=some.words("lower-regularisation"),
        head_commit=COMMIT,
        base_branch=some.words("main"),
        updated=NOON,
        author=some.words("jonas"),
        draft=state is PullRequestState.OPEN,
    )


def checks(some: Samples) -> Iterator[Check]:
    """What CI says: a pipeline of each outcome, and tests that name none."""
    for outcome in Outcome:
        course = Course((some.pipeline(outcome),), jobs(some))
        yield Check(course.now.subject, course, (tested(some),) if outcome.ended else ())
    alone = tested(some, pipeline="")
    yield Check(alone.origin.test_run, None, (alone,))


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
