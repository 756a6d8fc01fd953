"""Only what turns a branch is told, whatever order it came in; every no has a name."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from bot.facts.checks import Check
from bot.facts.courses import course_of
from bot.facts.pipelines import Outcome, Pipeline
from bot.facts.reports import Counts, Origin
from bot.facts.routes import No, Subscription
from bot.facts.suites import Part, SuiteDiff
from bot.notify.ci.turns import Turn, route_check

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
PIPELINE = Pipeline(
    "github", "acme/churn", "77", 1, "tests", "main", "0123456789", Outcome.FAILED, "https://x/77", True, NOON
)
PASSED, FAILED, RUNNING = Outcome.PASSED, Outcome.FAILED, Outcome.RUNNING


def turn(
    *outcomes: Outcome,
    before: Outcome | None = None,
    main: bool = True,
    suites: tuple[SuiteDiff, ...] = (),
    **more: object,
) -> Turn:
    """A pipeline with attempts that ended like this, one a minute."""
    course = course_of(
        replace(
            PIPELINE,
            attempt=number + 1,
            outcome=outcome,
            updated=NOON + timedelta(minutes=number),
            default_branch=main,
            branch="main" if main else "try",
        )
        for number, outcome in enumerate(outcomes)
    )
    check = Check(PIPELINE.subject, course, suites)
    return Turn(check, main, before, **more)  # type: ignore[arg-type]


def told(one: Turn, **wish: object) -> tuple[No | None, str]:
    (decision,) = route_check(one, [Subscription("#churn", **wish)])  # type: ignore[arg-type]
    return decision.no, decision.detail


@pytest.mark.parametrize(
    ("outcomes", "before", "no", "word"),
    [
        ((FAILED,), None, None, "started failing"),
        ((FAILED,), PASSED, None, "started failing"),
        ((FAILED,), FAILED, No.EVENT, ""),
        ((PASSED,), FAILED, None, "fixed"),
        ((PASSED,), PASSED, No.GREEN, ""),
        ((PASSED,), None, No.GREEN, ""),
        ((RUNNING,), None, No.EVENT, ""),
        ((Outcome.CANCELLED,), PASSED, No.EVENT, ""),
        ((FAILED, RUNNING), PASSED, None, ""),
        ((FAILED, PASSED), PASSED, None, "fixed"),
        ((FAILED, FAILED), PASSED, None, ""),
        ((FAILED, Outcome.CANCELLED, FAILED), PASSED, None, ""),
        ((FAILED, PASSED), FAILED, None, "fixed"),
        ((PASSED, FAILED), PASSED, None, "started failing"),
    ],
)
def test_only_what_turns_the_default_branch_is_posted(
    outcomes: tuple[Outcome, ...], before: Outcome | None, no: No | None, word: str
) -> None:
    one = turn(*outcomes, before=before)
    assert told(one)[0] == no
    assert one.word == word


def test_once_a_pipeline_is_told_nothing_it_does_later_untells_it() -> None:
    for outcomes in permutations((FAILED, PASSED, RUNNING, Outcome.QUEUED), 3):
        for before in (None, PASSED, FAILED):
            seen = [told(turn(*outcomes[: end + 1], before=before))[0] is None for end in range(len(outcomes))]
            assert seen == sorted(seen)


def test_other_branches_are_not_told_of() -> None:
    assert told(turn(FAILED, main=False)) == (No.BRANCH, "it is on try")


def test_a_later_pipeline_speaks_for_its_branch() -> None:
    assert told(turn(FAILED, followed=True)) == (No.FOLLOWED, "")


def test_the_first_that_is_heard_of_a_repository_is_not_told_when_it_is_old() -> None:
    assert told(turn(FAILED, old=True)) == (No.OLD, "at 2026-11-02 12:00 UTC")
    assert told(turn(FAILED, old=True, before=PASSED))[0] is None


def test_a_channel_that_did_not_ask_for_pipelines_gets_none() -> None:
    assert told(turn(FAILED), post=("finished",)) == (No.EVENT, "pipelines is not in finished")


def test_a_channel_gets_the_pipelines_of_its_repositories() -> None:
    assert told(turn(FAILED), repositories=("acme/ch*",))[0] is None
    assert told(turn(FAILED), repositories=("acme/fraud",)) == (No.REPOSITORY, "acme/churn is not in acme/fraud")


def test_pull_requests_are_told_where_they_are_asked_for() -> None:
    one = turn(PASSED, main=False, pull_requests=(12,))
    assert told(one) == (No.BRANCH, "it is of pull request 12")
    assert told(one, post=("finished",)) == (No.EVENT, "pull_requests is not in finished")
    assert told(one, post=("pull_requests",)) == (None, "")
    assert told(replace(one, old=True), post=("pull_requests",))[0] is No.OLD


ORIGIN = Origin("report", "1", NOON, repository="acme/churn", branch="main", commit="0123456789")
BROKE = SuiteDiff(ORIGIN, replace(ORIGIN, id="0"), Counts(failed=3), newly_failing=Part(3))
FLAKY = SuiteDiff(ORIGIN, replace(ORIGIN, id="0"), Counts(passed=3), newly_flaky=Part(1))
SLOW = SuiteDiff(ORIGIN, replace(ORIGIN, id="0"), Counts(passed=3), slower=Part(1))


def test_tests_that_turned_are_told_though_the_pipeline_ended_as_before() -> None:
    assert told(turn(PASSED, before=PASSED, suites=(FLAKY,)))[0] is None
    assert told(turn(FAILED, before=FAILED, suites=(BROKE,)))[0] is None
    assert told(turn(PASSED, before=PASSED, suites=(SLOW,)))[0] is No.GREEN
    assert told(turn(PASSED, main=False, suites=(BROKE,)))[0] is No.BRANCH
    assert told(turn(PASSED, suites=(BROKE,), followed=True))[0] is No.FOLLOWED


def test_tests_of_a_pipeline_that_runs_wait_for_its_end() -> None:
    assert told(turn(RUNNING, suites=(BROKE,))) == (No.EVENT, "it is running")


def test_tests_without_a_pipeline_are_told_when_they_turned() -> None:
    assert told(turn(suites=(BROKE,)))[0] is None
    assert told(turn(suites=(SLOW,))) == (No.EVENT, "its tests ended as before")
    assert told(turn(suites=(BROKE,)), repositories=("acme/fraud",))[0] is No.REPOSITORY
