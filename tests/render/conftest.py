"""Templates written in the test itself."""

from pathlib import Path

import pytest

from tests.render.workshop import Workshop


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    return Workshop(tmp_path)


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    """A workshop for tests that render many times."""
    return Workshop(tmp_path_factory.mktemp("templates"))
