"""The announcer at a desk of its own: told of changes, it fills an outbox that tests read."""

from datetime import datetime, timedelta

from bot.edges.store import SqlStore
from bot.facts.runs import Change, Run
from bot.notify.announce import Announcer
from bot.ports.index import Known
from bot.render.messages import Templates
from bot.settings import (
    AppSettings,
    ExperimentSettings,
    MetricSettings,
    Settings,
    SubscriptionSettings,
)
from tests.notify.examples import NOON, a_run

MINUTE = timedelta(minutes=1)
POSTED = ("finished", "failed", "stalled")
SETTINGS = Settings(
    app=AppSettings(ops_channel="#ops"),
    channels={"#churn": (SubscriptionSettings(experiments=("churn-*",), post=POSTED),)},
    experiments={"churn-*": ExperimentSettings(primary="auc", metrics={"auc": MetricSettings(better="higher")})},
)


class Desk:
    """An announcer over a store, told of changes as following tells it."""

    def __init__(self, store: SqlStore, settings: Settings = SETTINGS) -> None:
        self.store = store
        self.announcer = Announcer(settings, Templates())
        self.now = NOON

    def tell(self, *changes: Change, now: datetime | None = None) -> None:
        """Keep the runs and announce the changes, in one transaction."""
        self.now = now or self.now + MINUTE
        with self.store.write() as unit:
            unit.runs.put([Known(one.run, self.now, self.now, one.generation) for one in changes])
            self.announcer(unit, [one for one in changes if unit.changes.add(one)], self.now)

    def know(self, *runs: Run) -> None:
        with self.store.write() as unit:
            unit.runs.put([Known(run, self.now, self.now) for run in runs])

    def text(self, key: str, channel: str = "#churn") -> str:
        with self.store.read() as unit:
            post = unit.outbox.get(channel, key)
        return post.text if post else ""

    def keys(self, run: Run) -> list[str]:
        with self.store.read() as unit:
            return [row.card_key for row in unit.cards.of_run(run.ref)]

    def channels(self) -> list[str]:
        with self.store.read() as unit:
            return list(unit.outbox.due(self.now))

    def deliver(self, channel: str = "#churn") -> None:
        """Everything that waits in a channel is in Slack now."""
        with self.store.write() as unit:
            at = self.now
            while True:
                at += timedelta(seconds=2)
                post = unit.outbox.claim(channel, "test", at, at + MINUTE)
                if post is None:
                    return
                unit.outbox.sent(post.id, post.version, "C1", post.ts or f"{post.id}.0")
                unit.outbox.release(channel, "test", at)


def many(count: int, *, first: int = 0, **rest: object) -> list[Run]:
    return [
        a_run(f"{number:032x}", name=f"run-{number}", metrics={"auc": number / 100}, **rest)
        for number in range(first, first + count)
    ]


RUN = a_run()
KEY = f"run:{RUN.ref}"
