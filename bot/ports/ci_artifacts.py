"""What pipelines leave at their CI provider, as the core sees it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class CiArtifact:
    """A zip that a pipeline left: `size` in bytes, `created` in UTC; `number` is its provider's."""

    number: int
    name: str
    size: int
    created: datetime


class CiArtifacts(Protocol):
    """One provider's artifacts.

    Both methods raise CodeDown (try later), CodeLimited (not before a moment) or CodeRefused (it said no).
    """

    def of_pipeline(self, repository: str, pipeline_id: str) -> Sequence[CiArtifact]:
        """What a pipeline left in all of its attempts and has not expired, at most 300; none where it is gone."""
        ...

    def content(self, repository: str, artifact: CiArtifact, most: int) -> bytes:
        """The zip, of at most `most` bytes; raises CodeRefused for a larger one or one that is gone."""
        ...
