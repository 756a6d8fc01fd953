"""A desk to ask at: app.yaml names a channel, a person and two experiments."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.edges.store import open_store
from bot.render.messages import Templates
from bot.settings import Settings
from tests.commands.desk import Desk


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("store") / "empty.db"
    store = open_store(f"sqlite:///{path}")
    store.upgrade()
    store.close()
    return path


@pytest.fixture(scope="session")
def templates() -> Templates:
    return Templates()


@pytest.fixture
def desk(tmp_path: Path, empty_database: Path, templates: Templates) -> Iterator[Desk]:
    shutil.copy(empty_database, tmp_path / "rundown.db")
    store = open_store(f"sqlite:///{tmp_path / 'rundown.db'}")
    settings = Settings.model_validate(
        {
            "trackers": [{"name": "main", "uri": "https://ml.example.com"}],
            "experiments": {"churn-*": {"primary": "val_auc", "metrics": {"val_auc": {"better": "higher"}}}},
            "channels": {
                "#churn": [
                    {
                        "experiments": ["churn-*"],
                        "only": ["-tag:trial=true"],
                        "digest": {"at": "09:30", "days": "weekdays", "timezone": "Europe/Berlin"},
                    }
                ]
            },
            "people": [{"mlflow": "jdoe", "slack": "U0001"}],
        }
    )
    desk = Desk(store, settings, templates)
    desk.follow()
    yield desk
    store.close()
