"""What a run left behind of why it went wrong: its artifacts, and the last lines of the most telling one."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Artifact:
    """A file or folder of a run: `path` below the run's root, `size` in bytes where the tracker tells it."""

    path: str
    folder: bool = False
    size: int | None = None


@dataclass(frozen=True, slots=True)
class Trace:
    """The last lines of an artifact (its path), the oldest first, short and without secrets."""

    artifact: str
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """The lines as they stand in the artifact."""
        return "\n".join(self.lines)
