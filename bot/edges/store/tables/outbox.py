"""The tables of the outbox: posts, the lanes they are sent in, and what Slack asked to hold."""

from sqlalchemy import Column, Index, Table, UniqueConstraint

from bot.edges.store.columns import Json
from bot.edges.store.tables.ground import flag, identity, key, metadata, moment, number, text

outbox = Table(
    "outbox",
    metadata,
    identity(),
    key("channel"),
    key("key"),
    key("state"),
    number("version"),
    # What Slack shows, and what the last attempt tried to show.
    number("sent_version"),
    number("sending_version"),
    moment("created_at"),
    moment("next_at"),
    moment("attempt_at", nullable=True),
    moment("died_at", nullable=True),
    number("attempts"),
    key("ts"),
    key("channel_id"),
    key("thread_key"),
    flag("broadcast"),
    key("subject"),
    # A digest of what was said last, whatever plainer form is sent instead.
    key("fingerprint"),
    text("error"),
    text("text"),
    Column("blocks", Json, nullable=False),
    UniqueConstraint("channel", "key"),
    Index(None, "state", "channel", "next_at"),
    Index(None, "channel_id", "ts"),
    Index(None, "channel", "thread_key"),
    Index(None, "subject"),
    sqlite_autoincrement=True,
)

lanes = Table(
    "lanes",
    metadata,
    key("channel", primary_key=True),
    key("holder"),
    moment("lease_until"),
    moment("next_at"),
)

holds = Table(
    "holds",
    metadata,
    key("method", primary_key=True),
    key("channel", primary_key=True),
    moment("until"),
)
