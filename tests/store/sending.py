"""What the tests of the outbox share: two channels, two contents, and the usual steps of sending."""

from datetime import UTC, datetime, timedelta

from bot.facts.messages import Post, Rendered
from bot.ports.store import Unit

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
CHURN, FRAUD = "#churn", "#fraud"
HELLO, WORLD = Rendered("Hello"), Rendered("World", ({"type": "divider"},))


def claim(unit: Unit, channel: str = CHURN, now: datetime = NOW, holder: str = "one") -> Post | None:
    return unit.outbox.claim(channel, holder, now, now + MINUTE)


def claimed(unit: Unit, channel: str = CHURN, now: datetime = NOW, holder: str = "one") -> Post:
    post = claim(unit, channel, now, holder)
    assert post is not None
    return post


def known(unit: Unit, key: str, channel: str = CHURN) -> Post:
    post = unit.outbox.get(channel, key)
    assert post is not None
    return post


def deliver(unit: Unit, ts: str, now: datetime = NOW, channel: str = CHURN) -> Post:
    post = claimed(unit, channel, now)
    unit.outbox.sent(post.id, post.version, f"C{channel}", ts)
    unit.outbox.release(channel, "one", now)
    return post
