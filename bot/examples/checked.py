"""What CI says in the examples: pipelines with jobs, test runs, pull requests."""

from collections.abc import Iterator
from dataclasses import replace

from bot.examples.samples import COMMIT, NOON, Kind, Samples
from bot.facts.checks import Check
from bot.facts.courses import Course
from bot.facts.pipelines import Job, Outcome, PullRequest, PullRequestState
from bot.facts.reports import Counts, Origin
from bot.facts.suites import ChangedTest, Part, SuiteDiff


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
