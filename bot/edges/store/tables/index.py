"""The tables of the index: experiments, runs and what is searched in them, changes and decisions."""

from typing import Any

from sqlalchemy import BigInteger, Column, Double, ForeignKey, Index, Integer, Table, UniqueConstraint
from sqlalchemy import text as text_clause

from bot.edges.store.columns import Id, Json, Key, Words
from bot.edges.store.tables.ground import flag, identity, key, metadata, moment, number, text

# Written out in queries too: SQLite takes such an index only where the words are the same.
SOME_NAN = text_clause("not_numbers <> '[]'")

experiments = Table(
    "experiments",
    metadata,
    identity(),
    key("tracker"),
    key("experiment_id"),
    flag("deleted"),
    text("name"),
    text("name_folded"),
    Column("tags", Json, nullable=False),
    UniqueConstraint("tracker", "experiment_id"),
)

runs = Table(
    "runs",
    metadata,
    identity(),
    key("tracker"),
    key("run_id"),
    Column("experiment", ForeignKey("experiments.id"), nullable=False),
    # Minus the start in microseconds: an ascending index over it and the run id shows the newest first.
    Column("newest_first", BigInteger, nullable=False),
    moment("ended", nullable=True),
    key("status"),
    flag("stalled"),
    flag("deleted"),
    flag("gone"),
    flag("has_metrics"),
    key("owner"),
    key("parent_id"),
    key("git_commit"),
    key("name_key"),
    moment("last_sign"),
    moment("read_at"),
    moment("first_seen"),
    number("generation"),
    key("fingerprint"),
    text("name"),
    text("name_folded"),
    text("words"),
    # What a run's comparable ones share (bot/judge/lineage.py), and the metrics of which it has no number.
    Column("settled", Key, nullable=False, server_default=""),
    Column("replicates", Key, nullable=False, server_default=""),
    Column("not_numbers", Json, nullable=False, server_default="[]"),
    Column("details", Json, nullable=False),
    UniqueConstraint("tracker", "run_id"),
    Index(None, "newest_first", "run_id"),
    Index(None, "tracker", "newest_first", "run_id"),
    Index(None, "experiment", "newest_first", "run_id"),
    Index(None, "experiment", "settled", "newest_first", "run_id"),
    Index(None, "status", "newest_first", "run_id"),
    Index(None, "stalled", "newest_first", "run_id"),
    Index(None, "owner", "newest_first", "run_id"),
    Index(None, "name_key", "newest_first", "run_id"),
    Index(None, "tracker", "parent_id", "newest_first"),
    Index(None, "tracker", "deleted", "gone", "status", "run_id"),
    Index(None, "ended"),
    Index(None, "git_commit"),
    Index(None, "run_id"),
    # The few runs that measured NaN.
    Index("ix_runs_not_numbers", "id", sqlite_where=SOME_NAN, postgresql_where=SOME_NAN),
)


def _run() -> "Column[Any]":
    return Column("run", ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True)


def _texts(name: str) -> Table:
    # `value` is cut to fit the index; `whole` is the text where it was cut, `folded` where folding changes it.
    return Table(
        name,
        metadata,
        _run(),
        key("key", primary_key=True),
        key("value"),
        Column("whole", Words),
        Column("folded", Words),
        Index(None, "key", "value"),
    )


run_params = _texts("run_params")
run_tags = _texts("run_tags")
run_metrics = Table(
    "run_metrics",
    metadata,
    _run(),
    key("key", primary_key=True),
    Column("value", Double, nullable=False),
    # The run's own, so that the best runs of an experiment are read in the order of an index.
    Column("experiment", Id, nullable=False, server_default="0"),
    Index(None, "key", "value"),
    Index(None, "experiment", "key", "value"),
)

trackers = Table(
    "trackers",
    metadata,
    key("name", primary_key=True),
    moment("followed_from", nullable=True),
    flag("backfilled"),
    number("backfill_done"),
    Column("backfill_total", Integer),
    moment("cursor", nullable=True),
    moment("sweep_from", nullable=True),
    moment("last_success", nullable=True),
    text("error"),
    moment("error_since", nullable=True),
)

changes = Table(
    "changes",
    metadata,
    key("key", primary_key=True),
    key("tracker"),
    key("run_id"),
    key("event"),
    number("generation"),
    moment("at"),
    flag("quiet"),
    Column("details", Json, nullable=False),
    Index(None, "at"),
)

decisions = Table(
    "decisions",
    metadata,
    identity(),
    key("change_key"),
    key("tracker"),
    key("run_id"),
    key("channel"),
    text("no"),
    text("detail"),
    Column("subscription", Json, nullable=False),
    moment("at"),
    Index(None, "tracker", "run_id"),
    Index(None, "at"),
)

traces = Table(
    "traces",
    metadata,
    key("tracker", primary_key=True),
    key("run_id", primary_key=True),
    moment("at"),
    text("artifact"),
    Column("lines", Json, nullable=False),
    Index(None, "at"),
)
