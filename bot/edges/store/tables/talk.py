"""The tables of what stands in Slack: cards, what people answered, and reminders."""

from sqlalchemy import Index, Table

from bot.edges.store.tables.ground import flag, identity, key, metadata, moment, text

cards = Table(
    "cards",
    metadata,
    identity(),
    key("channel"),
    key("tracker"),
    key("run_id"),
    key("card_key"),
    key("experiment"),
    moment("at"),
    flag("grouped"),
    Index(None, "tracker", "run_id", "channel", unique=True),
    Index(None, "channel", "card_key"),
    Index(None, "channel", "experiment", "at"),
)

replies = Table(
    "replies",
    metadata,
    key("channel_id", primary_key=True),
    key("ts", primary_key=True),
    key("thread_ts"),
    key("user"),
    moment("at"),
    flag("edited"),
    flag("deleted"),
    text("text"),
    Index(None, "channel_id", "thread_ts"),
)

reminders = Table(
    "reminders",
    metadata,
    key("tracker", primary_key=True),
    key("run_id", primary_key=True),
    key("state"),
    moment("due_at"),
    text("reason"),
    Index(None, "state", "due_at"),
)
