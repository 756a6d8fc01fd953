"""A command is what its answer's signature and docstring say."""

from types import ModuleType
from typing import Any

import pytest

from bot.facts.messages import Message
from bot.facts.runs import Status
from bot.facts.spans import Since
from bot.words import Asker, Command, Misread, command, read
from bot.words.kinds import (
    STATUS_WORDS,
    Count,
    Experiment,
    Filter,
    MoreRuns,
    Owner,
    Page,
    RunWord,
    RunWords,
    Span,
    StatusWord,
)
from bot.words.people import Who
from bot.words.reading import QUOTES

TIMES = "a time such as 7d, 2h, today, yesterday or 2026-11-01"


def module(answer: Any, **facts: Any) -> ModuleType:
    made = ModuleType("handlers.commands.latest")
    made.__dict__.update({"answer": answer, **facts})
    return made


def latest(
    experiment: Experiment = "",
    count: Count = 5,
    *,
    by: Owner | None = None,
    status: StatusWord | None = None,
    since: Span | None = None,
    page: Page = 1,
    asker: Asker,
) -> Message:
    """Newest runs, with what they measured.

    The newest come first.
    They start there.

    A second part.

    Examples:
        latest
        latest churn-* 5
    """
    return Message("x", {"given": (experiment, count, by, status, since, page, asker)})


def compare(run: RunWord, other: RunWord = "previous") -> Message:
    """Two runs side by side.

    Examples:
        compare a b
    """
    return Message("x", {"given": (run, other)})


def show(run: RunWords, *, page: Page = 1) -> Message:
    """One run.

    Examples:
        show a
    """
    return Message("x", {"given": (run, page)})


def search(filter: Filter, *, page: Page = 1) -> Message:
    """Runs by filter.

    Examples:
        search a
    """
    return Message("x", {"given": (filter, page)})


def made(answer: Any, **facts: Any) -> Command:
    return command(module(answer, **facts))


def test_usage_and_help_are_read_from_the_signature_and_docstring() -> None:
    found = made(latest)
    assert found.usage == "latest [experiment] [count] [by:@me] [status:failed] [since:7d] [page:2]"
    assert found.brief == "latest [experiment] [count]"
    assert found.summary == "Newest runs, with what they measured."
    assert found.details == "The newest come first. They start there.\nA second part."
    assert found.examples == ("latest", "latest churn-* 5")
    assert found.needs == ("asker",)
    assert not found.slow


def test_required_words_are_written_in_capitals() -> None:
    assert made(compare).usage.endswith("RUN [other]")


def test_a_module_says_when_it_is_slow() -> None:
    assert made(compare, SLOW=True).slow


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("", {}),
        ("churn", {"experiment": "churn"}),
        ("5", {"count": 5}),
        ("5 churn", {"count": 5, "experiment": "churn"}),
        ('"5"', {"experiment": "5"}),
        ("99", {"count": 20}),
        ("experiment:5 3", {"experiment": "5", "count": 3}),
        ("by:@me", {"by": Who("@me", me=True)}),
        ("by:<@U12AB|jo>", {"by": Who("<@U12AB|jo>", slack="U12AB")}),
        ("by=jdoe", {"by": Who("jdoe", mlflow="jdoe")}),
        ("BY:@jdoe", {"by": Who("@jdoe", mlflow="jdoe")}),
        ("status:Failed", {"status": Status.FAILED}),
        ("status:stalled", {"status": "stalled"}),
        ("<#C1|churn>", {"experiment": "churn"}),
        ("page:3", {"page": 3}),
    ],
)
def test_words_find_their_parameters(text: str, given: dict[str, object]) -> None:
    assert read(made(latest), text) == given


def test_a_span_is_read_but_not_yet_a_moment() -> None:
    found = read(made(latest), "since:2h")
    assert isinstance(found, dict)
    assert isinstance(found["since"], Since)


@pytest.mark.parametrize(
    ("text", "sentence", "meant"),
    [
        (
            "a b",
            f"“b” does not fit: what may still come is count (a number such as 5). {QUOTES}",
            "",
        ),
        ("a 1 c", "“c” is one word too many. A name with spaces needs quotes.", ""),
        ("stauts:failed", "latest has no option stauts: – it has by:, status:, since:, page:.", "status:"),
        ("status:done", f"status: needs {STATUS_WORDS}, and “done” is not that.", ""),
        ("since:soon", f"since: needs {TIMES}, and “soon” is not that.", ""),
        ("since: 7d", f"since: needs {TIMES}, right behind the colon.", ""),
        ("page:1 page:2", "page is there twice.", ""),
        ("by:<!here>", "by: needs @me, somebody’s @name or an MLflow user, and “<!here>” is not that.", ""),
    ],
)
def test_words_that_do_not_fit_are_answered_with_a_sentence(text: str, sentence: str, meant: str) -> None:
    assert read(made(latest), text) == Misread(sentence, meant)


def test_a_missing_run_is_asked_for() -> None:
    assert read(made(compare), "") == Misread(
        "latest needs a run: its name, id, the beginning of its id, its MLflow address, latest or best."
    )


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("a", {"run": "a"}),
        ("'my run' latest:churn", {"run": "my run", "other": "latest:churn"}),
        ("https://ml.example.com/#/1/runs/ab b", {"run": "https://ml.example.com/#/1/runs/ab", "other": "b"}),
    ],
)
def test_runs_are_taken_as_they_are_named(text: str, given: dict[str, object]) -> None:
    assert read(made(compare), text) == given


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("Neues Modell 1", {"run": "Neues Modell 1"}),
        ('"Neues Modell" page:2', {"run": "Neues Modell", "page": 2}),
        ("exp:3 b", {"run": "exp:3 b"}),
    ],
)
def test_a_name_with_spaces_needs_no_quotes_where_only_one_run_is_meant(
    text: str, given: dict[str, object]
) -> None:
    assert read(made(show), text) == given


def test_a_filter_is_taken_with_its_quotes() -> None:
    text = "tags.team = \"nlp\" and params.a = 'b c'"
    assert read(made(search), f"{text} page:2") == {"filter": text, "page": 2}


def together(run: RunWord, runs: MoreRuns = ("baseline",), *, page: Page = 1) -> Message:
    """Runs side by side.

    Examples:
        together a b
    """
    return Message("x", {"given": (run, runs, page)})


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("a", {"run": "a"}),
        ("a b", {"run": "a", "runs": ("b",)}),
        ("a 'b c' latest:x page:2 d", {"run": "a", "runs": ("b c", "latest:x", "d"), "page": 2}),
        ("runs:b a c", {"run": "a", "runs": ("b", "c")}),
    ],
)
def test_one_parameter_may_take_every_word_that_is_left(text: str, given: dict[str, object]) -> None:
    assert read(made(together), text) == given
    assert made(together).usage == "latest RUN [runs…] [page:2]"


def undocumented(experiment: Experiment = "") -> Message:
    return Message("x", {"given": experiment})


def unknown_kind(name: str) -> Message:
    """Something.

    Examples:
        x
    """
    return Message("x", {"given": name})


def option_without_default(*, since: Span) -> Message:
    """Something.

    Examples:
        x
    """
    return Message("x", {"given": since})


@pytest.mark.parametrize("answer", [undocumented, unknown_kind, option_without_default])
def test_what_an_author_forgot_is_said_at_once(answer: Any) -> None:
    with pytest.raises(TypeError):
        made(answer)
