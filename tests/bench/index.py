"""An index that holds a team's runs, filled in bulk through the same tables and rows as Rundown's own."""

import shutil
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from bot.edges.store import SqlStore, open_store
from bot.edges.store.columns import short
from bot.edges.store.rows import metric_rows, run_row, text_rows
from bot.edges.store.schema import wanted
from bot.edges.store.tables import experiments, run_metrics, run_params, run_tags, runs
from bot.facts.runs import Run, TrackerState
from bot.ports.index import Known
from tests.bench import team
from tests.bench.folder import kept

AT_ONCE = 2000
FILE = "rundown.db"


def filled(count: int) -> Path:
    """A SQLite file with this many runs, made at the first call; copy it before anything is written."""

    def make(folder: Path) -> None:
        store = open_store(f"sqlite:///{folder / FILE}")
        store.upgrade()
        fill(store, team.runs(count))
        store.close()

    return kept(f"index-{count}@{wanted()}", make) / FILE


def copied(count: int, folder: Path) -> str:
    """The address of a copy of that file in a folder."""
    shutil.copyfile(filled(count), folder / FILE)
    return f"sqlite:///{folder / FILE}"


def fill(store: SqlStore, wanted: Iterator[Run]) -> None:
    """Put runs into an empty index, as if its tracker had been read to the end."""
    with store.write() as unit:
        unit.runs.put_experiments(team.experiments())
        met = team.NEWEST + timedelta(hours=3)
        unit.trackers.put(
            TrackerState(
                "main", met, backfilled=True, backfill_done=1, backfill_total=1, cursor=met, last_success=met
            )
        )
    with store.engine.begin() as connection:
        rows = connection.execute(select(experiments.c.experiment_id, experiments.c.id))
        known = {row.experiment_id: row.id for row in rows}
        first = 1
        while part := list(islice(wanted, AT_ONCE)):
            _insert(connection, known, first, part)
            first += len(part)
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SELECT setval(pg_get_serial_sequence('runs', 'id'), max(id)) FROM runs")
    if store.engine.dialect.name == "postgresql":
        # Its autovacuum would do the same within a minute; SQLite's planner works without statistics.
        with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")


def _insert(connection: Connection, known: dict[str, int], first: int, part: Sequence[Run]) -> None:
    rows: dict[Any, list[dict[str, Any]]] = {runs: [], run_params: [], run_tags: [], run_metrics: []}
    for identity, run in enumerate(part, first):
        met = (run.ended or run.started or team.NEWEST) + timedelta(seconds=10)
        row = run_row(Known(run, met, met), known[short(run.experiment_id)])
        rows[runs].append({"id": identity, **row})
        rows[run_params] += text_rows(identity, run.params)
        rows[run_tags] += text_rows(identity, run.tags)
        rows[run_metrics] += metric_rows(identity, row["experiment"], run.metrics)
    for table, values in rows.items():
        connection.execute(table.insert(), values)
