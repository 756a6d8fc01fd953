"""`compare` puts two runs side by side."""

import pytest

from bot.facts.baselines import Alias, ModelVersion
from bot.facts.runs import Dataset, Run, Status
from bot.settings import Settings
from tests.commands.desk import NOW, Desk, a_run
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
        "val_auc 0.9021 against 0.89, +0.0121, better",
        "val_auc · 0.9021 · 0.89 · +0.0121 better",
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
    assert found["found"].runs[1].name == "first-fox"
    assert "the previous run" in found["why"]


def test_a_configured_baseline_is_taken(desk: Desk) -> None:
    pinned = a_run("pinned", minutes_ago=5000)
    desk.know(OLD, NEW, pinned)
    facts = desk.settings.model_dump() | {"experiments": {"churn-*": {"baseline": f"run:{pinned.run_id}"}}}
    desk.settings = desk.settings.model_copy(update={"experiments": Settings.model_validate(
        {"experiments": facts["experiments"]}
    ).experiments})  # fmt: skip
    assert desk.ask("compare second-sun").facts["found"].runs[1].name == "pinned"
    assert desk.ask("compare second-sun previous").facts["found"].runs[1].name == "first-fox"


def test_the_first_run_of_an_experiment_has_nothing_to_be_compared_with(desk: Desk) -> None:
    desk.know(OLD)
    assert desk.read("compare first-fox").startswith("There is nothing to compare first-fox with")
    check_golden(desk.templates, desk.ask("compare first-fox"))


def test_a_run_equals_itself(desk: Desk) -> None:
    desk.know(OLD)
    assert "first-fox is one and the same run" in desk.read("compare first-fox first-fox")
    check_golden(desk.templates, desk.ask("compare first-fox first-fox"))


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


MANY = a_run(
    "many",
    metrics={f"m{n}": n for n in range(50)},
    params={f"p{n}": str(n) * 90 for n in range(300)},
    tags={f"t{n}": "x" for n in range(50)},
)


def test_many_differences_are_cut_and_counted(desk: Desk) -> None:
    desk.know(OLD, MANY)
    text = desk.read("compare many first-fox")
    assert "Not shown: 33 more metrics, 273 more params, 44 more tags." in text
    assert desk.buttons("compare many first-fox")["Show all 410"] == ("turn", "compare many first-fox page:1")
    check_golden(desk.templates, desk.ask("compare many first-fox"), "many")


def test_all_of_it_is_shown_in_pages(desk: Desk) -> None:
    desk.know(OLD, MANY)
    seen: list[str] = []
    words = "compare many first-fox page:1"
    while words:
        seen += [row.name for row, _ in desk.ask(words).facts["sheet"].rows]
        assert all(len(block.get("rows", ())) <= 100 for block in desk.see(words).blocks)
        assert "more" not in desk.read(words)
        words = desk.buttons(words).get("Next", ("", ""))[1]
    assert len(seen) == len(set(seen)) == 410
    assert desk.buttons("compare many first-fox page:1")["Back"] == ("turn", "compare many first-fox")
    beyond = desk.ask("compare many first-fox page:999").facts
    assert beyond["sheet"].number == beyond["sheet"].pages


THIRD = a_run("third-tree", minutes_ago=20, metrics={"val_auc": 0.95, "val_loss": 0.29}, params={"lr": "0.2"})


def test_three_runs_are_held_against_the_first(desk: Desk) -> None:
    desk.know(OLD, NEW, THIRD)
    text = desk.read("compare second-sun first-fox third-tree")
    for part in (
        "second-sun beside first-fox, third-tree",
        "What differs · second-sun · first-fox · third-tree",
        "val_auc · 0.9021 · 0.89 ▼ · 0.95 ▲",
        "val_loss · 0.31 · 0.31 · 0.29 ▲",
        "lr (param) · 0.05 · 0.1 · 0.2",
        "▲ is better and ▼ worse than in second-sun.",
        "Not the same data: train.",
    ):
        assert part in text
    check_golden(desk.templates, desk.ask("compare second-sun first-fox third-tree"), "three")


def test_the_worst_comes_first(desk: Desk) -> None:
    desk.know(
        a_run("a", metrics={"val_auc": 0.9, "val_loss": 0.3, "f1": 0.5, "wobble": 1.0, "gone": 1.0}),
        a_run("b", metrics={"val_auc": 0.89, "val_loss": 0.6, "f1": 0.7, "wobble": 9.0, "fresh": 1.0}),
    )
    rows = [row.name for row, _ in desk.ask("compare b a").facts["sheet"].rows]
    assert rows == ["val_loss", "val_auc", "f1", "wobble", "fresh", "gone"]


def test_ten_runs_fit_beside_each_other_with_names_that_differ(desk: Desk) -> None:
    names = [f"churn-weekly-gradient-boosting-seed-{n}-of-the-nightly-sweep" for n in range(10)]
    desk.know(*(a_run(name, run_id=f"{n:032x}", metrics={"val_auc": n / 10}) for n, name in enumerate(names)))
    message = desk.ask(f"compare {' '.join(names)}")
    labels = message.facts["sheet"].labels
    assert len(set(labels)) == 10
    assert all(len(label) <= 16 and str(n) in label for n, label in enumerate(labels))
    assert len(desk.templates.render(message).blocks) >= 3


