"""`best` ranks runs by a metric, and asks once which way it gets better."""

import math
from datetime import timedelta

import pytest

from bot.facts.runs import Experiment, Run, Status
from bot.judge.direction import GREATER_TAG, PRIMARY_TAG
from bot.words import Asker
from handlers.commands import prepare
from tests.commands.desk import JO, NOW, Desk, a_run
from tests.golden_files import check_golden

MIA = Asker("U0002", "mia", "C0001", "churn")
ELSEWHERE = Asker("U0002", "mia", "C0009", "random")


def measured(name: str, minutes_ago: float = 60, *, experiment: str = "churn-weekly", **metrics: float) -> Run:
    return a_run(name, minutes_ago=minutes_ago, experiment=experiment, metrics=metrics)


def ranked(desk: Desk, text: str, asker: Asker = JO) -> list[tuple[int, str]]:
    message = desk.ask(text, asker)
    assert message.template == "commands/best", message
    return [(one.place, one.run.name) for one in message.facts["ranked"]]


def names(desk: Desk, text: str, asker: Asker = JO) -> list[str]:
    return [name for _, name in ranked(desk, text, asker)]


SOME = (
    measured("good", 50, val_auc=0.9, val_loss=0.4),
    measured("better", 40, val_auc=0.95, val_loss=0.5),
    measured("bad", 30, val_auc=0.5, val_loss=0.9),
    measured("other", 20, experiment="nlp-intents", val_f1=0.8, val_loss=0.1),
)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("best val_auc", ["better", "good", "bad"]),
        ("best VAL_AUC", ["better", "good", "bad"]),
        ("best val_loss", ["good", "better", "bad"]),
        ("best val_loss *", ["other", "good", "better", "bad"]),
        ("best val_loss in *", ["other", "good", "better", "bad"]),
        ("best val_loss in nlp", ["other"]),
        ("best val_loss in churn-* 2", ["good", "better"]),
        ("best 1 in churn-weekly val_loss", ["good"]),
        ("best val_loss order:higher", ["bad", "better", "good"]),
        ("best val_auc since:45min", ["better", "bad"]),
        ("best val_auc by:@me", ["better", "good", "bad"]),
        ("best", ["better", "good", "bad"]),
        ("best in nlp", ["other"]),
        ("best 1", ["better"]),
    ],
)
def test_runs_are_ranked_as_the_words_say(desk: Desk, text: str, wanted: list[str]) -> None:
    desk.know(*SOME)
    assert names(desk, text) == wanted


def test_finished_runs_of_sweeps_count_and_say_whose_they_are(desk: Desk) -> None:
    parent = a_run("sweep", metrics={})
    child = a_run("alpha-1", metrics={"val_auc": 0.9}, tags={"mlflow.parentRunId": parent.run_id})
    lost = a_run("alpha-2", metrics={"val_auc": 0.8}, tags={"mlflow.parentRunId": "0" * 32})
    desk.know(parent, child, lost, a_run("failed", status=Status.FAILED, metrics={"val_auc": 0.99}))
    assert names(desk, "best val_auc") == ["alpha-1", "alpha-2"]
    text = desk.read("best val_auc")
    assert "alpha-1 of sweep" in text
    assert "alpha-2 of a sweep" in text


def test_what_is_no_number_is_left_out_and_that_is_said(desk: Desk) -> None:
    desk.know(measured("nan", val_auc=math.nan), measured("fine", val_auc=0.5))
    desk.know(a_run("inf", owner="lee", metrics={"val_auc": math.inf}))
    assert names(desk, "best val_auc") == ["fine"]
    assert "2 runs without a finite value are left out" in desk.read("best val_auc")
    assert "1 run without a finite value is left out" in desk.read("best val_auc by:lee")
    assert "NaN and infinite values do not" in desk.read("best val_auc by:nobody")


def test_equals_share_a_place_and_the_earlier_comes_first_on_every_page(desk: Desk) -> None:
    desk.know(
        *(measured(f"r{n}", 60 - n, val_auc=value) for n, value in enumerate([0.7, 0.9, 0.7, 0.7, 0.5, 0.7]))
    )
    places = [(1, "r1"), (2, "r0"), (2, "r2"), (2, "r3"), (2, "r5"), (6, "r4")]
    assert ranked(desk, "best val_auc") == places
    assert [one for page in (1, 2, 3) for one in ranked(desk, f"best val_auc 2 page:{page}")] == places
    assert ranked(desk, "best val_auc 2 page:9") == places[4:]


