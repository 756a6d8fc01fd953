"""How fast the app may post: about one message a second in a channel, with a small burst."""

import math
import threading
from collections.abc import Callable

# Seconds add up with rounding errors: who waited as told must find a whole token.
WHOLE = 1 - 1e-9


class Pace:
    """A token bucket a channel; `now` gives seconds, `burst` None lets everything pass."""

    def __init__(self, now: Callable[[], float], burst: int | None, *, per_second: float = 1.0) -> None:
        self.now, self.burst, self.per_second = now, burst, per_second
        self._buckets: dict[str, tuple[float, float]] = {}
        self._lock = threading.Lock()

    def wait(self, channel: str) -> int:
        """Take one token; 0 if there was one, else after how many whole seconds there will be."""
        if self.burst is None:
            return 0
        with self._lock:
            now = self.now()
            left, at = self._buckets.get(channel, (float(self.burst), now))
            left = min(float(self.burst), left + (now - at) * self.per_second)
            if left < WHOLE:
                self._buckets[channel] = (left, now)
                return max(1, math.ceil((1 - left) / self.per_second))
            self._buckets[channel] = (max(0.0, left - 1), now)
            return 0
