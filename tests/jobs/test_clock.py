"""The clock ends when it is told to, whatever its jobs are doing at that moment."""

import threading
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.base import STATE_STOPPED

from bot.follow.tracker import TickReport
from handlers.jobs import Clock


class SlowFollower:
    """A follower whose tick ends only after the clock was told to stop."""

    name = "main"
    poll = timedelta(seconds=1)

    def __init__(self) -> None:
        self.clock = Clock(lambda: datetime.now(UTC), jobs=2)
        self.underway = threading.Event()

    def tick(self) -> TickReport:
        self.underway.set()
        pause = threading.Event()
        while self.clock.scheduler.state != STATE_STOPPED:
            pause.wait(0.005)
        return TickReport(0, 0, "", self.poll)


def test_a_tick_that_ends_while_the_clock_stops_holds_nothing_up() -> None:
    follower = SlowFollower()
    follower.clock.follow(follower)  # type: ignore[arg-type]
    follower.clock.scheduler.start()
    assert follower.underway.wait(10)
    stopping = threading.Thread(target=follower.clock.stop, daemon=True)
    stopping.start()
    stopping.join(10)
    assert not stopping.is_alive()
