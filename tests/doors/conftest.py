"""The house whose doors are tried."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.doors.house import House, house


@pytest.fixture
def home(tmp_path: Path, sqlite_template: Path) -> Iterator[House]:
    """A bot on a fresh database, with a short deadline for bodies."""
    made = house(tmp_path, sqlite_template, body_seconds=0.3)
    yield made
    made.close()
