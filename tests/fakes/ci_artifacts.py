"""What pipelines left at their CI provider, in memory."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.ports.ci_artifacts import CiArtifact
from bot.ports.errors import CodeRefused, EdgeError


@dataclass
class FakeArtifacts:
    """bot.ports.ci_artifacts.CiArtifacts without a host; `trouble` is raised by every question while it is set."""

    left: dict[tuple[str, str], list[tuple[CiArtifact, bytes]]] = field(default_factory=dict)
    token: bool = True
    trouble: EdgeError | None = None
    downloads: int = 0

    def leave(self, repository: str, pipeline_id: str, artifact: CiArtifact, content: bytes) -> None:
        """A pipeline leaves something."""
        self.left.setdefault((repository, pipeline_id), []).append((artifact, content))

    def of_pipeline(self, repository: str, pipeline_id: str) -> Sequence[CiArtifact]:
        self._ask()
        return [artifact for artifact, _ in self.left.get((repository, pipeline_id), ())]

    def content(self, repository: str, artifact: CiArtifact, most: int) -> bytes:
        self._ask()
        self.downloads += 1
        contents = {
            one.number: content
            for (path, _), left in self.left.items()
            if path == repository
            for one, content in left
        }
        if artifact.number not in contents:
            raise CodeRefused("github.com has it no more")
        if len(contents[artifact.number]) > most:
            raise CodeRefused(f"github.com answered with more than {most} bytes")
        return contents[artifact.number]

    def _ask(self) -> None:
        if self.trouble is not None:
            raise self.trouble
        if not self.token:
            raise CodeRefused("github.com wants another token")
