"""The README of rundown-tracking names every tag, source, variable and image that it reads or sets."""

import re
import tomllib
from pathlib import Path

import pytest

from rundown_tracking import ci, dvc, git, image, notebook
from rundown_tracking.telling import DEFAULT_SECONDS, OFF, SECONDS, SOURCES

FOLDER = Path(__file__).parents[2] / "integrations" / "tracking"
README = (FOLDER / "README.md").read_text()
pytestmark = pytest.mark.documented


def test_everything_is_named() -> None:
    named = set(re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", README, flags=re.DOTALL)))
    assert {OFF, SECONDS, *SOURCES, image.OURS, *image.SAID, dvc.OTHERS} <= named
    for tag in (
        git.COMMIT,
        git.BRANCH,
        git.REMOTE,
        git.DIRTY,
        ci.URL,
        image.IMAGE,
        notebook.SOURCE,
        notebook.TYPE,
    ):
        assert {tag, f".{tag.rpartition('.')[2]}"} & named, tag
    assert f"may be read ({DEFAULT_SECONDS:g})" in README
    assert f"After {dvc.SINGLE_AT_MOST} paths" in README


def test_mlflow_is_all_it_needs() -> None:
    project = tomllib.loads((FOLDER / "pyproject.toml").read_text())["project"]
    assert [re.split(r"[<>=]", one)[0] for one in project["dependencies"]] == ["mlflow-skinny"]
