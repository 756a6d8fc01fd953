"""Help is there before anybody asks: the menu, help itself, and answers to what cannot be read."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.words import Asker
from handlers.commands import commands, prepare
from tests.commands.desk import JO, Desk
from tests.golden_files import check_golden

MISREAD = ("commands/misread", "commands/unknown")


@pytest.mark.parametrize("text", ["", "   ", "menu", "MENU", "\u00a0"])
def test_the_bare_command_shows_the_menu(desk: Desk, text: str) -> None:
    message = desk.ask(text)
    assert message.template == "commands/menu"
    assert [one.name for one in message.facts["first"]] == [
        "latest", "show", "compare", "search", "running", "help",
    ]  # fmt: skip
    check_golden(desk.templates, desk.ask(""))


def test_the_menu_says_when_history_is_still_being_read(desk: Desk) -> None:
    desk.follow(backfilled=False, backfill_done=1)
    assert "still reading history: 1 run so far." in desk.read("")


def test_help_lists_every_word_in_short(desk: Desk) -> None:
    text = desk.read("help")
    for one in commands().values():
        assert f"/runs {one.brief}" in text
        assert one.summary in text
    check_golden(desk.templates, desk.ask("help"))


@pytest.mark.parametrize("text", ["help latest", "HELP Latest", "latest help", "latest --help", "latest ?"])
def test_each_word_has_its_own_help(desk: Desk, text: str) -> None:
    message = desk.ask(text)
    assert (message.template, message.facts["asked"].name) == ("commands/help_word", "latest")
    check_golden(desk.templates, desk.ask("help latest"))


def test_help_for_a_word_that_is_none_suggests_one(desk: Desk) -> None:
    assert "There is no latset. Did you mean latest?" in desk.read("help latset")
    assert desk.buttons("help latset")["Help for latest"] == ("turn", "help latest")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("latst churn 5", "latest churn 5"),
        ("searhc metrics.auc > 0.9", "search metrics.auc > 0.9"),
        ("RUNNINK", "running"),
        ("https://ml.example.com/#/experiments/1/runs/abcd1234", None),
        ("churn bert", "search churn bert"),
    ],
)
def test_an_unknown_word_is_answered_with_what_was_meant(desk: Desk, text: str, meant: str | None) -> None:
    assert desk.ask(text).template == "commands/unknown"
    assert ("turn", meant or f"show {text}") in desk.buttons(text).values()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("latest a b c", "does not fit"),
        ("latest stauts:failed", "Did you mean status:?"),
        ("show", "show needs a run: its name"),
        ("latest a 5 c", "“c” is one word too many"),
        ("running since:7d", "running has no option since: – it has page:."),
        ("settings all", "settings takes no words"),
    ],
)
def test_words_that_do_not_fit_are_explained_with_usage_and_example(desk: Desk, text: str, said: str) -> None:
    answer = desk.read(text)
    name = text.split(maxsplit=1)[0]
    assert said in answer
    assert f"/runs {commands()[name].usage}" in answer
    assert f"For example /runs {commands()[name].examples[-1]}" in answer


def test_a_misreading_is_never_shared(desk: Desk) -> None:
    assert not desk.ask("latst share").share
    assert not desk.ask("latest a b c", Asker("U0001", "jo", "C0001", shared=True)).share


def test_misreadings_look_well(desk: Desk) -> None:
    check_golden(desk.templates, desk.ask("latest stauts:failed"))
    check_golden(desk.templates, desk.ask("latst churn"))
    check_golden(desk.templates, desk.ask("latest by:<@U0777|x>"))


def test_the_command_is_called_as_configured(desk: Desk) -> None:
    app = desk.settings.app.model_copy(update={"command": "/ml"})
    desk.settings = desk.settings.model_copy(update={"app": app})
    for text in ("", "help", "help show", "latst", "latest a b c", "latest", "settings"):
        assert "/runs" not in desk.read(text)
    assert "/ml latest" in desk.read("help latest")


def test_only_commands_that_ask_the_outside_or_read_whole_reports_are_slow() -> None:
    assert {one for one in commands() if prepare(f"{one} x").slow} == {"plot", "show", "tests", "why"}
    assert prepare("latest since:yesterday").slow
    assert not prepare("latest since:7d").slow
    assert not prepare("show").slow


PIECES = st.sampled_from(
    [*commands(), "share", "by:", "@me", "<@U1|x>", "since:", "7d", "5", '"', "'", "page:2", "*"]
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(PIECES | st.text(max_size=8), max_size=6).map(" ".join))
def test_whatever_is_typed_is_answered(desk: Desk, text: str) -> None:
    assert desk.see(text, JO).blocks
