"""`latest` answers with the newest runs, a page at a time."""

import math
from datetime import timedelta

import pytest

from bot.facts.runs import Status
from bot.ports.slack import SlackUser
from bot.words import Asker
from tests.commands.desk import JO, NOW, Desk, a_run
from tests.golden_files import check_golden

ELSEWHERE = Asker("U0002", "mia", "C0009", "random")


def test_the_newest_runs_of_the_channels_experiments_come_first(desk: Desk) -> None:
    desk.know(a_run("old", minutes_ago=90), a_run("new", minutes_ago=10), a_run("other", experiment="nlp-intents"))
    assert [row.run.name for row in desk.ask("latest").facts["rows"]] == ["new", "old"]
    assert "in this channel’s experiments: 2 runs" in desk.read("latest")


def test_a_channel_without_subscriptions_sees_all_runs(desk: Desk) -> None:
    desk.know(a_run("one"), a_run("two", experiment="nlp-intents"))
    assert len(desk.ask("latest", ELSEWHERE).facts["rows"]) == 2


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("latest *", ["c", "b", "a"]),
        ("latest nlp-intents", ["b"]),
        ("latest NLP", ["b"]),
        ("latest in nlp-intents 3", ["b"]),
        ("latest in * by:mmeier", ["b"]),
        ("latest nlp*", ["b"]),
        ("latest * 2", ["c", "b"]),
        ("latest * by:@me", ["c", "a"]),
        ("latest * by:<@U0001|jo>", ["c", "a"]),
        ("latest * by:mmeier", ["b"]),
        ("latest * by:MMeier", ["b"]),
        ("latest * status:failed", ["c"]),
        ("latest * since:25min", ["c", "b"]),
        ("latest * by:@me status:failed since:7d", ["c"]),
        ("latest experiment:nlp-intents", ["b"]),
    ],
)
def test_words_and_options_narrow_the_list(desk: Desk, text: str, names: list[str]) -> None:
    desk.know(
        a_run("a", minutes_ago=30),
        a_run("b", minutes_ago=20, experiment="nlp-intents", owner="mmeier"),
        a_run("c", minutes_ago=10, status=Status.FAILED),
    )
    assert [row.run.name for row in desk.ask(text).facts["rows"]] == names


def test_runs_of_a_sweep_are_left_to_their_parent(desk: Desk) -> None:
    parent = a_run("sweep")
    desk.know(parent, a_run("child", tags={"mlflow.parentRunId": parent.run_id}))
    assert [row.run.name for row in desk.ask("latest").facts["rows"]] == ["sweep"]


def test_pages_are_turned_with_buttons(desk: Desk) -> None:
    desk.know(*(a_run(f"run-{n:02}", minutes_ago=n) for n in range(1, 13)))
    first = desk.buttons("latest")
    assert first["Older"] == ("turn", "latest page:2")
    assert "Newer" not in first
    middle = desk.buttons("latest page:2")
    assert (middle["Newer"], middle["Older"]) == (("turn", "latest page:1"), ("turn", "latest page:3"))
    last = desk.buttons("latest page:3")
    assert "Older" not in last
    assert [row.run.name for row in desk.ask("latest page:3").facts["rows"]] == ["run-11", "run-12"]
    assert [row.run.name for row in desk.ask("latest page:99").facts["rows"]] == ["run-11", "run-12"]
    assert "6–10 of 12" in desk.read("latest page:2")


def test_a_run_of_the_list_is_shown_by_choosing_it(desk: Desk) -> None:
    run = a_run("calm-owl-1")
    desk.know(run)
    assert desk.buttons("latest")["calm-owl-1"] == ("turn", f"show {run.run_id}")


def test_an_answer_can_be_shared_once(desk: Desk) -> None:
    desk.know(a_run())
    assert desk.buttons("latest churn 3")["Share"] == ("share", "latest churn 3 share")
    shared = desk.ask("latest churn 3 share")
    assert shared.share
    assert "Share" not in desk.buttons("latest churn 3 share")
    assert not desk.ask("latest churn 3").share


def test_a_shared_list_is_turned_for_one_person_only(desk: Desk) -> None:
    desk.know(*(a_run(f"run-{n:02}", minutes_ago=n) for n in range(1, 13)))
    assert desk.buttons("latest share")["Older"] == ("ask", "latest page:2")


def test_an_empty_channel_is_told_how_to_look_further(desk: Desk) -> None:
    assert desk.read("latest") == (
        "No runs in this channel’s experiments. For all experiments write /runs latest *"
    )
    assert "within seconds" in desk.read("latest", ELSEWHERE)


def test_a_list_narrowed_to_nothing_says_to_what(desk: Desk) -> None:
    desk.know(a_run())
    text = desk.read("latest churn status:failed since:7d")
    assert text == "No runs in churn (failed, since 7d). Leave something out to see more."


def test_an_unknown_experiment_is_answered_with_near_ones(desk: Desk) -> None:
    desk.know(a_run())
    assert desk.buttons("latest chrun-weekly 3")["churn-weekly"] == ("turn", "latest churn-weekly 3")


def test_somebody_unknown_is_not_guessed(desk: Desk) -> None:
    assert desk.read("latest by:@me", ELSEWHERE).startswith("I do not know who you are in MLflow.")
    assert "<@U0777>" in desk.read("latest by:<@U0777|x>")


def test_a_day_begins_where_the_asker_lives(desk: Desk) -> None:
    desk.slack.add_person(SlackUser("U0001", "jo", timezone="Pacific/Auckland"))
    desk.know(a_run("early", minutes_ago=4 * 60), a_run("late", minutes_ago=2 * 60))
    # It is 03:00 in Auckland: the day began three hours ago.
    assert [row.run.name for row in desk.ask("latest since:today").facts["rows"]] == ["late"]


def test_an_unreachable_tracker_is_said_with_how_old_the_answer_is(desk: Desk) -> None:
    desk.know(a_run())
    desk.follow(error="connection refused", error_since=NOW, last_success=NOW - timedelta(minutes=2))
    assert "As of 12 Nov 2026, 13:58 UTC: tracker main is unreachable." in desk.read("latest")


def test_history_that_is_still_being_read_is_said(desk: Desk) -> None:
    desk.know(a_run())
    desk.follow(backfilled=False, backfill_done=1200)
    assert "still reading history: 1,200 runs so far." in desk.read("latest")
    desk.follow(backfilled=False, backfill_done=1200, backfill_total=8000)
    assert "1,200 runs of 8,000 so far." in desk.read("latest")


def test_it_looks_well(desk: Desk) -> None:
    desk.know(
        a_run("calm-owl-1", minutes_ago=50),
        a_run("Überlanger Name " * 12, minutes_ago=40, metrics={"val_auc": math.nan, "val_loss": 0.25}),
        a_run("<!channel> *x*", minutes_ago=30, status=Status.FAILED, metrics={}),
        a_run("busy", minutes_ago=20, status=Status.RUNNING),
        a_run("silent", minutes_ago=400, status=Status.RUNNING, stalled=True),
        a_run("sixth", minutes_ago=500),
    )
    check_golden(desk.templates, desk.ask("latest"), "ordinary")
    check_golden(desk.templates, desk.ask("latest page:2 share"), "shared")
    desk.follow(error="timed out", last_success=NOW)
    check_golden(desk.templates, desk.ask("latest nothing-at-all", JO), "unknown")
    check_golden(desk.templates, desk.ask("latest status:killed", JO), "empty")
