"""The outbox, a Slack and the delivery between them, at a time that tests move."""

from datetime import timedelta

from bot.edges.store import SqlStore
from bot.facts.messages import Post, Rendered
from bot.notify.delivery import Delivery
from bot.settings import DeliverySettings
from tests.fakes.slack import FakeSlack
from tests.notify.clock import Clock

SETTINGS = DeliverySettings(per_minute=300, settle=timedelta(seconds=10), timeout=timedelta(seconds=10))
BLOCKS = ({"type": "section", "text": {"type": "plain_text", "text": "auc 0.87"}},)


class Office:
    """A store, a Slack and the delivery between them."""

    def __init__(self, store: SqlStore, *, settings: DeliverySettings = SETTINGS) -> None:
        self.clock = Clock()
        self.store = store
        self.slack = FakeSlack(self.clock)
        for name in ("#churn", "#fraud", "#ops"):
            self.slack.add_channel(name)
        self.delivery = Delivery(
            store, self.slack, self.clock, settings=settings, holder="here", ops_channel="#ops", name="Rundown"
        )

    def say(
        self, key: str, text: str = "", *, channel: str = "#churn", blocks: tuple = (), **rest: object
    ) -> Post:
        with self.store.write() as unit:
            return unit.outbox.say(channel, key, Rendered(text or key, blocks), self.clock(), **rest)

    def post(self, key: str, channel: str = "#churn") -> Post:
        with self.store.read() as unit:
            found = unit.outbox.get(channel, key)
        assert found is not None
        return found

    def texts(self, channel: str = "#churn", thread_ts: str = "") -> list[str]:
        return [message.text for message in self.slack.shown(channel, thread_ts=thread_ts)]

    def notices(self) -> list[str]:
        with self.store.read() as unit:
            return [text for _, text, _ in unit.notices.open()]

    def work(self, seconds: float = 0.0) -> None:
        """Deliver and look for what is unclear until nothing moves, for some time."""
        end = self.clock() + timedelta(seconds=seconds)
        while True:
            self.delivery.settle()
            while self.delivery.run_once():
                pass
            if self.clock() >= end:
                return
            self.clock.advance(1)
