"""What was fetched about pairs of runs, and answers of code hosts, as the core sees them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from bot.facts.causes import Evidence
from bot.facts.runs import RunRef


class Evidences(Protocol):
    """What was fetched about a run and others that it was compared with."""

    def put(self, run: RunRef, other: RunRef, found: Evidence, at: datetime) -> None:
        """Keep what was fetched of two runs, in place of what was kept before."""
        ...

    def of(self, run: RunRef) -> Mapping[RunRef, Evidence]:
        """All that is kept of a run, by the run it was compared with."""
        ...

    def forget(self, before: datetime) -> int:
        """Drop what was fetched before a moment; returns how many rows went."""
        ...


@dataclass(frozen=True, slots=True)
class Answer:
    """What a code host answered, as JSON, and the ETag to ask with whether it still holds; empty without one."""

    content: Any
    etag: str = ""


class CodeAnswers(Protocol):
    """Answers of code hosts, by question."""

    def put(self, question: str, answer: Answer, at: datetime) -> None:
        """Keep an answer, in place of the one before."""
        ...

    def get(self, question: str) -> Answer | None:
        """The answer that is kept."""
        ...

    def forget(self, before: datetime) -> int:
        """Drop answers kept before a moment; returns how many rows went."""
        ...
