"""A command's work does not grow with the number of runs: counted in SQLite's steps and PostgreSQL's rows."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import event

from bot.edges.store import SqlStore, open_store
from bot.render.messages import Templates
from bot.settings import Settings
from bot.words import Asker
from tests.bench import team
from tests.bench.index import fill
from tests.commands.desk import Desk
from tests.servers.postgres import Postgres

FEW, MANY = 2500, 7500
STEPS = 20
NAME = team.run(FEW - 5, team.NEWEST).name
ID = team.run(FEW - 5, team.NEWEST).run_id[:8]
SUBSCRIBED = Asker("U1", "jo", "C1", "churn")
ELSEWHERE = Asker("U1", "jo", "C2", "general")
SETTINGS = {
    "trackers": [{"name": "main", "uri": "https://ml.example.com"}],
    "channels": {"#churn": [{"experiments": ["churn-*"]}]},
}
# What a plain word, a pattern or != is looked for in is read from the newest run on until a page is full.
# Up to 2,000 runs of one person are put in order by `best` itself.
WORDS = (
    "latest",
    "latest 10 page:3",
    "latest churn-20",
    "latest intents-*",
    "latest nosuch",
    "latest by:user3",
    "latest status:failed",
    "latest since:7d",
    "running",
    "failed",
    "failed 2026-10-29",
    "stalled",
    "compare latest",
    f"compare {NAME} previous",
    f"show {NAME}",
    f"show {ID}",
    "show nosuch",
    "search metrics.val_auc > 0.55",
    "search metrics.val_auc > 0.9999",
    "search params.seed != '0' and metrics.val_auc > 0.55",
    "search tags.team = 'nlp'",
    "search run_name LIKE 'calm%'",
    "search start_time > '2026-10-29'",
    "search end_time > '2026-10-30'",
    "search bert large",
    "best",
    "best val_auc",
    "best val_auc 3 page:3",
    "best loss in churn-20",
    "best val_auc in intents-* order:lower",
    "best val_auc by:nobody",
    "best metric_3",
    "best val_acu",
    "show best",
    "compare latest best",
    "settings",
)


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[int, tuple[SqlStore, list[int]]]]:
    """SQLite stores by how many runs they hold, each with a list that grows as it works."""
    stores = {}
    for count in (FEW, MANY):
        store = open_store(f"sqlite:///{tmp_path_factory.mktemp('plans') / 'rundown.db'}")
        store.upgrade()
        fill(store, team.runs(count))
        store.engine.dispose()
        worked: list[int] = []
        event.listen(store.engine, "connect", _counting(worked))
        stores[count] = (store, worked)
    yield stores
    for store, _ in stores.values():
        store.close()


def _counting(worked: list[int]) -> Callable[[Any, Any], None]:
    def connected(connection: Any, _record: Any) -> None:
        connection.set_progress_handler(lambda: worked.append(1), STEPS)

    return connected


def _ask(store: SqlStore, words: str, asker: Asker) -> None:
    Desk(store, Settings.model_validate(SETTINGS), Templates()).see(words, asker)


@pytest.mark.parametrize("asker", [SUBSCRIBED, ELSEWHERE], ids=["subscribed", "elsewhere"])
@pytest.mark.parametrize("words", WORDS)
def test_sqlite_works_no_more_with_three_times_the_runs(
    opened: dict[int, tuple[SqlStore, list[int]]], words: str, asker: Asker
) -> None:
    steps = {}
    for count, (store, worked) in opened.items():
        worked.clear()
        _ask(store, words, asker)
        steps[count] = len(worked) * STEPS
    assert steps[MANY] <= 1.2 * steps[FEW] + 4000, steps


@pytest.fixture(scope="module")
def many_in_postgres(postgres_server: Postgres) -> Iterator[SqlStore]:
    store = open_store(postgres_server.fresh())
    fill(store, team.runs(MANY))
    yield store
    store.close()


@pytest.mark.servers
@pytest.mark.parametrize("words", WORDS)
def test_postgresql_reads_no_more_runs_than_an_answer_needs(many_in_postgres: SqlStore, words: str) -> None:
    asked: list[tuple[str, Any]] = []

    def listen(_conn: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
        asked.append((statement, parameters))

    event.listen(many_in_postgres.engine, "before_cursor_execute", listen)
    try:
        _ask(many_in_postgres, words, SUBSCRIBED)
    finally:
        event.remove(many_in_postgres.engine, "before_cursor_execute", listen)
    selects = [(statement, values) for statement, values in asked if statement.startswith("SELECT")]
    assert selects
    for statement, values in selects:
        read = _rows_read(many_in_postgres, statement, values)
        assert read <= MANY / 2, f"{read} rows of runs: {statement} {values}"


def _rows_read(store: SqlStore, statement: str, values: Any) -> float:
    with store.engine.connect() as connection:
        explained = connection.exec_driver_sql(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", values).scalar()
    plan = json.loads(explained) if isinstance(explained, str) else explained
    return max(_nodes(plan[0]["Plan"]), default=0)


def _nodes(node: dict[str, Any]) -> Iterator[float]:
    """Rows each part of a plan took from a table of runs, kept or not."""
    if node.get("Relation Name", "").startswith("run"):
        yield (node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"]
    for part in node.get("Plans", ()):
        yield from _nodes(part)
