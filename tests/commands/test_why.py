"""`why` names what changed between a run and its baseline, and what nobody knows."""

from typing import Any

import pytest

from tests.commands.desk import Desk, a_run
from tests.golden_files import check_golden

BASE = "a" * 40
HEAD = "b" * 40


def git(commit: str, **more: str) -> dict[str, str]:
    """The tags of a run that was started in a repository."""
    tags = {"mlflow.source.git.commit": commit, "mlflow.source.git.repoURL": "git@github.com:acme/churn.git"}
    return {**tags, **{f"mlflow.source.git.{key}": value for key, value in more.items()}}


def pair(desk: Desk, before: dict[str, Any], after: dict[str, Any]) -> None:
    desk.know(a_run("first-fox", minutes_ago=90, **before), a_run("second-sun", minutes_ago=30, **after))


@pytest.mark.parametrize("words", ["why", "why latest", "why second-sun previous", "why latest first-fox"])
def test_the_latest_run_is_meant_and_its_baseline(desk: Desk, words: str) -> None:
    pair(desk, {"params": {"lr": "0.1"}}, {"params": {"lr": "0.01"}})
    found = desk.ask(words).facts
    assert (found["run"].name, found["baseline"].run.name) == ("second-sun", "first-fox")
    both = f"{found['run'].run_id} {found['baseline'].run.run_id}"
    assert desk.buttons(words)["Compare"] == ("ask", f"compare {both}")


def test_all_that_changed_is_named_in_groups(desk: Desk) -> None:
    pair(
        desk,
        {"params": {"lr": "0.1", "depth": "4"}, "tags": {**git(BASE), "python": "3.11"}},
        {"params": {"lr": "0.01", "seed": "2"}, "tags": {**git(HEAD), "python": "3.12"}},
    )
    text = desk.read("why")
    for part in (
        "second-sun against first-fox, the previous run, with other params",
        "5 things changed",
        "depth removed, was 4",
        "lr 0.1 → 0.01",
        "seed added: 2",
        "aaaaaaa → bbbbbbb",
        "python 3.11 → 3.12",
    ):
        assert part in text
    assert "https://github.com/acme/churn/compare/aaaa" in str(desk.see("why").blocks)
    check_golden(desk.templates, desk.ask("why"))


def test_a_nested_value_is_told_leaf_by_leaf(desk: Desk) -> None:
    before, after = (f'{{"o": {{"lr": 0.1, "b": [1, {last}]}}}}' for last in (2, 3))
    pair(desk, {"params": {"c": before}}, {"params": {"c": after}})
    assert "c.o.b[1] changed: 2 → 3" in desk.read("why")


def test_a_run_without_another_before_it_has_no_causes(desk: Desk) -> None:
    desk.know(a_run("first-fox"))
    assert "no run with metrics finished before it" in desk.read("why")


def test_either_run_may_be_in_doubt(desk: Desk) -> None:
    twins = [a_run("twin", run_id=letter * 32) for letter in "ab"]
    desk.know(a_run("first-fox"), *twins)
    assert desk.buttons("why first-fox twin")["aaaaaaaa"] == ("turn", f"why first-fox {'a' * 32}")
    assert desk.buttons("why twin")["bbbbbbbb"] == ("turn", f"why {'b' * 32}")


def test_a_run_is_no_cause_of_itself(desk: Desk) -> None:
    desk.know(a_run("first-fox"))
    assert "one and the same run" in desk.read("why first-fox first-fox")


def test_changes_that_were_never_committed_are_told(desk: Desk) -> None:
    pair(desk, {"tags": git(BASE)}, {"tags": git(BASE, dirty="true")})
    assert "code (second-sun ran with changes that were never committed)" in desk.read("why")


def test_a_commit_that_only_one_run_recorded_is_told(desk: Desk) -> None:
    pair(desk, {}, {"tags": git(HEAD)})
    assert "code (first-fox recorded no commit)" in desk.read("why")
