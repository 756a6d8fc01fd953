"""`why` names what changed between a run and its baseline, and what nobody knows."""

from typing import Any

import pytest

from bot.facts.runs import Dataset
from bot.ports.errors import CodeDown, CodeLimited, CodeRefused, EdgeError, TrackerDown
from tests.commands.desk import NOW, Desk, a_run
from tests.fakes.code import Repo
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
    assert (found["run"].name, found["other"].name) == ("second-sun", "first-fox")
    both = f"{found['run'].run_id} {found['other'].run_id}"
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
        "4 things changed, seed aside",
        "depth removed, was 4",
        "lr 0.1 → 0.01",
        "seed added as 2",
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


def dvc(md5: str, size: int) -> bytes:
    """A file in which DVC keeps a version."""
    return f"outs:\n- md5: {md5}\n  size: {size}\n  path: train.csv\n".encode()


Files = dict[str, bytes | None]


def coded(desk: Desk, after: Files, before: Files | None = None) -> None:
    """Two runs alike but for the commit, one commit apart."""
    repo = Repo()
    base = repo.commit("Begin", **(before or {"train__py": b"1"}))
    head = repo.commit("Scale <!channel> the inputs", base, **after)
    desk.code.repos["acme/churn"] = repo
    pair(desk, {"tags": git(base)}, {"tags": git(head)})


def test_the_one_commit_between_two_runs_is_named(desk: Desk) -> None:
    coded(desk, {"train__py": b"2"})
    text = desk.read("why")
    assert "Only the code changed Code:" in text
    assert "1 commit (compare) • “Scale <!channel> the inputs”, Jo Doe" in text.replace("&lt;", "<").replace(
        "&gt;", ">"
    )
    assert "1 file: train.py" in text
    check_golden(desk.templates, desk.ask("why"), "code")


def test_what_was_fetched_is_kept(desk: Desk) -> None:
    coded(desk, {"train__py": b"2"})
    first = desk.ask("why").facts["causes"]
    asked = list(desk.code.asked)
    assert desk.ask("why").facts["causes"] == first
    assert desk.code.asked == asked


def test_commits_that_only_move_data_are_no_code(desk: Desk) -> None:
    coded(
        desk,
        {"data___train__csv__dvc": dvc("b" * 32, 1_500_000)},
        {"data___train__csv__dvc": dvc("a" * 32, 1_200_000)},
    )
    text = desk.read("why")
    assert "Only the data data/train.csv changed: 1.2 MB (aaaaaaa) → 1.5 MB (bbbbbbb)" in text


def test_data_and_code_are_two_things(desk: Desk) -> None:
    coded(desk, {"data___train__csv__dvc": dvc("b" * 32, 9), "train__py": b"2"})
    assert "2 things changed" in desk.read("why")


def test_a_data_file_that_cannot_be_read_is_told(desk: Desk) -> None:
    coded(desk, {"data___train__csv__dvc": b"outs: [&a [*a]]", "train__py": b"2"})
    assert "data (a file of DVC’s cannot be read: no YAML)" in desk.read("why")


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        (CodeRefused("there is no token for github.com"), "code (there is no token for github.com)"),
        (
            CodeLimited("github.com answers no more questions", NOW),
            "code (github.com answers no more questions until 14:00",
        ),
        (CodeDown("github.com did not answer in time"), "code (github.com did not answer in time)"),
    ],
)
def test_a_host_that_says_no_leaves_a_link_and_the_reason(desk: Desk, trouble: EdgeError, said: str) -> None:
    coded(desk, {"train__py": b"2"})
    desk.code.trouble = trouble
    text = desk.read("why")
    assert said in text
    assert "The code changed, and as far as is known nothing else" in text
    assert "https://github.com/acme/churn/compare/" in str(desk.see("why").blocks)
    desk.code.trouble = None
    assert "Only the code changed" in desk.read("why"), "what was unknown is asked again"


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("git@git.evil.example:acme/churn.git", "git.evil.example is not a host that app.yaml names"),
        ("/srv/git/churn", "second-sun recorded no repository that can be read"),
        ("git@github.com:acme/other.git", "the runs are of two repositories, acme/other and acme/churn"),
    ],
)
def test_a_place_that_may_not_be_asked_is_told(desk: Desk, url: str, said: str) -> None:
    pair(desk, {"tags": git(BASE)}, {"tags": git(HEAD, repoURL=url)})
    assert f"code ({said})" in desk.read("why")
    assert desk.code.asked == []


def model(desk: Desk, requirements: dict[str, str]) -> None:
    """Two runs of the tracker, alike but for the packages of their models."""
    experiment = desk.tracker.create_experiment("churn-weekly")
    for minutes, (name, text) in zip((90, 30), requirements.items(), strict=True):
        run_id = desk.tracker.create_run(experiment, name)
        desk.know(a_run(name, run_id=run_id, minutes_ago=minutes, tags=git(BASE)))
        if text:
            desk.tracker.artifact(run_id, "model/MLmodel", b"")
            desk.tracker.artifact(run_id, "model/requirements.txt", text.encode())


def test_the_one_package_that_changed_is_named(desk: Desk) -> None:
    model(desk, {"first-fox": "numpy==2.0\nTorch==2.1\n", "second-sun": "torch==2.3.1\nnumpy==2.0\n"})
    assert "Only torch changed: 2.1 → 2.3.1" in desk.read("why")


def test_a_model_that_only_one_run_logged_leaves_doubt(desk: Desk) -> None:
    model(desk, {"first-fox": "numpy==2.0\n", "second-sun": ""})
    text = desk.read("why")
    assert "environment (second-sun logged no model with its packages)" in text
    assert "Nothing is known to have changed" in text


def test_a_tracker_that_is_down_does_not_hide_the_rest(desk: Desk) -> None:
    model(desk, {"first-fox": "numpy==2.0\n", "second-sun": "numpy==2.0\n"})
    desk.tracker.trouble, desk.tracker.trouble_in = TrackerDown("main did not answer in time."), "model_files"
    text = desk.read("why")
    assert text.count("environment (main did not answer in time)") == 1


def test_only_one_param_is_named_where_all_else_was_recorded(desk: Desk) -> None:
    data = (Dataset("reviews", "d1", "train"),)
    for name, minutes, lr in (("first-fox", 90, "0.1"), ("second-sun", 30, "0.01")):
        tags = {**git(BASE), "mlflow.docker.image.uri": "acme/train:1"}
        desk.know(a_run(name, minutes_ago=minutes, params={"lr": lr}, tags=tags, datasets=data))
    text = desk.read("why")
    assert "Only lr changed: 0.1 → 0.01" in text
    assert "Neither run recorded" not in text


def test_parts_that_nobody_recorded_are_named(desk: Desk) -> None:
    pair(desk, {"params": {"lr": "1"}}, {"params": {"lr": "2"}})
    text = desk.read("why")
    assert "lr changed: 1 → 2, and as far as is known nothing else" in text
    assert "Neither run recorded code, data or environment, so a change there would not be seen." in text


def test_the_one_thing_that_changed_is_named_and_seeds_after_it(desk: Desk) -> None:
    pair(
        desk,
        {"params": {"seed": "1"}, "tags": git(BASE), "datasets": (Dataset("customers", "d1", "training"),)},
        {"params": {"seed": "2"}, "tags": git(BASE), "datasets": (Dataset("customers", "d2", "training"),)},
    )
    text = desk.read("why")
    assert "Only the data training changed: customers d1 → customers d2, seed aside" in text
    assert "Aside: seed 1 → 2" in text
