"""A desk whose announcer judges runs of a made-up experiment."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.edges.store import SqlStore, open_store
from tests.incidents.lineages import Laboratory


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    opened = open_store(f"sqlite:///{tmp_path / 'rundown.db'}")
    opened.upgrade()
    yield opened
    opened.close()


@pytest.fixture
def laboratory(store: SqlStore) -> Laboratory:
    return Laboratory(store)
