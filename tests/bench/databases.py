"""The questions commands ask of the index, on SQLite and on PostgreSQL, side by side."""

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.edges.store import SqlStore, open_store
from bot.facts.runs import RunRef, Status
from bot.find.paging import page_of
from bot.ports.index import Condition, Field, RunQuery
from bot.ports.store import Unit
from tests.bench import team
from tests.bench.figures import Line, median, timed
from tests.bench.index import copied, fill
from tests.servers.postgres import postgres

RUNS = 20_000
TIMES = 30
DAY = timedelta(days=1)
ONE = next(team.runs(1))
FAILED = frozenset({Status.FAILED, Status.KILLED})


def _listed(query: RunQuery) -> Callable[[Unit], object]:
    return lambda unit: page_of(unit, query, 1, 10)


def _where(field: Field, key: str, operator: str, value: str | float) -> Callable[[Unit], object]:
    return _listed(RunQuery(conditions=(Condition(field, key, operator, value),)))


QUESTIONS: Mapping[str, Callable[[Unit], object]] = {
    "latest": _listed(RunQuery(top_level=True)),
    "latest churn-*": _listed(RunQuery(top_level=True, experiments=("churn-*",))),
    "latest churn-20": _listed(RunQuery(top_level=True, experiments=("churn-20",))),
    "latest by:user3": _listed(RunQuery(top_level=True, owners=("user3",))),
    "running": _listed(RunQuery(statuses=frozenset({Status.RUNNING}))),
    "failed 7d": _listed(RunQuery(statuses=FAILED, ended_since=team.NEWEST - 7 * DAY)),
    "search metrics.val_auc > 0.9": _where(Field.METRIC, "val_auc", ">", 0.9),
    "search metrics.val_auc > 0.9999": _where(Field.METRIC, "val_auc", ">", 0.9999),
    "search params.model = 'bert-large'": _where(Field.PARAM, "model", "=", "bert-large"),
    "search bert (found at once)": _listed(RunQuery(words=("bert",))),
    "search zzz (found nowhere)": _listed(RunQuery(words=("zzz",))),
    "show by name": lambda unit: unit.runs.by_name(ONE.name),
    "show by the beginning of an id": lambda unit: unit.runs.by_prefix(ONE.run_id[:6]),
    "compare: the runs before": lambda unit: unit.runs.find(
        RunQuery(tracker="main", experiments=(ONE.experiment,), until=team.NEWEST, limit=50)
    ),
    "digest of a day": lambda unit: unit.runs.find(
        RunQuery(experiments=("churn-*",), ended_since=team.NEWEST - DAY, ended_until=team.NEWEST, limit=2000)
    ),
    "follow: open runs": lambda unit: unit.runs.open_ids("main"),
    "follow: 200 runs by id": lambda unit: unit.runs.get([RunRef("main", one) for one in IDS]),
}
IDS = [run.run_id for run in team.runs(200)]


def measure() -> Iterator[Line]:
    """The same runs in both; PostgreSQL is the wheel's, over a socket on this machine."""
    with TemporaryDirectory() as folder, postgres() as server:
        sqlite = open_store(copied(RUNS, Path(folder)))
        other = open_store(server.migrated)
        filled_in = timed(lambda: fill(other, team.runs(RUNS)))
        yield Line(f"{RUNS:,} runs into PostgreSQL", "SQLite / PostgreSQL", f"{filled_in:.0f} s")
        for name, question in QUESTIONS.items():
            one, two = (_median(store, question) * 1000 for store in (sqlite, other))
            yield Line(name, f"{one:.2f} / {two:.2f} ms")
        sqlite.close()
        other.close()


def _median(store: SqlStore, question: Callable[[Unit], object]) -> float:
    def ask() -> None:
        with store.read() as unit:
            question(unit)

    ask()
    return median([timed(ask) for _ in range(TIMES)])
