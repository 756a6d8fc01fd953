"""The APIs of CI providers as the core sees them: what a webhook lost can be asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.facts.pipelines import Pipeline
from bot.ports.ci_artifacts import CiArtifacts


@dataclass(frozen=True, slots=True)
class Listed:
    """Pipelines without their jobs, the newest first; not `complete` where there were more than are read."""

    pipelines: Sequence[Pipeline]
    complete: bool = True


class CiHost(Protocol):
    """One CI provider's API; only the host that app.yaml names is ever asked.

    Every method raises CodeDown (try later), CodeLimited (not before a moment) or CodeRefused (it said no); each
    error's text is half a sentence that says why.
    """

    @property
    def artifacts(self) -> CiArtifacts | None:
        """What its pipelines left, where that is read."""
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...

    def greet(self) -> None:
        """Ask something small that needs the token."""
        ...

    def pipelines(self, repository: str, since: datetime) -> Listed:
        """The pipelines of a repository (owner/name) that may have changed since a moment (UTC)."""
        ...

    def whole(self, repository: str, pipeline_id: str) -> Pipeline | None:
        """A pipeline as it is now, with its jobs; nothing where it is deleted."""
        ...

    def error(self, repository: str, job_id: str) -> str:
        """The line that says first what a failed job died of; empty where the host does not tell."""
        ...
