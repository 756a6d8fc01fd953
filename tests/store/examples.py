"""What the tests of the index share: a run with defaults, and putting it there."""

from datetime import UTC, datetime, timedelta

from bot.edges.store import SqlStore
from bot.facts.runs import Run, Status
from bot.ports.index import Known

NOW = datetime(2026, 11, 2, 9, 0, 0, 123456, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def a_run(run_id: str = "r1", **values: object) -> Run:
    fields: dict[str, object] = {
        "tracker": "main",
        "run_id": run_id,
        "experiment_id": "1",
        "experiment": "churn",
        "name": f"run-{run_id}",
        "status": Status.FINISHED,
        "started": NOW,
    }
    return Run(**(fields | values))  # type: ignore[arg-type]


def put(store: SqlStore, *runs: Run, read_at: datetime = NOW) -> None:
    with store.write() as unit:
        unit.runs.put([Known(run, read_at, read_at) for run in runs])
