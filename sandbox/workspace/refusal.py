"""What Slack answers when it will not do what it was asked: an error code and its details."""

from collections.abc import Mapping
from typing import Any


class Refusal(Exception):
    """A call is refused with Slack's `error` code; `details` go beside it in the answer."""

    def __init__(self, error: str, **details: Any) -> None:
        super().__init__(error)
        self.error = error
        self.details: Mapping[str, Any] = details

    def as_json(self) -> dict[str, Any]:
        """The answer's body."""
        return {"ok": False, "error": self.error, **self.details}
