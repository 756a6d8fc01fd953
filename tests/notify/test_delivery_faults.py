"""Nothing is doubled and nothing is lost: crashes at every step, and every faulty answer Slack can give."""

import random
from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.edges.store import SqlStore
from bot.facts.messages import PostState, Rendered
from bot.notify.delivery import Delivery
from bot.settings import DeliverySettings
from tests.fakes.slack import FakeSlack, Fault
from tests.notify.clock import Clock

MESSAGES = 150
CHANNELS = 10
CRASHES = 0.04
NEWS = 0.1
SETTINGS = DeliverySettings(per_minute=300, settle=timedelta(seconds=10), timeout=timedelta(seconds=10))
FAULTS = (
    (0.04, Fault(error="ratelimited", retry_after=3)),
    (0.06, Fault(drop="before")),
    (0.09, Fault(drop="after")),
)


class Died(BaseException):
    """The process is gone: nothing may catch this."""


def unlucky(dice: random.Random) -> Callable[[str], Fault | None]:
    """A fault for a fifth of all calls."""

    def fault(method: str) -> Fault | None:
        roll = dice.random()
        for share, kind in FAULTS:
            if roll < share:
                return kind
            roll -= share
        return None

    return fault


def mortal(dice: random.Random, deaths: list[str]) -> Callable[[str], None]:
    """Dies now and then at any step."""

    def step(name: str) -> None:
        if dice.random() < CRASHES:
            deaths.append(name)
            raise Died(name)

    return step


class World:
    """A store full of messages, a Slack, and what was said last of each message."""

    def __init__(self, store: SqlStore, seed: int, lag: int) -> None:
        self.dice = random.Random(seed)
        self.clock = Clock()
        self.store = store
        self.slack = FakeSlack(self.clock, lag=timedelta(seconds=lag), chaos=unlucky(self.dice))
        self.deaths: list[str] = []
        self.said: dict[tuple[str, str], str] = {}
        for number in range(CHANNELS):
            self.slack.add_channel(f"#c{number}")
        for number in range(MESSAGES):
            parent = f"run:main/{number - CHANNELS}" if number % 3 == 2 and number > CHANNELS else ""
            self.say(f"#c{number % CHANNELS}", f"run:main/{number}", "first", parent)

    def say(self, channel: str, key: str, text: str, parent: str = "") -> None:
        with self.store.write() as unit:
            unit.outbox.say(channel, key, Rendered(text), self.clock(), thread_key=parent)
        self.said[channel, key] = text

    def news(self) -> None:
        """Now and then a card changes."""
        if self.dice.random() < NEWS:
            channel, key = self.dice.choice(list(self.said))
            self.say(channel, key, f"newer {len(self.deaths)} {self.clock()}")

    def live(self, holder: str) -> bool:
        """Work until the outbox is empty; False when the process died before."""
        delivery = Delivery(
            self.store,
            self.slack,
            self.clock,
            settings=SETTINGS,
            holder=holder,
            step=mortal(self.dice, self.deaths),
        )
        return lived(delivery, self.store, self.clock, self.news)

    def shown(self) -> dict[tuple[str, str], list[str]]:
        found: dict[tuple[str, str], list[str]] = {}
        for place in self.slack.places.values():
            for message in place.messages.values():
                found.setdefault((f"#{place.channel.name}", message.key), []).append(message.text)
        return found


@pytest.mark.parametrize(("seed", "lag"), [(0, 0), (1, 8), (2, 8)])
def test_every_message_is_seen_exactly_once_in_its_newest_state(store: SqlStore, seed: int, lag: int) -> None:
    world = World(store, seed, lag)
    lives = next(life for life in range(1, 1000) if world.live(f"life {life}"))
    assert lives > 10, "the process died often"
    assert world.shown() == {where: [text] for where, text in world.said.items()}
    with store.read() as unit:
        posts = [unit.outbox.get(channel, key) for channel, key in world.said]
    assert {post.state for post in posts if post} == {PostState.SENT}
    standing = {ts for place in world.slack.places.values() for ts in place.messages}
    assert {post.ts for post in posts if post} == standing
    assert world.slack.hasty == [], "no call before Retry-After was over"
    paced(world.slack)


def lived(delivery: Delivery, store: SqlStore, clock: Clock, news: Callable[[], None] = lambda: None) -> bool:
    """Work until the outbox is empty; False when the process died."""
    try:
        while True:
            news()
            if delivery.run_once():
                continue
            delivery.settle()
            with store.read() as unit:
                if unit.outbox.backlog() == 0:
                    return True
            clock.advance(1)
    except Died:
        return False


def paced(slack: FakeSlack) -> None:
    """Never two posts within a second in one channel."""
    last: dict[str, float] = {}
    for method, channel, when in slack.calls:
        if method == "chat.postMessage":
            assert channel not in last or when.timestamp() - last[channel] >= 1
            last[channel] = when.timestamp()


def test_without_a_settle_time_a_lagging_history_would_double(store: SqlStore) -> None:
    """The settle time is what keeps the promise: this shows that the test above can fail."""
    clock = Clock()
    slack = FakeSlack(clock, lag=timedelta(seconds=60))
    slack.add_channel("#c")
    slack.fault("chat.postMessage", Fault(drop="after"))
    with store.write() as unit:
        unit.outbox.say("#c", "x", Rendered("x"), clock())
    hasty = SETTINGS.model_copy(update={"settle": timedelta(0)})
    assert lived(Delivery(store, slack, clock, settings=hasty, holder="hasty"), store, clock)
    assert len(slack.shown("#c")) == 2
