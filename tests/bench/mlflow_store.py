"""A real MLflow server that holds the same runs as the index: its SQLite file is filled by MLflow's own schema."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bot.edges.mlflow.reading import milliseconds
from bot.facts.runs import Run
from sandbox.mlflow_server import MlflowServer, start_mlflow
from tests.bench import team
from tests.bench.folder import FOLDER, kept

AT_ONCE = 5000
FILE = "mlflow.db"
RUN = (
    "INSERT INTO runs (run_uuid, name, source_type, source_name, user_id, status, start_time, end_time, "
    "lifecycle_stage, artifact_uri, experiment_id) VALUES (?, ?, 'LOCAL', 'train.py', ?, ?, ?, ?, 'active', ?, ?)"
)
PARAM = "INSERT INTO params (key, value, run_uuid) VALUES (?, ?, ?)"
TAG = "INSERT INTO tags (key, value, run_uuid) VALUES (?, ?, ?)"
METRIC = "INSERT INTO latest_metrics (key, value, timestamp, step, is_nan, run_uuid) VALUES (?, ?, ?, ?, 0, ?)"
EXPERIMENT = (
    "INSERT INTO experiments (experiment_id, name, artifact_location, lifecycle_stage, creation_time, "
    "last_update_time) VALUES (?, ?, ?, 'active', 0, 0)"
)


@contextmanager
def mlflow_with(count: int) -> Iterator[MlflowServer]:
    """A server with so many runs, for as long as it is wanted; what is written to it is lost afterwards."""
    with TemporaryDirectory(prefix="rundown-mlflow-") as folder:
        if count:
            shutil.copyfile(_filled(count), Path(folder) / FILE)
        server = start_mlflow(Path(folder), cache=FOLDER)
        try:
            yield server
        finally:
            server.stop()


def _filled(count: int) -> Path:
    def make(folder: Path) -> None:
        with TemporaryDirectory(prefix="rundown-mlflow-") as fresh:
            start_mlflow(Path(fresh), cache=FOLDER).stop()
            shutil.copyfile(Path(fresh) / FILE, folder / FILE)
        with closing(sqlite3.connect(folder / FILE)) as connection:
            _fill(connection, team.runs(count))

    return kept(f"mlflow-{count}@{version('mlflow')}", make) / FILE


def _fill(connection: sqlite3.Connection, wanted: Iterator[Run]) -> None:
    rows = [(one.experiment_id, one.name, f"mlflow-artifacts:/{one.experiment_id}") for one in team.experiments()]
    connection.executemany(EXPERIMENT, rows)
    while part := list(islice(wanted, AT_ONCE)):
        for statement, values in _rows(part).items():
            connection.executemany(statement, values)
    connection.commit()


def _rows(part: list[Run]) -> dict[str, list[tuple[Any, ...]]]:
    return {
        RUN: [
            (
                run.run_id,
                run.name,
                run.owner,
                run.status.value,
                milliseconds(run.started) if run.started else None,
                milliseconds(run.ended) if run.ended else None,
                run.artifact_uri,
                int(run.experiment_id),
            )
            for run in part
        ],
        PARAM: [(key, value, run.run_id) for run in part for key, value in run.params.items()],
        TAG: [(key, value, run.run_id) for run in part for key, value in run.tags.items()],
        METRIC: [
            (key, one.value, milliseconds(one.at) if one.at else 0, one.step, run.run_id)
            for run in part
            for key, one in run.metrics.items()
        ],
    }
