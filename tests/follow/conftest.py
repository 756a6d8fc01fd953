"""What the tests of following share."""

import pytest

from bot.edges.store import SqlStore


@pytest.fixture
def store(sqlite_store: SqlStore) -> SqlStore:
    """An empty database; what PostgreSQL does otherwise is the matter of the store's own contract."""
    return sqlite_store
