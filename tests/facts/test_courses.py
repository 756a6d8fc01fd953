"""What was told of a pipeline makes one course, whatever order it came in."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

from bot.facts.courses import course_of
from bot.facts.pipelines import Job, Outcome, Pipeline

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
PIPELINE = Pipeline("github", "acme/churn", "77", 1, "tests", "main", "0" * 40, Outcome.QUEUED, "", True, NOON)


def test_of_states_of_one_second_the_one_that_got_further_is_the_newest() -> None:
    told = [replace(PIPELINE, outcome=one) for one in (Outcome.QUEUED, Outcome.RUNNING, Outcome.FAILED)]
    for order in permutations(told):
        course = course_of(order)
        assert course is not None
        assert course.states == tuple(told)


def test_a_later_attempt_counts_though_its_clock_is_behind() -> None:
    rerun = replace(PIPELINE, attempt=2, outcome=Outcome.RUNNING, updated=NOON - timedelta(minutes=5))
    course = course_of([rerun, replace(PIPELINE, outcome=Outcome.FAILED)])
    assert course is not None
    assert course.now == rerun
    assert course.before is Outcome.FAILED


def test_what_only_an_earlier_state_tells_is_not_lost() -> None:
    first = replace(PIPELINE, pull_requests=(12,), target_branch="main", parent="pipeline:x")
    last = replace(PIPELINE, branch="", outcome=Outcome.PASSED, pull_requests=(14,))
    course = course_of([last, first])
    assert course is not None
    assert course.now == replace(
        last, branch="main", pull_requests=(12, 14), target_branch="main", parent="pipeline:x"
    )


def test_a_job_that_was_run_again_counts_as_it_is_now() -> None:
    failed = Job("1", "behaviour", Outcome.FAILED, NOON, error="assert 2 == 3")
    told_apart = replace(failed, error="", updated=NOON + timedelta(seconds=9))
    again = replace(failed, job_id="9", outcome=Outcome.PASSED, updated=NOON + timedelta(minutes=1), error="")
    for order in permutations([failed, told_apart]):
        course = course_of([PIPELINE], order)
        assert course is not None
        assert course.jobs == (replace(told_apart, error="assert 2 == 3"),)
    for three in permutations([failed, told_apart, again]):
        course = course_of([PIPELINE], three)
        assert course is not None
        assert course.jobs == (again,)


def test_jobs_alone_are_no_pipeline() -> None:
    assert course_of([], [Job("1", "behaviour", Outcome.FAILED, NOON)]) is None
