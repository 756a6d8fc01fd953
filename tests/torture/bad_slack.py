"""A Slack that has bad days: faults by dice for every call, and the moment at which each call arrived."""

import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sandbox.faults import Fault, Faults

WRITES = ("chat.postMessage", "chat.update")
READS = ("conversations.history", "conversations.replies", "conversations.list")
LAG = 2.0
# The bot waits two seconds for an answer; three are a time-out of a call that is carried out after all.
LATE = 3.0
WRITE_FAULTS = (
    (0.03, "429 with Retry-After", {"status": 429, "retry_after": 1.0}),
    (0.01, "429 with a longer Retry-After", {"status": 429, "retry_after": 3.0}),
    (0.004, "429 without Retry-After", {"status": 429}),
    (0.03, "500 before", {"status": 500}),
    (0.03, "500 after", {"status": 500, "when": "after"}),
    (0.03, "dropped before", {"drop": "before"}),
    (0.03, "dropped after", {"drop": "after"}),
    (0.01, "internal_error before", {"error": "internal_error"}),
    (0.01, "internal_error after", {"error": "internal_error", "when": "after"}),
    (0.01, "carried out late", {"delay": LATE}),
    (0.01, "answered late", {"delay": LATE, "when": "after"}),
)
READ_FAULTS = (
    (0.05, "history: 429 with Retry-After", {"status": 429, "retry_after": 1.0}),
    (0.05, "history: 500", {"status": 500}),
    (0.05, "history: dropped", {"drop": "before"}),
    (0.05, "history: late", {"delay": LATE}),
    (0.60, "history: lagging", {"lag": LAG}),
)


@dataclass(frozen=True, slots=True)
class Call:
    """One call as it arrived: where to, when (Unix seconds), and what it met."""

    method: str
    channel: str
    at: float
    fault: str


class BadDays(Faults):
    """sandbox.faults.Faults by dice instead of by order; `over` ends the bad days, history lags on.

    `life` tells the lives of the bot apart. A read that comes too early in another life than the one that was
    told to wait is no haste: what a process hears as it dies, nobody knows. Of writes, the lanes know.
    """

    def __init__(self, seed: int, life: Callable[[], int]) -> None:
        super().__init__()
        self.dice = random.Random(f"slack {seed}")
        self.life = life
        self.calls: list[Call] = []
        self.over = False
        self.hasty: list[Call] = []
        self._until: dict[tuple[str, str], tuple[float, int]] = {}

    def take(self, method: str, channels: frozenset[str]) -> Fault | None:
        """The fault this call meets, by dice."""
        now = time.time()
        channel = next((name for name in sorted(channels) if name.startswith("#")), "")
        name, fault = self._roll(method)
        call = Call(method, channel, now, name)
        with self._lock:
            self.calls.append(call)
            until, told = self._until.get((method, channel), (0.0, 0))
            if now < until and (method in WRITES or told == self.life()):
                self.hasty.append(call)
            if fault is not None and fault.retry_after is not None:
                self._until[method, channel] = now + fault.retry_after, self.life()
        return fault

    def counted(self) -> Counter[str]:
        """How often each fault struck."""
        return Counter(call.fault for call in self.calls if call.fault)

    def quickest(self) -> float:
        """The shortest time between two posts to one channel, in seconds."""
        last: dict[str, float] = {}
        gaps = []
        for call in self.calls:
            if call.method == WRITES[0]:
                gaps.append(call.at - last.get(call.channel, 0.0))
                last[call.channel] = call.at
        return min(gaps, default=0.0)

    def _roll(self, method: str) -> tuple[str, Fault | None]:
        faults: Sequence[tuple[float, str, dict[str, object]]] = ()
        if method in WRITES and not self.over:
            faults = WRITE_FAULTS
        elif method in READS:
            faults = READ_FAULTS if not self.over else READ_FAULTS[-1:]
        roll = self.dice.random()
        for share, name, rule in faults:
            if roll < share:
                return name, Fault(method, times=None, **rule)
            roll -= share
        return "", None
