"""Of the checks of a commit those that still say something."""

from datetime import UTC, datetime, timedelta

from bot.facts.checks import Check, newest_of_each
from bot.facts.courses import course_of
from bot.facts.pipelines import Outcome, Pipeline
from bot.facts.reports import Counts, Origin
from bot.facts.suites import SuiteDiff

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
TESTED = SuiteDiff(Origin("report", "1", NOON, "tests", "acme/churn", "main"), None, Counts(failed=1))


def check(number: int, outcome: Outcome, *tested: SuiteDiff) -> Check:
    at = NOON + timedelta(minutes=number)
    one = Pipeline(
        "github", "acme/churn", f"{number}", 1, "tests", "main", "7d3f1c9", outcome, "https://ci.example", True, at
    )
    return Check(one.subject, course_of([one], []), tested)


def test_the_newest_of_a_name_stands_for_it() -> None:
    first, second = check(1, Outcome.FAILED, TESTED), check(2, Outcome.PASSED, TESTED)
    assert newest_of_each([second, first]) == (second,)


def test_tests_stand_until_they_ran_again() -> None:
    tested, running = check(1, Outcome.FAILED, TESTED), check(2, Outcome.RUNNING)
    assert set(newest_of_each([running, tested])) == {tested, running}
    again = check(3, Outcome.PASSED, TESTED)
    assert newest_of_each([running, again, tested]) == (again,)
    assert newest_of_each([check(1, Outcome.FAILED), running]) == (running,)


def test_tests_without_a_pipeline_are_no_pipeline_of_their_name() -> None:
    alone, pipeline = Check("tests:1", None, (TESTED,)), check(2, Outcome.PASSED)
    assert set(newest_of_each([alone, pipeline])) == {alone, pipeline}
