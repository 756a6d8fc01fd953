"""The schema grows by migrations to exactly what the tables say, on both databases."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy.exc import DBAPIError

from bot.edges.store import SqlStore, open_store
from bot.edges.store.tables import metadata
from bot.facts.messages import Rendered
from tests.servers.postgres import Postgres

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.servers)])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database in which nothing is."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'new folder' / 'rundown.db'}"
    server: Postgres = request.getfixturevalue("postgres_server")
    return server.empty()


@pytest.fixture
def empty(empty_url: str) -> Iterator[SqlStore]:
    store = open_store(empty_url)
    yield store
    store.close()


def test_an_empty_database_grows_to_what_the_tables_say(empty: SqlStore) -> None:
    empty.upgrade()
    at, wanted = empty.revision()
    assert at == wanted != ""
    with empty.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_a_database_that_was_never_upgraded_has_no_revision(store: SqlStore, empty: SqlStore) -> None:
    empty.upgrade()
    with empty.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE alembic_version")
    at, wanted = empty.revision()
    assert (at, wanted) == ("", store.revision()[0])


def test_upgrading_again_changes_nothing(store: SqlStore) -> None:
    with store.write() as unit:
        unit.outbox.say("#churn", "k", Rendered("hi"), NOW)
    store.upgrade()
    with store.read() as unit:
        assert unit.outbox.backlog() == 1


def test_several_processes_may_upgrade_at_once(empty_url: str, empty: SqlStore) -> None:
    others = [open_store(empty_url) for _ in range(4)]
    failures: list[Exception] = []

    def upgrade(store: SqlStore) -> None:
        try:
            store.upgrade()
        except Exception as failure:
            failures.append(failure)

    threads = [threading.Thread(target=upgrade, args=(store,)) for store in others]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for store in others:
        store.close()
    assert failures == []
    assert empty.revision()[0] == empty.revision()[1]


def test_reading_cannot_write(store: SqlStore) -> None:
    with pytest.raises(DBAPIError, match=r"(?i)read.?only"), store.read() as unit:
        unit.outbox.say("#churn", "k", Rendered("hi"), NOW)
    with store.write() as unit:
        assert unit.outbox.backlog() == 0


def test_reading_sees_one_moment(store: SqlStore) -> None:
    with store.read() as before:
        assert before.outbox.backlog() == 0
        with store.write() as unit:
            unit.outbox.say("#churn", "k", Rendered("hi"), NOW)
        assert before.outbox.backlog() == 0
    with store.read() as after:
        assert after.outbox.backlog() == 1


def test_a_database_answers_or_says_that_it_does_not(store: SqlStore, tmp_path: Path) -> None:
    store.ping()
    with pytest.raises(DBAPIError):
        open_store(f"sqlite:///{tmp_path / 'no folder' / 'rundown.db'}").ping()


def test_other_databases_are_refused() -> None:
    with pytest.raises(ValueError, match="mysql is not supported"):
        open_store("mysql://localhost/rundown")
