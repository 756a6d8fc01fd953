"""Every Web API call the app made, for tests that count."""

from collections import deque
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Logged:
    """One call: `at` in Unix seconds of the workspace's clock, `error` empty when it went well.

    `ignored` names the arguments that the method does not have, which Slack passes over in silence.
    """

    method: str
    at: float
    ok: bool
    error: str = ""
    channel: str = ""
    status: int = 200
    args: dict[str, Any] = field(default_factory=dict)
    ignored: list[str] = field(default_factory=list)


class CallLog:
    """The last ten thousand calls, oldest first."""

    def __init__(self) -> None:
        self._calls: deque[Logged] = deque(maxlen=10_000)

    def add(self, call: Logged) -> None:
        """Keep one call."""
        self._calls.append(call)

    def calls(self, method: str = "", channel: str = "") -> list[Logged]:
        """The calls, of one method or channel if named."""
        kept = list(self._calls)
        return [one for one in kept if method in ("", one.method) and channel in ("", one.channel)]

    def count(self, method: str = "", channel: str = "") -> int:
        """How many calls there were."""
        return len(self.calls(method, channel))

    def as_json(self, method: str = "", channel: str = "") -> list[dict[str, Any]]:
        """The same, for the page."""
        return [asdict(one) for one in self.calls(method, channel)]
