"""Pipelines, their jobs and pull requests as the core sees them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.facts.courses import Course
from bot.facts.pipelines import JobChange, Pipeline, PullRequest
from bot.facts.suites import SuiteDiff


class Pipelines(Protocol):
    """What was told of each pipeline: it may be put in any order, and again and again."""

    def put(self, pipeline: Pipeline) -> bool:
        """Keep a state and the jobs told with it; False when nothing of it is new."""
        ...

    def put_job(self, change: JobChange) -> bool:
        """Keep the state of a job, whose pipeline need not be known yet; False when it is not new."""
        ...

    def course(self, subject: str) -> Course | None:
        """Everything known of a pipeline; nothing as long as only its jobs are."""
        ...

    def courses(self, subjects: Sequence[str]) -> Mapping[str, Course]:
        """Everything known of some pipelines, by subject; those of which nothing is are left out."""
        ...

    def default_branch(self, repository: str) -> Pipeline | None:
        """The newest pipeline of a repository's default branch, which tells what that is called."""
        ...

    def previous(self, course: Course) -> Pipeline | None:
        """The newest pipeline of the same name and branch that began before and passed or failed."""
        ...

    def followed(self, course: Course) -> bool:
        """Whether a pipeline of the same name and branch that began later has passed or failed."""
        ...

    def lines(self, since: datetime) -> Sequence[Course]:
        """The newest pipeline of each repository, branch and name told of since a moment, newest first."""
        ...

    def failing_since(self, course: Course) -> Pipeline | None:
        """The first of those of its name and branch that failed in a row until now; nothing if it passed."""
        ...

    def by_commit(self, commit: str) -> Sequence[Course]:
        """Pipelines of a commit (at least 7 characters of it), the newest first."""
        ...

    def find(self, since: datetime, limit: int = 50) -> Sequence[Course]:
        """Pipelines that changed since a moment, the newest first."""
        ...

    def repositories(self, provider: str, since: datetime) -> Sequence[str]:
        """The repositories whose pipelines changed since a moment, by name."""
        ...

    def unfinished(self, provider: str, repository: str, since: datetime, limit: int) -> Sequence[Pipeline]:
        """Pipelines that were told of since a moment, and not that their newest attempt is over; oldest first."""
        ...


class PullRequests(Protocol):
    """The newest state of each pull request, and the commits that were its head."""

    def put(self, pull_request: PullRequest) -> bool:
        """Keep a state; False when an equal or newer one of this head is there."""
        ...

    def get(self, subject: str) -> PullRequest | None:
        """A pull request in its newest state."""
        ...

    def by_head(self, provider: str, repository: str, commit: str) -> Sequence[PullRequest]:
        """The pull requests into a repository whose head is or was this whole commit, in their newest state."""
        ...


class SuiteDiffs(Protocol):
    """What each test run changed, worked out once when its reports came."""

    def put(self, one: SuiteDiff) -> None:
        """Keep what a test run changed, in place of what was known of it before."""
        ...

    def get(self, test_runs: Sequence[str]) -> Mapping[str, SuiteDiff]:
        """What these test runs (Origin.test_run) changed; those of which nothing is known are left out."""
        ...

    def of_pipelines(self, subjects: Sequence[str]) -> Mapping[str, Sequence[SuiteDiff]]:
        """What the test runs of some pipelines changed, by pipeline, in the order of their names."""
        ...

    def forget(self, before: datetime) -> int:
        """Drop what is older than a moment; returns how many rows went."""
        ...
