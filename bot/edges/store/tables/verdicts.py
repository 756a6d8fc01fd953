"""The tables of verdicts: what was thought of runs, regressions as they go, and what people decided."""

from sqlalchemy import BigInteger, Column, Index, Table, UniqueConstraint

from bot.edges.store.columns import Json
from bot.edges.store.tables.ground import flag, identity, key, metadata, moment, number, text

verdicts = Table(
    "verdicts",
    metadata,
    key("tracker", primary_key=True),
    key("run_id", primary_key=True),
    key("experiment_id"),
    key("lineage"),
    # Minus the start in microseconds, as in the table of runs.
    Column("newest_first", BigInteger, nullable=False),
    key("word"),
    key("stage"),
    number("before"),
    Column("metrics", Json, nullable=False),
    Column("standing", Json, nullable=False),
    Index(None, "tracker", "experiment_id", "lineage", "newest_first", "run_id"),
)

incidents = Table(
    "incidents",
    metadata,
    identity(),
    key("tracker"),
    key("experiment_id"),
    key("lineage"),
    key("metric"),
    key("first"),
    key("phase"),
    key("home"),
    key("by"),
    moment("at"),
    flag("alarmed"),
    Index(None, "tracker", "experiment_id", "lineage", "id"),
    Index(None, "tracker", "home"),
    Index(None, "phase", "at"),
    Index(None, "at"),
    sqlite_autoincrement=True,
)

rulings = Table(
    "rulings",
    metadata,
    identity(),
    key("act"),
    key("tracker"),
    key("experiment_id"),
    key("lineage"),
    key("metric"),
    key("run_id"),
    key("who"),
    moment("at"),
    moment("since", nullable=True),
    text("reason"),
    UniqueConstraint("tracker", "experiment_id", "act", "lineage", "metric", "run_id"),
    sqlite_autoincrement=True,
)
