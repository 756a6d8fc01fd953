"""Examples of what is said unasked: digests, reminders, notices."""

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta

from bot.digest import DAILY, Best
from bot.examples.samples import NOON, Samples
from bot.facts.messages import Message
from bot.facts.runs import Status


def _daily(some: Samples) -> Iterator[Message]:
    failed = [some.run(number, status=Status.FAILED) for number in some.some(2)[:5]]
    stalled = [some.run(number, status=Status.RUNNING, stalled=True) for number in some.some(2)[:5]]
    best = [
        Best(
            some.words("churn-weekly"),
            some.words("val_auc"),
            some.value(0.91, number),
            some.run(number),
            1 + number,
        )
        for number in some.some(2)[:5]
    ]
    facts: dict[str, object] = {
        "command": "/runs",
        "day": NOON.date(),
        "since": NOON - timedelta(days=1),
        "finished": some.count(1),
        "failed": failed,
        "failures": some.count(7),
        "running": some.count(1),
        "stalled": stalled,
        "best": best,
        "undocumented": some.count(1),
    }
    yield Message(DAILY, facts)
    yield Message(DAILY, {**facts, "failed": [], "failures": 0, "stalled": [], "best": [], "undocumented": 0})


def _reminder(template: str) -> Callable[[Samples], Iterator[Message]]:
    def build(some: Samples) -> Iterator[Message]:
        facts = {"run": some.run(), "command": "/runs", "person": some.slack_id("U0123ABCDEF")}
        yield Message(template, facts)

    return build


def _notice(some: Samples) -> Iterator[Message]:
    text = some.words("No run is called that.")
    facts = {"text": text if text.strip() else "Done.", "details": some.words("Try another name.")}
    yield Message("plain/notice", facts)


TELLING: Mapping[str, Callable[[Samples], Iterator[Message]]] = {
    DAILY: _daily,
    "reminders/undocumented": _reminder("reminders/undocumented"),
    "reminders/documented": _reminder("reminders/documented"),
    "plain/notice": _notice,
}