def test_pages_are_turned_and_answers_shared_with_the_metric_named(desk: Desk) -> None:
    desk.know(*(measured(f"r{n:02}", val_auc=n / 100) for n in range(25)))
    first = desk.buttons("best in churn-weekly")
    assert first["Worse"] == ("turn", "best val_auc in churn-weekly page:2")
    assert first["Share"] == ("share", "best val_auc in churn-weekly share")
    middle = desk.buttons("best val_auc page:2")
    assert middle["Better"] == ("turn", "best val_auc page:1")
    assert middle["Share"] == ("share", "best val_auc page:2 share")
    assert "11–20 of 25" in desk.read("best val_auc page:2")
    assert desk.ask("best val_auc share").share
    assert desk.buttons("best val_auc share")["Worse"] == ("ask", "best val_auc page:2")


def test_an_unknown_direction_is_asked_once_and_remembered_for_all(desk: Desk) -> None:
    desk.know(measured("low", wobble=1), measured("high", wobble=2))
    assert "Nobody has told me which way wobble gets better" in desk.read("best wobble in churn-weekly")
    asked = desk.buttons("best wobble in churn-weekly")
    assert asked["Lower is better"] == ("turn", "best wobble in churn-weekly remember:lower")
    assert names(desk, asked["Lower is better"][1]) == ["low", "high"]
    assert names(desk, "best wobble", MIA) == ["low", "high"]
    assert "You said on 12 Nov 2026 that lower is better" in desk.read("best wobble")
    assert "<@U0001> said on" in desk.read("best wobble", MIA)
    assert "<@U0001> said on" in desk.read("best wobble share")


def test_what_was_said_can_be_changed_and_who_said_it_is_kept(desk: Desk) -> None:
    desk.know(measured("low", wobble=1), measured("high", wobble=2))
    desk.ask("best wobble remember:lower")
    change = desk.buttons("best wobble", MIA)["Higher is better"]
    assert change == ("turn", "best wobble remember:higher")
    assert names(desk, change[1], MIA) == ["high", "low"]
    with desk.store.read() as unit:
        kept = [(one.who, one.act, one.target, one.details) for one in unit.audit.newest()]
    assert kept == [
        ("U0002", "direction", "main/churn-weekly: wobble", "higher is better"),
        ("U0001", "direction", "main/churn-weekly: wobble", "lower is better"),
    ]


def test_turning_a_page_does_not_say_it_again(desk: Desk) -> None:
    desk.know(*(measured(f"r{n:02}", wobble=n) for n in range(12)))
    assert desk.buttons("best wobble remember:lower")["Worse"] == ("turn", "best wobble page:2")
    assert desk.buttons("best wobble remember:higher")["Share"] == ("share", "best wobble share")


def test_what_is_written_down_does_not_wait_in_an_ack() -> None:
    assert prepare("best wobble remember:lower").slow
    assert not prepare("best wobble order:lower").slow


def test_app_yaml_and_tags_are_not_overruled(desk: Desk) -> None:
    desk.know(measured("low", val_auc=0.1), measured("high", val_auc=0.2))
    assert names(desk, "best val_auc remember:lower") == ["high", "low"]
    assert "app.yaml says that higher is better, so nothing else was kept" in desk.read(
        "best val_auc remember:lower"
    )
    desk.know(measured("a", experiment="nlp-intents", wobble=1), measured("b", experiment="nlp-intents", wobble=2))
    with desk.store.write() as unit:
        tags = {PRIMARY_TAG: "wobble", GREATER_TAG: "False"}
        unit.runs.put_experiments([Experiment("main", "2", "nlp-intents", tags=tags)])
    assert names(desk, "best in nlp-intents") == ["a", "b"]
    assert "The experiment’s tags say that lower is better" in desk.read("best wobble in nlp")
    assert names(desk, "best wobble in nlp remember:higher") == ["a", "b"]
    with desk.store.read() as unit:
        assert not unit.audit.newest()


def test_experiments_that_disagree_are_not_ranked_together_unasked(desk: Desk) -> None:
    desk.know(measured("a", wobble=1), measured("b", experiment="nlp-intents", wobble=2))
    desk.ask("best wobble in churn remember:lower")
    assert names(desk, "best wobble in *") == ["a", "b"]
    desk.ask("best wobble in nlp remember:higher")
    assert "disagree which way wobble gets better" in desk.read("best wobble in *")
    assert desk.buttons("best wobble in *")["Higher is better"] == ("turn", "best wobble in * order:higher")
    assert names(desk, "best wobble in * order:higher") == ["b", "a"]


