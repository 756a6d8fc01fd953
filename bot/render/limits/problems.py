"""What Slack would refuse, and where: the error shape of blocks.validate."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing Slack would refuse; `pointer` is a JSON pointer (RFC 6901) into what was validated.

    `constraint` is what was asked for, as in blocks.validate: {"type": "enum", "expected": [...]}.
    """

    code: str
    message: str
    pointer: str
    constraint: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """One entry of `errors` in an answer of blocks.validate."""
        shape: dict[str, Any] = {"code": self.code, "message": self.message, "pointer": self.pointer}
        return {**shape, "constraint": dict(self.constraint)} if self.constraint else shape

    def as_line(self, prefix: str = "") -> str:
        """One entry of `response_metadata.messages` in an answer of chat.postMessage."""
        return f"[ERROR] {self.message} [json-pointer:{prefix}{self.pointer}]"
