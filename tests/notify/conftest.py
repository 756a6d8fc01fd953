"""A fresh SQLite store for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.edges.store import SqlStore, open_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    opened = open_store(f"sqlite:///{tmp_path / 'rundown.db'}")
    opened.upgrade()
    yield opened
    opened.close()
