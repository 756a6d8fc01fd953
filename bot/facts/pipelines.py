"""A CI pipeline as Rundown knows it, with its jobs and the pull request it checks."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Outcome(StrEnum):
    """Where a pipeline or a job stands, in one vocabulary for every CI provider."""

    QUEUED = "queued"
    WAITING = "waiting"
    RUNNING = "running"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"
    PASSED = "passed"
    FAILED = "failed"

    @property
    def ended(self) -> bool:
        """Whether it is over."""
        return self in (Outcome.PASSED, Outcome.FAILED, Outcome.CANCELLED, Outcome.SKIPPED)

    @property
    def rank(self) -> int:
        """Which of two states told of the same moment is the later one: the higher."""
        return list(Outcome).index(self)


@dataclass(frozen=True, slots=True)
class Job:
    """One job of one attempt of a pipeline; `job_id` is its identity within the repository, times are UTC.

    `error` is the first line of what went wrong, empty where the provider does not tell. `allowed_to_fail`
    tells that its failure does not fail the pipeline. A job that is run again has a new id and the same name.
    """

    job_id: str
    name: str
    outcome: Outcome
    updated: datetime
    url: str = ""
    attempt: int = 1
    started: datetime | None = None
    ended: datetime | None = None
    allowed_to_fail: bool = False
    error: str = ""


@dataclass(frozen=True, slots=True)
class Pipeline:
    """One attempt of a pipeline; (provider, repository, pipeline_id, attempt) is its identity, times are UTC.

    `updated` dates this state: of two states of one attempt the newer counts. `created` is when the pipeline
    was asked for, the same for all of its attempts; `started` when this attempt began. `event` is the provider's
    word for what set it off (push, pull_request, schedule…). `branch` is empty for a tag and for a deleted branch.
    `pull_requests` are the numbers it checks, as far as the delivery names them (GitHub names none for a fork);
    `target_branch` is where they lead. `default_branch` tells that it ran on the repository's own default branch:
    not for a pull request, and not on a fork's. `head_repository` is where the commit is, when that is a fork.
    `parent` is the subject of the pipeline that set this one off. `jobs` are those that the delivery itself
    tells of.
    """

    provider: str
    repository: str
    pipeline_id: str
    attempt: int
    name: str
    branch: str
    commit: str
    outcome: Outcome
    url: str
    default_branch: bool
    updated: datetime
    started: datetime | None = None
    actor: str = ""
    title: str = ""
    created: datetime | None = None
    event: str = ""
    pull_requests: tuple[int, ...] = ()
    target_branch: str = ""
    head_repository: str = ""
    parent: str = ""
    jobs: tuple[Job, ...] = ()

    @property
    def subject(self) -> str:
        """What its card is about: reruns share the card."""
        return pipeline_subject(self.provider, self.repository, self.pipeline_id)

    @property
    def began(self) -> datetime:
        """What the pipelines of a branch are ordered by (UTC), as far as this state tells it."""
        return self.created or self.started or self.updated

    @property
    def queued_for(self) -> timedelta | None:
        """How long the first attempt waited for a machine, if both ends are known."""
        if self.attempt > 1 or self.created is None or self.started is None or self.started < self.created:
            return None
        return self.started - self.created


def pipeline_subject(provider: str, repository: str, pipeline_id: str) -> str:
    """The subject of a pipeline of which no more is known."""
    return f"pipeline:{provider}:{repository}:{pipeline_id}"


@dataclass(frozen=True, slots=True)
class JobChange:
    """News of one job that came without its pipeline's state; it may come before that."""

    provider: str
    repository: str
    pipeline_id: str
    job: Job

    @property
    def subject(self) -> str:
        """The subject of the job's pipeline."""
        return pipeline_subject(self.provider, self.repository, self.pipeline_id)


class PullRequestState(StrEnum):
    """Where a pull request (GitLab: merge request) stands."""

    OPEN = "open"
    CLOSED = "closed"
    MERGED = "merged"


@dataclass(frozen=True, slots=True)
class PullRequest:
    """A pull request (GitLab: merge request); `head_commit` is its newest commit, `updated` is UTC.

    `head_repository` is where `head_branch` is: the repository itself, a fork, or empty where it is deleted.
    """

    provider: str
    repository: str
    number: int
    title: str
    url: str
    state: PullRequestState
    head_branch: str
    head_commit: str
    base_branch: str
    updated: datetime
    head_repository: str = ""
    author: str = ""
    draft: bool = False

    @property
    def subject(self) -> str:
        """What its card is about; its pipelines stand in the thread below."""
        return pull_request_subject(self.provider, self.repository, self.number)


def pull_request_subject(provider: str, repository: str, number: int) -> str:
    """The subject of a pull request of which no more is known."""
    return f"pull:{provider}:{repository}:{number}"


News = Pipeline | JobChange | PullRequest
