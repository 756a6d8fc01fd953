"""`show` tells all that is known of one run."""

import math
from dataclasses import replace

import pytest

from bot.facts.messages import Rendered
from bot.facts.runs import Dataset, Metric, Run, Status
from bot.facts.traces import Trace
from bot.ports.cards import CardRow
from bot.ports.errors import TrackerDown
from tests.commands.desk import NOW, Desk, a_run
from tests.golden_files import check_golden

FULL = a_run(
    "calm-owl-1",
    params={"lr": "0.1", "layers_10": "b", "layers_2": "a", "model": "bert-base"},
    tags={
        "team": "growth",
        "mlflow.note.content": "Tried a lower rate.\nIt helped.",
        "mlflow.source.name": "train.py",
        "mlflow.source.git.commit": "0123456789abcdef0123",
        "mlflow.source.git.branch": "main",
        "mlflow.source.git.repoURL": "git@github.com:acme/churn.git",
    },
    datasets=(Dataset("reviews", "d1a2b3", "train"), Dataset("reviews-test", "e5f6")),
)


def test_all_that_is_known_is_there(desk: Desk) -> None:
    desk.know(FULL)
    text = desk.read("show calm-owl-1")
    for part in (
        "calm-owl-1",
        "finished in churn-weekly by jdoe",
        "took 12 min",
        "Tried a lower rate.",
        "val_auc · 0.91 · 10",
        "layers_2 = a layers_10 = b lr = 0.1 model = bert-base",
        "Data (train): reviews d1a2b3",
        "on main",
        "train.py",
        "team: growth",
        FULL.run_id,
    ):
        assert part in text
    assert "github.com/acme/churn/commit/0123456789abcdef0123" in str(desk.see("show calm-owl-1").blocks)
    check_golden(desk.templates, desk.ask("show calm-owl-1"))


@pytest.mark.parametrize(
    "words", ["calm-owl-1", "CALM-OWL-1", '"calm-owl-1"', FULL.run_id, FULL.run_id[:6], FULL.url, "latest"]
)
def test_a_run_is_named_in_many_ways(desk: Desk, words: str) -> None:
    desk.know(FULL, a_run("older", minutes_ago=99), a_run("elsewhere", experiment="nlp-intents", minutes_ago=1))
    assert desk.ask(f"show {words}").facts["row"].run.name == "calm-owl-1"


def test_a_name_with_spaces_needs_no_quotes(desk: Desk) -> None:
    desk.know(a_run("Neues Modell 1"))
    assert desk.ask("show neues Modell 1").facts["row"].run.name == "Neues Modell 1"


def test_an_ambiguous_name_shows_the_runs_as_buttons(desk: Desk) -> None:
    newer, older = a_run("twin", run_id="a" * 32, minutes_ago=5), a_run("twin", run_id="b" * 32, minutes_ago=50)
    desk.know(older, newer)
    buttons = desk.buttons("show twin")
    assert list(buttons.items())[:2] == [
        ("aaaaaaaa", ("turn", f"show {newer.run_id}")),
        ("bbbbbbbb", ("turn", f"show {older.run_id}")),
    ]
    assert "2 runs are called twin. Which one?" in desk.read("show twin")
    check_golden(desk.templates, desk.ask("show twin"))


def test_more_candidates_than_fit_are_said(desk: Desk) -> None:
    desk.know(*(a_run("twin", run_id=f"{n:032x}", minutes_ago=n) for n in range(1, 9)))
    assert "More than 5 runs are called twin." in desk.read("show twin")


def test_an_unknown_run_is_answered_with_near_names(desk: Desk) -> None:
    desk.know(FULL, a_run("Neues Modell 1"))
    assert desk.buttons("show clam-owl-1")["calm-owl-1"] == ("turn", "show calm-owl-1")
    assert desk.buttons("show neues modell 2")["Neues Modell 1"] == ("turn", 'show "Neues Modell 1"')
    check_golden(desk.templates, desk.ask("show clam-owl-1"))


def test_the_run_is_read_again_from_its_tracker(desk: Desk) -> None:
    run_id = desk.tracker.create_run(desk.tracker.create_experiment("churn-weekly"), "fresh")
    desk.know(a_run("fresh", run_id=run_id, metrics={}))
    desk.tracker.log(run_id, "val_auc", 0.99)
    assert "val_auc · 0.99" in desk.read("show fresh")


def test_a_silent_run_is_shown_as_silent(desk: Desk) -> None:
    run_id = desk.tracker.create_run(desk.tracker.create_experiment("churn-weekly"), "silent")
    desk.know(replace(desk.tracker.get(run_id), stalled=True))
    assert "stalled in churn-weekly" in desk.read("show silent")
    desk.tracker.end(run_id)
    assert "finished in churn-weekly" in desk.read("show silent")


