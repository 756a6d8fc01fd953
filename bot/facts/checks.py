"""What CI says in one place: a pipeline, the tests that ran in it, or tests that name no pipeline."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.facts.courses import Course
from bot.facts.pipelines import Job, Outcome, Pipeline
from bot.facts.reports import Origin
from bot.facts.suites import SuiteDiff


@dataclass(frozen=True, slots=True)
class Check:
    """A pipeline's course, what the test runs in it changed, or both; `subject` is what its card is about.

    A report may come before anything is told of its pipeline, so there may be no course; then there are tests.
    """

    subject: str
    course: Course | None
    tested: tuple[SuiteDiff, ...] = ()

    @property
    def pipeline(self) -> Pipeline | None:
        """The pipeline as it stands."""
        return self.course.now if self.course is not None else None

    @property
    def origin(self) -> Origin | None:
        """Where its first test run comes from."""
        return self.tested[0].origin if self.tested else None

    @property
    def repository(self) -> str:
        """The repository, empty where nobody tells it."""
        return self.pipeline.repository if self.pipeline is not None else self._first("repository")

    @property
    def branch(self) -> str:
        """The branch, empty where nobody tells it."""
        return self.pipeline.branch if self.pipeline is not None else self._first("branch")

    @property
    def commit(self) -> str:
        """The commit, empty where nobody tells it."""
        return self.pipeline.commit if self.pipeline is not None else self._first("commit")

    @property
    def name(self) -> str:
        """What people call it."""
        return self.pipeline.name if self.pipeline is not None else self._first("name")

    @property
    def url(self) -> str:
        """Its page, empty where nobody tells it."""
        return self.pipeline.url if self.pipeline is not None else self._first("url")

    @property
    def at(self) -> datetime:
        """When it stood like this (UTC)."""
        moments = [one.origin.at for one in self.tested]
        return self.pipeline.updated if self.pipeline is not None else max(moments)

    @property
    def began(self) -> datetime:
        """What checks of one commit are ordered by (UTC)."""
        return self.course.began if self.course is not None else self.at

    @property
    def over(self) -> bool:
        """Whether it has ended, at least once."""
        return self.course is None or any(state.outcome.ended for state in self.course.states)

    @property
    def broke(self) -> int:
        """How many test cases are newly failing."""
        return sum(one.newly_failing.cases for one in self.tested)

    @property
    def mended(self) -> int:
        """How many test cases that failed pass again."""
        return sum(one.newly_passing.cases for one in self.tested)

    @property
    def failed(self) -> bool:
        """Whether something is wrong: the pipeline failed, or tests are broken."""
        broken = any(one.counts.broken for one in self.tested)
        return broken or (self.pipeline is not None and self.pipeline.outcome is Outcome.FAILED)

    @property
    def failed_jobs(self) -> tuple[Job, ...]:
        """The jobs that failed and were not allowed to."""
        jobs = self.course.jobs if self.course is not None else ()
        return tuple(job for job in jobs if job.outcome is Outcome.FAILED and not job.allowed_to_fail)

    def _first(self, name: str) -> str:
        return next((told for one in self.tested if (told := str(getattr(one.origin, name)))), "")


def check_of(subject: str, course: Course | None, tested: Iterable[SuiteDiff]) -> Check | None:
    """The check that these make; nothing where nothing is known."""
    tested = tuple(sorted(tested, key=lambda one: one.origin.name))
    return Check(subject, course, tested) if course is not None or tested else None


def newest_of_each(checks: Iterable[Check]) -> tuple[Check, ...]:
    """Of checks of one commit the newest of each repository and name, in the order of their names.

    While the newest has no tests, or none yet, the newest that has some is still one of them. Tests that name no
    pipeline are never taken for a pipeline that is called like them.
    """
    newest: dict[tuple[str, str, bool, bool], Check] = {}
    for check in sorted(checks, key=lambda one: (one.began, one.subject)):
        key = check.name, check.repository, check.pipeline is None
        newest.pop((*key, False), None)
        newest[*key, bool(check.tested)] = check
    return tuple(newest[key] for key in sorted(newest))
