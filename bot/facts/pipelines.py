"""A CI pipeline as Rundown knows it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Outcome(StrEnum):
    """Where a pipeline stands, in one vocabulary for every CI provider."""

    QUEUED = "queued"
    RUNNING = "running"
    PASSED = "passed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    SKIPPED = "skipped"
    WAITING = "waiting"

    @property
    def ended(self) -> bool:
        """Whether the pipeline is over."""
        return self in (Outcome.PASSED, Outcome.FAILED, Outcome.CANCELLED, Outcome.SKIPPED)


@dataclass(frozen=True, slots=True)
class Pipeline:
    """One attempt of a pipeline; (provider, repository, pipeline_id, attempt) is its identity, times are UTC."""

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

    @property
    def subject(self) -> str:
        """What its card is about: reruns share the card."""
        return f"pipeline:{self.provider}:{self.repository}:{self.pipeline_id}"
