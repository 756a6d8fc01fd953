"""How fast the app may call: a tier for each method, and about one message a second in a channel."""

import math
import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass

SPECIAL = 5
# Calls a minute for one app in one workspace: https://docs.slack.dev/apis/web-api/rate-limits. Of the special
# tier Slack says "hundreds".
PER_MINUTE = {1: 1, 2: 20, 3: 50, 4: 100, SPECIAL: 300}
POST = "chat.postMessage"
# Seconds add up with rounding errors: who waited as told must find a whole token.
WHOLE = 1 - 1e-9


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `burst` at once, and `per_second` after that."""

    burst: float
    per_second: float


class Buckets:
    """Token buckets by key, over one clock; `now` gives seconds."""

    def __init__(self, now: Callable[[], float]) -> None:
        self.now = now
        self._left: dict[Hashable, tuple[float, float]] = {}

    def wait(self, *asked: tuple[Hashable, Rate]) -> int:
        """Take one token of each bucket; 0 if all had one, else after how many whole seconds all will have."""
        now = self.now()
        left = [self._filled(key, rate, now) for key, rate in asked]
        short = [(1 - has) / rate.per_second for has, (_, rate) in zip(left, asked, strict=True) if has < WHOLE]
        for has, (key, _) in zip(left, asked, strict=True):
            self._left[key] = (has if short else max(0.0, has - 1), now)
        return max(1, math.ceil(max(short) - 1e-6)) if short else 0

    def _filled(self, key: Hashable, rate: Rate, now: float) -> float:
        left, at = self._left.get(key, (rate.burst, now))
        return min(rate.burst, left + (now - at) * rate.per_second)


class Pace:
    """The limits of one workspace; a channel takes `post_burst` messages at once, None lets everything pass."""

    def __init__(self, now: Callable[[], float], post_burst: int | None) -> None:
        self.post_burst = post_burst
        self._buckets = Buckets(now)
        self._lock = threading.Lock()

    def wait(self, method: str, tier: int, channel: str = "") -> int:
        """Count one call; 0 if it may pass, else the whole seconds to wait."""
        if self.post_burst is None or not tier:
            return 0
        a_minute = PER_MINUTE[tier]
        asked: list[tuple[Hashable, Rate]] = [(method, Rate(a_minute, a_minute / 60))]
        if method == POST:
            asked.append(((method, channel), Rate(self.post_burst, 1.0)))
        with self._lock:
            return self._buckets.wait(*asked)