def test_without_a_metric_other_primary_metrics_are_offered(desk: Desk) -> None:
    desk.know(*SOME)
    assert names(desk, "best", ELSEWHERE) == ["other"]
    assert desk.buttons("best", ELSEWHERE)["val_auc in churn-weekly"] == ("turn", "best val_auc in churn-weekly")
    desk.know(measured("now", 1, val_auc=0.2), measured("old", 90, experiment="fraud", val_auc=0.1))
    assert names(desk, "best", ELSEWHERE) == ["better", "good", "bad", "now", "old"]


def test_an_unknown_metric_is_answered_with_near_ones(desk: Desk) -> None:
    desk.know(*SOME)
    assert desk.buttons("best val_acu in churn-weekly")["val_auc"] == ("turn", "best val_auc in churn-weekly")
    assert desk.buttons("best val_f1")["val_f1 in nlp-intents"] == ("turn", "best val_f1 in nlp-intents")
    assert desk.buttons("best churn-weekly")["best in churn-weekly"] == ("turn", "best in churn-weekly")
    assert "has a metric zzz" in desk.read("best zzz")


def test_an_empty_index_and_an_unknown_experiment_are_said(desk: Desk) -> None:
    assert "has measured anything yet" in desk.read("best")
    desk.know(*SOME)
    assert desk.buttons("best val_auc in chrun-weekly")["churn-weekly"] == ("turn", "best val_auc in churn-weekly")
    assert desk.read("best val_auc by:nobody").startswith("No finished run with a number for val_auc")


def test_an_unreachable_tracker_is_said(desk: Desk) -> None:
    desk.know(*SOME)
    desk.follow(error="connection refused", error_since=NOW, last_success=NOW - timedelta(minutes=2))
    assert "As of 12 Nov 2026, 13:58 UTC: tracker main is unreachable." in desk.read("best")


def test_best_names_a_run_for_other_commands(desk: Desk) -> None:
    desk.know(*SOME)
    assert desk.ask("show best").facts["row"].run.name == "better"
    assert desk.ask("show best nlp").facts["row"].run.name == "other"
    assert desk.ask("show best in nlp").facts["row"].run.name == "other"
    assert [run.name for run in desk.ask("compare latest best").facts["found"].runs] == ["bad", "better"]
    assert desk.ask("compare latest best:nlp").facts["found"].runs[1].name == "other"


def test_best_is_ambiguous_where_experiments_have_different_primary_metrics(desk: Desk) -> None:
    desk.know(*SOME)
    other, better = SOME[3], SOME[1]
    assert "each has its best run. Which one?" in desk.read("show best", ELSEWHERE)
    assert set(desk.buttons("compare latest best", ELSEWHERE).values()) == {
        ("turn", f"compare latest {other.run_id}"),
        ("turn", f"compare latest {better.run_id}"),
    }


def test_best_without_a_direction_says_how_to_give_one(desk: Desk) -> None:
    desk.know(measured("a", wobble=1))
    assert "nobody has said which way wobble gets better" in desk.read("show best")
    desk.ask("best wobble remember:lower")
    assert desk.ask("show best").facts["row"].run.name == "a"


def test_it_looks_well(desk: Desk) -> None:
    parent = a_run("alpha-sweep", metrics={})
    desk.know(
        *SOME,
        parent,
        a_run("alpha-3", metrics={"val_auc": 0.95}, tags={"mlflow.parentRunId": parent.run_id}),
        a_run("<!channel> *x*" * 9, metrics={"val_auc": 1e-9, "wobble <b>": 2}, owner="<@U1>"),
    )
    check_golden(desk.templates, desk.ask("best"), "ordinary")
    check_golden(desk.templates, desk.ask("best 2 val_loss page:2 share"), "shared")
    check_golden(desk.templates, desk.ask('best "wobble <b>"'), "ordinary")
    check_golden(desk.templates, desk.ask('best "wobble <b>" remember:lower'), "said")
    check_golden(desk.templates, desk.ask("best val_ac"), "ordinary")
    check_golden(desk.templates, desk.ask("best val_auc by:nobody"), "empty")
