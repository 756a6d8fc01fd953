"""The table of test reports: one row a report, its cases in one compressed value."""

from sqlalchemy import Column, Index, LargeBinary, Table

from bot.edges.store.columns import Json
from bot.edges.store.tables.ground import flag, identity, key, metadata, moment, number

reports = Table(
    "reports",
    metadata,
    identity(),
    key("source"),
    key("report_id"),
    key("test_run"),
    key("repository"),
    key("name"),
    key("branch"),
    key("git_commit"),
    key("pipeline"),
    key("run"),
    key("model"),
    moment("at"),
    number("shard"),
    number("shards"),
    flag("partial"),
    Column("origin", Json, nullable=False),
    Column("counts", Json, nullable=False),
    Column("cases", LargeBinary, nullable=False),
    Index(None, "source", "report_id", unique=True),
    Index(None, "test_run"),
    Index(None, "branch", "name", "at"),
    Index(None, "git_commit"),
    Index(None, "pipeline"),
    Index(None, "run"),
    Index(None, "model"),
    Index(None, "at"),
)
