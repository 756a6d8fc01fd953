"""The table of what test runs changed: one row a test run, for as long as its reports are kept."""

from sqlalchemy import Column, Index, Table

from bot.edges.store.columns import Json
from bot.edges.store.tables.ground import key, metadata, moment

suite_diffs = Table(
    "suite_diffs",
    metadata,
    key("test_run", primary_key=True),
    key("pipeline"),
    moment("at"),
    Column("details", Json, nullable=False),
    Index(None, "pipeline"),
    Index(None, "at"),
)
