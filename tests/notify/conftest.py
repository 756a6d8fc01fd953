"""A fresh SQLite store for each test, and who works with it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.edges.store import SqlStore, open_store
from tests.notify.desk import Desk
from tests.notify.office import Office


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    opened = open_store(f"sqlite:///{tmp_path / 'rundown.db'}")
    opened.upgrade()
    yield opened
    opened.close()


@pytest.fixture
def desk(store: SqlStore) -> Desk:
    return Desk(store)


@pytest.fixture
def office(store: SqlStore) -> Office:
    return Office(store)
