"""How many messages a workspace gets in a minute, counted in this process."""

from collections import deque
from datetime import datetime, timedelta
from threading import Lock

MINUTE = timedelta(minutes=1)
BURST = 20


class Pace:
    """At most `per_minute` messages in any minute, sent evenly: some 20 at once, so that nobody waits a minute.

    Safe to share between threads.
    """

    def __init__(self, per_minute: int) -> None:
        spans = max(1, per_minute // BURST)
        self._room = per_minute // spans
        self._span = MINUTE / spans
        self._taken: deque[datetime] = deque()
        self._lock = Lock()

    def free(self, now: datetime) -> bool:
        """Whether another message may be sent now."""
        with self._lock:
            while self._taken and self._taken[0] <= now - self._span:
                self._taken.popleft()
            return len(self._taken) < self._room

    def take(self, now: datetime) -> None:
        """Count a message."""
        with self._lock:
            self._taken.append(now)
