"""Subscriptions made in chat, and how one is written down."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, delete, select

from bot.edges.store.tables import subscriptions
from bot.facts.routes import Subscription

ALL = select(subscriptions).order_by(subscriptions.c.id)


class SqlSubscriptions:
    """bot.ports.ledgers.Subscriptions."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def put(self, subscription: Subscription) -> int:
        """Keep a subscription; returns its id."""
        row = {"channel": subscription.channel, "wish": wish_of(subscription)}
        statement = subscriptions.insert().values(**row).returning(subscriptions.c.id)
        return int(self.connection.execute(statement).scalar_one())

    def all(self) -> Sequence[tuple[int, Subscription]]:
        """Every subscription made in chat, oldest first."""
        rows = self.connection.execute(ALL)
        return [(row.id, subscription_of(row.wish)) for row in rows]

    def drop(self, subscription_id: int) -> None:
        """Forget one."""
        self.connection.execute(delete(subscriptions).where(subscriptions.c.id == subscription_id))


def wish_of(subscription: Subscription) -> dict[str, Any]:
    """A subscription as JSON can hold it."""
    return asdict(subscription)


def subscription_of(wish: Mapping[str, Any]) -> Subscription:
    """The subscription of its JSON."""
    values: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in wish.items()
    }
    return Subscription(**values)
