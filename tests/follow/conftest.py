"""What the tests of following share."""

import pytest

from bot.edges.store import SqlStore
from tests.follow.world import FollowWorld, followed_world


@pytest.fixture
def store(sqlite_store: SqlStore) -> SqlStore:
    """An empty database; what PostgreSQL does otherwise is the matter of the store's own contract."""
    return sqlite_store


@pytest.fixture
def world(store: SqlStore) -> FollowWorld:
    """A tracker with one experiment that has been followed for a moment."""
    return followed_world(store)
