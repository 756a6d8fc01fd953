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


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("lag", [0, 8])
def test_every_message_is_seen_exactly_once(store: SqlStore, seed: int, lag: int) -> None:
    dice, clock, deaths = random.Random(seed), Clock(), []
    slack = FakeSlack(clock, lag=timedelta(seconds=lag), chaos=unlucky(dice))
    for number in range(CHANNELS):
        slack.add_channel(f"#c{number}")
    wanted = [(f"#c{number % CHANNELS}", f"run:main/{number}") for number in range(MESSAGES)]
    with store.write() as unit:
        for channel, key in wanted:
            unit.outbox.say(channel, key, Rendered(key), clock())
    lives = 0
    while lives < 1000:
        lives += 1
        delivery = Delivery(
            store, slack, clock, settings=SETTINGS, holder=f"life {lives}", step=mortal(dice, deaths)
        )
        if _lived(delivery, store, clock):
            break
    shown = sorted(
        (f"#{place.channel.name}", m.key) for place in slack.places.values() for m in place.messages.values()
    )
    assert shown == sorted(wanted), "doubled or lost"
    assert len(deaths) > 10
    with store.read() as unit:
        posts = [unit.outbox.get(channel, key) for channel, key in wanted]
    assert {post.state for post in posts if post} == {PostState.SENT}
    standing = {m.ts for place in slack.places.values() for m in place.messages.values()}
    assert {post.ts for post in posts if post} == standing
    _paced(slack)


def _lived(delivery: Delivery, store: SqlStore, clock: Clock) -> bool:
    """Work until the outbox is empty; False when the process died."""
    try:
        while True:
            with store.read() as unit:
                if unit.outbox.backlog() == 0:
                    return True
            delivery.settle()
            if not delivery.run_once():
                clock.advance(1)
    except Died:
        return False


def _paced(slack: FakeSlack) -> None:
    """Never two posts within a second in one channel, and never one before Retry-After was over."""
    last: dict[str, float] = {}
    for method, channel, when in slack.calls:
        if method == "chat.postMessage":
            assert when.timestamp() - last.get(channel, 0) >= 1 or channel not in last
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
    assert _lived(Delivery(store, slack, clock, settings=hasty, holder="hasty"), store, clock)
    assert len(slack.shown("#c")) == 2