def test_a_sweep_is_shown_with_its_runs(desk: Desk) -> None:
    parent = a_run("lr-sweep", metrics={}, params={})
    tags = {"mlflow.parentRunId": parent.run_id}
    children = [
        a_run(f"lr-{n}", metrics={"val_auc": n / 10}, params={"lr": f"0.{n}"}, tags=tags) for n in range(1, 4)
    ]
    desk.know(parent, *children, a_run("lr-4", status=Status.FAILED, metrics={}, tags=tags))
    text = desk.read("show lr-sweep")
    assert "A sweep of 4 runs: 3 finished, 1 failed" in text
    assert "Best lr-3 with val_auc 0.3, worst lr-1 with 0.1" in text
    assert "No metrics" not in text
    check_golden(desk.templates, desk.ask("show lr-sweep"), "sweep")


def test_a_tracker_that_does_not_answer_leaves_what_was_known(desk: Desk) -> None:
    desk.know(FULL)
    desk.tracker.trouble = TrackerDown("no")
    assert "val_auc · 0.91" in desk.read("show calm-owl-1")


def test_a_tracker_known_to_be_down_is_not_asked(desk: Desk) -> None:
    desk.know(FULL)
    desk.follow(error="timed out")
    text = desk.read("show calm-owl-1")
    assert "tracker main is unreachable" in text
    assert desk.tracker.asked == []


def test_the_threads_where_it_is_talked_about_are_linked(desk: Desk) -> None:
    desk.know(FULL)
    channel_id = desk.slack.add_channel("churn")
    posted = desk.slack.post("#churn", "card", [], key=f"run:{FULL.ref}")
    with desk.store.write() as unit:
        unit.cards.place(CardRow("#churn", FULL.ref, f"run:{FULL.ref}", FULL.experiment, NOW))
        post = unit.outbox.say("#churn", f"run:{FULL.ref}", Rendered("card"), NOW)
        unit.outbox.claim("#churn", "me", NOW, NOW)
        unit.outbox.sent(post.id, post.version, channel_id, posted.ts)
    shown = desk.see("show calm-owl-1")
    assert desk.slack.permalink(channel_id, posted.ts) in str(shown.blocks)
    assert "open the thread" in shown.text


@pytest.mark.parametrize(
    ("case", "run"),
    [
        ("bare", a_run("bare", metrics={}, params={}, status=Status.RUNNING, owner="")),
        ("many", a_run("many", metrics={f"m{n}": n / 7 for n in range(60)} | {"system/cpu": 1.0},
                       params={f"p{n}": "v" * n for n in range(127)}, tags={f"t{n}": "x" for n in range(30)})),
        ("strange", a_run("日本語 <!here> &amp; *bold*", params={"π": "<@U1>", "empty": ""}, owner="zoë",
                          metrics={"val_auc": math.nan, "loss": math.inf, "neg": -math.inf, "tiny": -1.5e-12})),
    ],
)  # fmt: skip
def test_runs_of_every_shape_can_be_shown(desk: Desk, case: str, run: Run) -> None:
    desk.know(run)
    check_golden(desk.templates, desk.ask(f"show {run.run_id}"), case)


def test_many_params_are_cut_and_counted(desk: Desk) -> None:
    desk.know(a_run("many", params={f"p{n}": "v" for n in range(127)}))
    assert "… 87 more" in desk.read("show many")


def test_a_deleted_run_is_found_by_its_id_only(desk: Desk) -> None:
    desk.know(replace(FULL, deleted=True), a_run("calm-owl-1", run_id="c" * 32))
    assert desk.ask("show calm-owl-1").facts["row"].run.run_id == "c" * 32
    assert desk.ask(f"show {FULL.run_id}").facts["row"].state == "deleted"


def test_a_running_run_says_when_it_was_last_seen(desk: Desk) -> None:
    run = a_run("busy", status=Status.RUNNING)
    desk.know(replace(run, metrics={"loss": Metric(1.0, 3, NOW)}))
    assert "last seen 12 Nov 2026, 14:00 UTC" in desk.read("show busy")


def test_a_run_that_went_wrong_shows_what_it_logged_of_the_cause(desk: Desk) -> None:
    run = a_run("broke", status=Status.FAILED)
    desk.know(run)
    assert "Last lines" not in desk.read("show broke")
    with desk.store.write() as unit:
        unit.traces.put(run.ref, Trace("logs/err é.txt", ("  File x", "ValueError: <!here>")), NOW)
    assert "Last lines of logs/err é.txt File x ValueError: &lt;!here&gt;" in desk.read("show broke")
    assert f"{run.url}/artifacts/logs/err%20%C3%A9.txt" in str(desk.see("show broke").blocks)
    check_golden(desk.templates, desk.ask("show broke"), "failed")
    desk.know(replace(run, status=Status.FINISHED))
    assert "Last lines" not in desk.read("show broke")
