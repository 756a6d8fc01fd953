"""The tables that only keep account: firings, arrivals, tasks, people, subscriptions, audit and notices."""

from sqlalchemy import Column, Index, Table

from bot.edges.store.columns import Json
from bot.edges.store.tables.ground import flag, identity, key, metadata, moment, number, text

fires = Table(
    "fires",
    metadata,
    key("job", primary_key=True),
    key("slot", primary_key=True),
    moment("at"),
)

arrivals = Table(
    "arrivals",
    metadata,
    key("source", primary_key=True),
    key("delivery_id", primary_key=True),
    moment("at"),
    Index(None, "at"),
)

tasks = Table(
    "tasks",
    metadata,
    identity(),
    key("name"),
    key("state"),
    # When it may be taken: at once, at a retry, or when the lease of whoever has it runs out.
    moment("next_at"),
    key("holder"),
    number("attempts"),
    text("error"),
    Column("arguments", Json, nullable=False),
    moment("created_at"),
    Index(None, "state", "next_at", "id"),
    sqlite_autoincrement=True,
)

people = Table(
    "people",
    metadata,
    key("mlflow_user", primary_key=True),
    key("slack_id"),
    text("email"),
    flag("verified"),
    Index(None, "slack_id"),
)

subscriptions = Table(
    "subscriptions",
    metadata,
    identity(),
    key("channel"),
    Column("wish", Json, nullable=False),
    sqlite_autoincrement=True,
)

audit = Table(
    "audit",
    metadata,
    identity(),
    moment("at"),
    key("who"),
    key("act"),
    text("target"),
    text("details"),
    Index(None, "at"),
    sqlite_autoincrement=True,
)

directions = Table(
    "directions",
    metadata,
    key("tracker", primary_key=True),
    key("experiment_id", primary_key=True),
    key("metric", primary_key=True),
    key("better"),
    key("who"),
    moment("at"),
    Index(None, "metric"),
)

notices = Table(
    "notices",
    metadata,
    key("key", primary_key=True),
    text("text"),
    moment("since"),
)