def test_more_than_ten_runs_are_refused_kindly(desk: Desk) -> None:
    desk.know(OLD)
    assert "That is 11 runs, and I put up to 10 beside each other." in desk.read("compare" + " first-fox" * 11)


def test_a_run_that_was_named_twice_stands_there_once(desk: Desk) -> None:
    desk.know(OLD, NEW)
    assert [run.name for run in desk.ask("compare latest second-sun first-fox").facts["found"].runs] == [
        "second-sun",
        "first-fox",
    ]


def test_a_run_may_stand_beside_its_baseline_and_others(desk: Desk) -> None:
    desk.know(OLD, NEW, THIRD)
    found = desk.ask("compare third-tree first-fox previous").facts["found"]
    assert [run.name for run in found.runs] == ["third-tree", "first-fox", "second-sun"]


def champion(desk: Desk, run: Run | None) -> None:
    """What the registry last told of churn@champion, which app.yaml names as the baseline."""
    version = ModelVersion("churn", "3", run.run_id) if run else None
    with desk.store.write() as unit:
        unit.models.put(Alias("main", "churn", "champion", NOW, version, "" if run else "there is no such alias"))
    told = Settings.model_validate({"experiments": {"churn-*": {"baseline": "model:churn@champion"}}})
    desk.settings = desk.settings.model_copy(update={"experiments": told.experiments})


@pytest.mark.parametrize("word", ["@champion", "churn@champion"])
def test_an_alias_of_a_model_names_its_run(desk: Desk, word: str) -> None:
    desk.know(OLD, NEW, THIRD)
    champion(desk, OLD)
    found = desk.ask(f"compare third-tree second-sun {word}").facts["found"]
    assert [run.name for run in found.runs] == ["third-tree", "second-sun", "first-fox"]


def test_an_alias_that_leads_nowhere_is_said(desk: Desk) -> None:
    desk.know(OLD, NEW)
    assert "I do not know which model’s alias @champion is" in desk.read("compare second-sun @champion")
    champion(desk, None)
    assert "churn@champion cannot be had: there is no such alias" in desk.read("compare second-sun @champion")
    unread = desk.read("compare second-sun fraud@staging")
    assert "fraud@staging has not been read from the model registry yet" in unread


@pytest.mark.parametrize(("word", "meant"), [("@champoin", "@champion"), ("churn@champoin", "churn@champion")])
def test_a_mistyped_alias_is_answered_with_the_one_that_is_the_baseline(desk: Desk, word: str, meant: str) -> None:
    desk.know(OLD, NEW)
    champion(desk, OLD)
    assert ("turn", f"compare second-sun {meant}") in desk.buttons(f"compare second-sun {word}").values()


def test_why_a_pin_cannot_be_had_is_said_where_there_is_no_earlier_run_either(desk: Desk) -> None:
    desk.know(OLD)
    champion(desk, None)
    text = desk.read("compare first-fox")
    assert "nothing to compare first-fox with" in text and "there is no such alias" in text
    assert "no such alias" not in desk.read("compare first-fox previous")


def address(*runs: Run, quote: str = '"') -> str:
    ids = ",".join(f"{quote}{run.run_id}{quote}" for run in runs)
    return f"https://mlflow.example/#/compare-runs?runs=[{ids}]&experiments=[{quote}1{quote}]"


@pytest.mark.parametrize("quote", ['"', "%22"])
def test_an_address_of_mlflows_comparison_stands_for_its_runs(desk: Desk, quote: str) -> None:
    desk.know(OLD, NEW, THIRD)
    of_two = address(THIRD, OLD, quote=quote)
    for words, names in (
        (f"compare {of_two}", ["third-tree", "first-fox"]),
        (f"compare {of_two} second-sun", ["third-tree", "first-fox", "second-sun"]),
        (f"compare {of_two} previous", ["third-tree", "first-fox", "second-sun"]),
    ):
        assert [run.name for run in desk.ask(words).facts["found"].runs] == names
    assert desk.ask(f"why {of_two}").facts["other"].name == "first-fox"
    eleven = address(*[OLD] * 11, quote=quote)
    assert "That is 11 runs" in desk.read(f"compare {eleven}")


def test_a_run_may_have_a_name_like_an_alias(desk: Desk) -> None:
    desk.know(OLD, a_run("owl@3", minutes_ago=10))
    assert desk.ask("compare first-fox owl@3").facts["found"].runs[1].name == "owl@3"


def test_a_running_run_is_said_to_run(desk: Desk) -> None:
    desk.know(OLD, a_run("busy-bee", status=Status.RUNNING, minutes_ago=5, metrics={"val_auc": float("nan")}))
    text = desk.read("compare busy-bee first-fox")
    assert "busy-bee is running: what it measured so far." in text
    assert "val_auc · NaN · 0.89 · worse" in text


def test_runs_of_two_experiments_are_told_apart(desk: Desk) -> None:
    desk.know(OLD, a_run("intent", experiment="nlp-intents", status=Status.FAILED, metrics={}))
    text = desk.read("compare intent first-fox")
    assert "They are of two experiments: nlp-intents and churn-weekly" in text
