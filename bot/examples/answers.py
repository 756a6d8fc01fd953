"""Examples of answers that explain: the menu, help, what was misread, the channel's settings."""

from collections.abc import Callable, Iterator, Mapping
from datetime import time

from bot.examples.lists import SETTINGS, answered
from bot.examples.samples import Kind, Samples
from bot.facts.messages import Message
from bot.facts.routes import Subscription
from bot.facts.runs import TrackerState
from bot.find.tokens import FilterError
from bot.settings import DigestSettings
from bot.words import Command, Misread
from bot.words.people import Who


def _command(name: str) -> Command:
    """A word of the slash command, as help shows it."""
    return Command(
        name,
        lambda: Message("plain/notice"),
        parameters=(),
        needs=(),
        slow=False,
        summary="The newest runs, with what they measured.",
        details="Without an experiment it looks at those of this channel.\nAll options may be combined.",
        examples=(name, f"{name} churn-* 5"),
    )


EVERY = tuple(_command(name) for name in ("latest", "show", "compare", "search", "running", "help", "settings"))


def _menu(some: Samples) -> Iterator[Message]:
    others = () if some.kind is Kind.EMPTY else tuple(one.name for one in EVERY[6:])
    yield answered(some, "menu", first=EVERY[:6], others=others, standing=some.standing())


def _help(some: Samples) -> Iterator[Message]:
    yield answered(some, "help", every=EVERY, unknown=some.words("latst") or "lst", near="latest")
    yield answered(some, "help", every=EVERY, unknown="", near="")


def _help_word(some: Samples) -> Iterator[Message]:
    yield answered(some, "help_word", asked=EVERY[0])


def _misread(some: Samples) -> Iterator[Message]:
    typed = some.words("stauts:failed")
    meant = some.words("latest status:failed")
    misread = Misread(f"There is no option {typed}." if typed else "Something is missing.", meant)
    yield answered(some, "misread", misread=misread, asked=EVERY[0])


def _unknown(some: Samples) -> Iterator[Message]:
    typed = some.words("latst") or "lst"
    misread = Misread(f"There is no {typed}. Did you mean latest?", some.words("latest churn-*") or "latest")
    yield answered(some, "unknown", misread=misread, first=EVERY[:6])


def _filter_error(some: Samples) -> Iterator[Message]:
    text = some.words("metrics.val_auc >")
    yield answered(some, "filter_error", error=FilterError(text, len(text), "a value is missing at the end"))


def _nobody(some: Samples) -> Iterator[Message]:
    yield answered(some, "nobody", who=Who("@me", me=True))
    mentioned = some.slack_id("U0123ABCDEF") or "U0123ABCDEF"
    yield answered(some, "nobody", who=Who(some.words("@jo"), slack=mentioned))


def _settings(some: Samples) -> Iterator[Message]:
    experiments = tuple(some.words("churn-*") for _ in some.some(2)[:30]) or ("*",)
    wishes = tuple(
        Subscription(
            "#churn",
            experiments,
            only=(some.words("+tag:team=growth"),),
            show=(some.words("val_auc"),),
            threads=threads,
        )
        for threads in (True, False)[: len(some.some(2))]
    )
    states = (
        TrackerState("main", last_success=some.moment(0)),
        TrackerState("main", error=some.words("timed out") or "timed out", error_since=some.moment(1)),
    )
    yield answered(
        some,
        "settings",
        channel="C0123ABCDEF",
        subscriptions=wishes,
        digest=None if some.kind is Kind.EMPTY else DigestSettings(at=time(9, 30)),
        days="" if some.kind is Kind.EMPTY else "weekdays",
        users=tuple(some.words("jdoe") for _ in some.some(1)[:3]),
        trackers=[(SETTINGS.trackers[0], state) for state in states],
        standing=some.standing(),
    )


ANSWERS: Mapping[str, Callable[[Samples], Iterator[Message]]] = {
    "commands/menu": _menu,
    "commands/help": _help,
    "commands/help_word": _help_word,
    "commands/misread": _misread,
    "commands/unknown": _unknown,
    "commands/filter_error": _filter_error,
    "commands/nobody": _nobody,
    "commands/settings": _settings,
}
