"""How many messages a workspace gets in a minute, counted in this process."""

from collections import deque
from datetime import datetime, timedelta
from threading import Lock

MINUTE = timedelta(minutes=1)


class Pace:
    """A sliding minute with room for `per_minute` messages; safe to share between threads."""

    def __init__(self, per_minute: int) -> None:
        self.per_minute = per_minute
        self._taken: deque[datetime] = deque()
        self._lock = Lock()

    def free(self, now: datetime) -> bool:
        """Whether another message may be sent now."""
        with self._lock:
            while self._taken and self._taken[0] <= now - MINUTE:
                self._taken.popleft()
            return len(self._taken) < self.per_minute

    def take(self, now: datetime) -> None:
        """Count a message."""
        with self._lock:
            self._taken.append(now)
