"""The tables of what stands in Slack: cards, pipelines, what people answered, and reminders."""

from sqlalchemy import Column, Index, Table

from bot.edges.store.columns import Json
from bot.edges.store.tables.ground import flag, identity, key, metadata, moment, number, text

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

pipelines = Table(
    "pipelines",
    metadata,
    key("subject", primary_key=True),
    number("attempt"),
    moment("updated"),
    key("provider"),
    key("repository"),
    key("name"),
    key("branch"),
    key("git_commit"),
    key("outcome"),
    Column("details", Json, nullable=False),
    Index(None, "git_commit"),
    Index(None, "updated"),
    Index(None, "name", "branch", "updated"),
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
