"""Pipelines, their jobs and pull requests as the core sees them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.facts.courses import Course
from bot.facts.pipelines import JobChange, Pipeline, PullRequest


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

    def previous(self, course: Course) -> Pipeline | None:
        """The newest pipeline of the same name and branch that began before and passed or failed."""
        ...

    def followed(self, course: Course) -> bool:
        """Whether a pipeline of the same name and branch that began later has passed or failed."""
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
