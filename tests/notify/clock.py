"""Time as a value that tests move."""

from datetime import datetime, timedelta

from tests.notify.examples import NOON


class Clock:
    """Answers the time when it is called; stands still until it is moved."""

    def __init__(self, start: datetime = NOON) -> None:
        self.time = start

    def __call__(self) -> datetime:
        return self.time

    def advance(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)
