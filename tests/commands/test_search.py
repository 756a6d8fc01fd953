"""`search` takes MLflow's filter grammar or plain words."""

import pytest

from bot.facts.runs import Status
from tests.commands.desk import Desk, a_run
from tests.golden_files import check_golden

RUNS = (
    a_run("bert-large", minutes_ago=10, metrics={"auc": 0.95}, params={"lr": "0.1"}, tags={"team": "nlp"}),
    a_run("bert-small", minutes_ago=20, metrics={"auc": 0.85, "val loss": 0.2}, params={"lr": "0.2"}),
    a_run("tree", minutes_ago=30, metrics={}, status=Status.FAILED, experiment="nlp-intents", owner="mmeier"),
)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("metrics.auc > 0.9", ["bert-large"]),
        ("metrics.auc &gt; 0.8 and params.lr = '0.2'", ["bert-small"]),
        ("metrics.`val loss` < 1", ["bert-small"]),
        ("tags.team = “nlp”", ["bert-large"]),
        ("tags.team is null", ["bert-small", "tree"]),
        ("status = 'FAILED'", ["tree"]),
        ("run_name LIKE 'bert%'", ["bert-large", "bert-small"]),
        ("run_name ILIKE 'BERT-S%'", ["bert-small"]),
        ("start_time > '15min'", ["bert-large"]),
        (f"run_id IN ('{RUNS[0].run_id}', '{RUNS[2].run_id}')", ["bert-large", "tree"]),
        (f"run_id NOT IN ('{RUNS[0].run_id}')", ["bert-small", "tree"]),
        ("bert", ["bert-large", "bert-small"]),
        ("bert nlp", ["bert-large"]),
        ("status != 'FAILED' by:jdoe since:15min", ["bert-large"]),
    ],
)
def test_what_fits_is_found_in_all_experiments(desk: Desk, text: str, names: list[str]) -> None:
    desk.know(*RUNS)
    assert [row.run.name for row in desk.ask(f"search {text}").facts["rows"]] == names


def test_pages_keep_the_filter_with_its_quotes(desk: Desk) -> None:
    desk.know(*(a_run(f"run-{n:02}", minutes_ago=n) for n in range(1, 13)))
    words = 'search params.lr = "0.1"'
    assert desk.buttons(words)["Older"] == ("turn", f"{words} page:2")
    assert len(desk.ask(f"{words} page:2").facts["rows"]) == 2


def test_a_filter_that_cannot_be_read_is_pointed_at(desk: Desk) -> None:
    text = desk.see("search metrics.auc >").text
    assert "a number is missing here" in text
    assert "metrics.auc &gt;\n" in text
    assert f"{' ' * len('metrics.auc >')}^" in text
    check_golden(desk.templates, desk.ask("search metrics.auc >"))


def test_or_is_said_to_be_missing(desk: Desk) -> None:
    assert "MLflow’s filters have no OR" in desk.read("search metrics.a > 1 or metrics.b > 2")


def test_nothing_found_says_what_plain_words_look_into(desk: Desk) -> None:
    desk.know(*RUNS)
    assert desk.read("search zebra") == (
        "No run is about zebra. Words are looked for in names, experiments, notes, params and tags."
    )
    assert desk.read("search metrics.auc > 2 by:@me") == (
        "No run fits metrics.auc &gt; 2 (by jdoe). Leave something out to see more."
    )


def test_an_answer_says_what_was_searched_for(desk: Desk) -> None:
    desk.know(*RUNS)
    assert desk.read("search metrics.auc > 0.9 share").startswith("Runs that fit metrics.auc &gt; 0.9: 1 run")
    assert desk.read("search bert").startswith("Runs about bert: 2 runs, all of churn-weekly")


def test_a_search_for_nothing_is_asked_back(desk: Desk) -> None:
    assert "search needs a filter such as metrics.auc &gt; 0.9, or plain words." in desk.read("search")
