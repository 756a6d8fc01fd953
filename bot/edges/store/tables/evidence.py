"""The tables of what was fetched about pairs of runs, and of what code hosts answered."""

from sqlalchemy import Column, Index, Table

from bot.edges.store.columns import Json
from bot.edges.store.tables.ground import key, metadata, moment, text

evidence = Table(
    "evidence",
    metadata,
    key("tracker", primary_key=True),
    key("run_id", primary_key=True),
    key("other_tracker", primary_key=True),
    key("other_id", primary_key=True),
    moment("at"),
    Column("content", Json, nullable=False),
    Index(None, "at"),
)

code_answers = Table(
    "code_answers",
    metadata,
    key("question", primary_key=True),
    moment("at"),
    text("etag"),
    Column("content", Json, nullable=False),
    Index(None, "at"),
)
