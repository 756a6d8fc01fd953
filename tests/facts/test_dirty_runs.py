"""A run that was trained with changes on top of its commit is called so by one rule, whoever asks."""

import pytest

from bot.facts.runs import COMMIT_TAG, Run, Status


@pytest.mark.parametrize(
    ("tags", "dirty"),
    [
        ({}, False),
        ({COMMIT_TAG: "7d3f1c9"}, False),
        ({COMMIT_TAG: "7d3f1c9-dirty"}, True),
        ({COMMIT_TAG: "7d3f1c9+"}, True),
        ({"mlflow.source.git.dirty": "True"}, True),
        ({"mlflow.source.git.dirty": "false"}, False),
        ({"git.dirty": " yes "}, True),
        ({"git_dirty": "1"}, True),
    ],
)
def test_changes_on_top_of_a_commit_are_known_by_any_of_their_tags(tags: dict[str, str], dirty: bool) -> None:
    assert Run("main", "1", "1", "churn", "calm-owl", Status.FINISHED, tags=tags).dirty is dirty
