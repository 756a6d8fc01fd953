"""How a backlog leaves: 5,000 cards for 100 channels, on a clock that is moved by hand."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.edges.store import SqlStore, open_store
from bot.facts.messages import Rendered
from bot.notify.delivery import Delivery
from bot.settings import DeliverySettings
from tests.bench.figures import Line, at_most, timed, told
from tests.fakes.slack import FakeSlack

CHANNELS = 100
EACH = 50
QUIET = 20
STEP = timedelta(seconds=0.2)
BEGAN = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
# A quiet channel's card is due at a moment when the others have been sending for a while.
LATER = timedelta(seconds=200)
# On a disk most of the time would be spent waiting for it, and the time here is simulated.
MEMORY = Path("/dev/shm")


class Clock:
    """The time, moved by hand."""

    def __init__(self) -> None:
        self.time = BEGAN

    def __call__(self) -> datetime:
        """The time it is set to."""
        return self.time


def measure() -> Iterator[Line]:
    """All is due at once but for one card each of some quiet channels, due later."""
    clock = Clock()
    settings = DeliverySettings()
    with TemporaryDirectory(dir=MEMORY if MEMORY.exists() else None) as folder:
        store = open_store(f"sqlite:///{Path(folder) / 'rundown.db'}")
        store.upgrade()
        slack = FakeSlack(clock)
        busy = [slack.add_channel(f"busy-{number}") for number in range(CHANNELS)]
        quiet = [slack.add_channel(f"quiet-{number}") for number in range(QUIET)]
        _say(store, busy, EACH, BEGAN)
        _say(store, quiet, 1, BEGAN + LATER)
        delivery = Delivery(store, slack, clock, settings=settings, holder="bench")
        real = timed(lambda: _drain(store, delivery, clock))
        store.close()
    sent = {place: [at for _, channel, at in slack.calls if channel == place] for place in (*busy, *quiet)}
    cards = CHANNELS * EACH + QUIET
    allowed = max(EACH, cards * 60 / settings.per_minute)
    took = (max(at for times in sent.values() for at in times) - BEGAN).total_seconds()
    assert all(len(times) == EACH for channel, times in sent.items() if channel in busy), "none lost, none twice"
    yield told(f"{cards:,} cards over {CHANNELS + QUIET} channels", took, " s")
    yield at_most("that, of what Slack’s limits allow", took / allowed, 1.1, "×")
    waits = [(sent[channel][0] - BEGAN - LATER).total_seconds() for channel in quiet]
    yield at_most("a quiet channel’s card among those, longest wait", max(waits), 5, " s")
    ends = [times[-1] for channel, times in sent.items() if channel in busy]
    yield at_most("busy channels: first to last to be done", (max(ends) - min(ends)).total_seconds(), 30, " s")
    yield told("work of Rundown’s own for a card", real / cards * 1000, " ms")


def _say(store: SqlStore, channels: list[str], count: int, at: datetime) -> None:
    rendered = Rendered("a run finished", ({"type": "section", "text": {"type": "plain_text", "text": "done"}},))
    with store.write() as unit:
        for channel in channels:
            for number in range(count):
                unit.outbox.say(channel, f"run:{number}", rendered, at)


def _drain(store: SqlStore, delivery: Delivery, clock: Clock) -> None:
    while True:
        while delivery.run_once():
            pass
        with store.read() as unit:
            if unit.outbox.backlog() == 0:
                return
        clock.time += STEP
