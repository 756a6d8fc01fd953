"""`compare` puts two runs side by side."""

import pytest

from bot.facts.runs import Dataset, Status
from bot.settings import Settings
from tests.commands.desk import Desk, a_run
from tests.golden_files import check_golden

OLD = a_run(
    "first-fox",
    minutes_ago=90,
    metrics={"val_auc": 0.89, "val_loss": 0.31, "epochs": 10},
    params={"lr": "0.1", "depth": "4", "seed": "1"},
    tags={"mlflow.source.git.commit": "aaaa1111bbbb", "python": "3.11", "team": "growth"},
    datasets=(Dataset("reviews", "d1", "train"),),
)
NEW = a_run(
    "second-sun",
    minutes_ago=30,
    metrics={"val_auc": 0.9021, "val_loss": 0.31, "f1": 0.8},
    params={"lr": "0.05", "depth": "4", "seed": "1"},
    tags={"mlflow.source.git.commit": "cccc2222dddd", "python": "3.12", "team": "growth"},
    datasets=(Dataset("reviews", "d2", "train"),),
)


def test_what_differs_is_listed_and_the_rest_counted(desk: Desk) -> None:
    desk.know(OLD, NEW)
    text = desk.read("compare second-sun first-fox")
    for part in (
        "second-sun against first-fox",
        "val_auc · 0.9021 · 0.89 · +0.0121",
        "f1 · 0.8 · –",
        "lr (param) · 0.05 · 0.1",
        "commit (code) · cccc2222dd · aaaa1111bb",
        "train (data) · reviews d2 · reviews d1",
        "python (environment) · 3.12 · 3.11",
        "The same in both: 1 metric, 2 params, 1 tag.",
        "the first run minus the second",
    ):
        assert part in text
    check_golden(desk.templates, desk.ask("compare second-sun first-fox"))


@pytest.mark.parametrize("words", ["second-sun", "second-sun previous", "latest", "latest baseline"])
def test_without_another_run_the_previous_one_is_meant(desk: Desk, words: str) -> None:
    desk.know(OLD, NEW)
    found = desk.ask(f"compare {words}").facts
    assert found["comparison"].second.name == "first-fox"
    assert "the previous run" in found["why"]


def test_a_configured_baseline_is_taken(desk: Desk) -> None:
    pinned = a_run("pinned", minutes_ago=5000)
    desk.know(OLD, NEW, pinned)
    facts = desk.settings.model_dump() | {"experiments": {"churn-*": {"baseline": f"run:{pinned.run_id}"}}}
    desk.settings = desk.settings.model_copy(update={"experiments": Settings.model_validate(
        {"experiments": facts["experiments"]}
    ).experiments})  # fmt: skip
    assert desk.ask("compare second-sun").facts["comparison"].second.name == "pinned"
    assert desk.ask("compare second-sun previous").facts["comparison"].second.name == "first-fox"


def test_the_first_run_of_an_experiment_has_nothing_to_be_compared_with(desk: Desk) -> None:
    desk.know(OLD)
    assert desk.read("compare first-fox").startswith("There is nothing to compare first-fox with")
    check_golden(desk.templates, desk.ask("compare first-fox"))


def test_a_run_equals_itself(desk: Desk) -> None:
    desk.know(OLD)
    assert "That is one and the same run." in desk.read("compare first-fox first-fox")


def test_twins_do_not_differ(desk: Desk) -> None:
    desk.know(a_run("twin-a"), a_run("twin-b"))
    assert "Nothing differs. The same in both: 2 metrics, 1 param" in desk.read("compare twin-a twin-b")


def test_runs_of_one_name_are_told_apart_by_their_ids(desk: Desk) -> None:
    desk.know(*(a_run("twin", run_id=letter * 32, metrics={"auc": n}) for n, letter in enumerate("ab")))
    assert f"What differs · {'a' * 8} · {'b' * 8} · Difference" in desk.read(f"compare {'a' * 32} {'b' * 32}")


def test_either_run_may_be_in_doubt(desk: Desk) -> None:
    twins = [a_run("twin", run_id=letter * 32) for letter in "ab"]
    desk.know(OLD, *twins)
    assert desk.buttons("compare first-fox twin")["aaaaaaaa"] == ("turn", f"compare first-fox {'a' * 32}")
    assert desk.buttons("compare twin first-fox")["bbbbbbbb"] == ("turn", f"compare {'b' * 32} first-fox")
    assert desk.buttons("compare frist-fox twin")["first-fox"] == ("turn", "compare first-fox twin")


def test_many_differences_are_cut_and_counted(desk: Desk) -> None:
    many = a_run(
        "many",
        metrics={f"m{n}": n for n in range(50)},
        params={f"p{n}": str(n) * 90 for n in range(300)},
        tags={f"t{n}": "x" for n in range(50)},
    )
    desk.know(OLD, many)
    text = desk.read("compare many first-fox")
    assert "more metrics" in text
    assert "more" in text
    check_golden(desk.templates, desk.ask("compare many first-fox"), "many")


def test_runs_of_two_experiments_are_told_apart(desk: Desk) -> None:
    desk.know(OLD, a_run("intent", experiment="nlp-intents", status=Status.FAILED, metrics={}))
    text = desk.read("compare intent first-fox")
    assert "They are of two experiments: nlp-intents and churn-weekly" in text
