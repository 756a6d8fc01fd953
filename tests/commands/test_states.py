"""`running`, `failed` and `stalled` tell what is going on and what went wrong."""

import pytest

from bot.facts.runs import Status
from tests.commands.desk import Desk, a_run
from tests.golden_files import check_golden

RUNS = (
    a_run("busy", minutes_ago=5, status=Status.RUNNING),
    a_run("silent", minutes_ago=600, status=Status.RUNNING, stalled=True),
    a_run("broken", minutes_ago=30, status=Status.FAILED),
    a_run("stopped", minutes_ago=60 * 24 * 3, status=Status.KILLED),
    a_run("done", minutes_ago=40),
    a_run("other", minutes_ago=50, status=Status.FAILED, experiment="nlp-intents"),
)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("running", ["busy", "silent"]),
        ("stalled", ["silent"]),
        ("failed", ["broken", "stopped"]),
        ("failed 2d", ["broken"]),
        ("failed * 2d", ["broken", "other"]),
        ("failed nlp", ["other"]),
        ("failed since:2d experiment:*", ["broken", "other"]),
    ],
)
def test_each_lists_its_own(desk: Desk, text: str, names: list[str]) -> None:
    desk.know(*RUNS)
    assert [row.run.name for row in desk.ask(text).facts["rows"]] == names


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("running *", "Nothing is running."),
        ("stalled *", "No stalled runs."),
        ("failed *", "No failed runs."),
        ("failed * 2d", "No failed runs (since 2d)."),
    ],
)
def test_good_news_is_said_too(desk: Desk, text: str, sentence: str) -> None:
    desk.know(a_run("done"))
    assert sentence in desk.read(text)


def test_they_look_well(desk: Desk) -> None:
    desk.know(*RUNS)
    check_golden(desk.templates, desk.ask("running"), "running")
    check_golden(desk.templates, desk.ask("failed 7d"), "failed")
