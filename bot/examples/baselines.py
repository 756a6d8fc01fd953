"""Examples of answers about what the runs of an experiment are compared with."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from bot.examples.lists import answered
from bot.examples.samples import NOON, RULES, Kind, Samples
from bot.facts.baselines import Pin
from bot.facts.messages import Message
from bot.facts.runs import Experiment
from bot.find.baselines import Held
from bot.find.scope import Scope


def _pin(some: Samples) -> Pin:
    who = some.slack_id("U0123ABCDEF")
    return Pin(
        "main", "1", "run:" + "01" * 16, who, NOON, some.words("calm-owl-1"), some.words("the old data"), 12
    )


def _held(some: Samples) -> Iterator[Held]:
    """A pinned run, one that was deleted, an alias, one that app.yaml names, and nothing named."""
    experiment = Experiment("main", "1", some.words("churn-weekly") or "Default")
    newest, pin = some.run(2), None if some.kind is Kind.EMPTY else _pin(some)
    open_ = Held(experiment, RULES, "previous", newest=newest, example=some.baseline())
    pinned = replace(open_, target="run:" + "01" * 16, words="the pinned baseline", run=some.run(), pin=pin)
    yield pinned
    yield replace(pinned, newest=some.run())
    lost = some.words("the pinned baseline calm-owl-1 was deleted on 3 Nov 2026") or "it is not known here"
    yield replace(pinned, run=None, problem=lost)
    alias = some.words("churn@champion (version 3)") or "m@a (version 1)"
    yield replace(open_, target="model:churn@champion", words=alias, run=some.run())
    yield replace(pinned, fixed=True, words="the baseline of app.yaml")
    yield replace(open_, rules=RULES.model_copy(update={"comparable": ()}))
    yield replace(open_, newest=None, example=None)


def _baseline(some: Samples) -> Iterator[Message]:
    for number, held in enumerate(_held(some)):
        yield answered(some, "baseline", shared=number == 1, held=held, standing=some.standing())


def _baselines(some: Samples) -> Iterator[Message]:
    every = [] if some.kind is Kind.EMPTY else list(_held(some))
    yield answered(
        some,
        "baselines",
        scope=Scope(("churn-*",), some.words("churn-*")),
        every=every,
        total=some.count(40),
        first=11,
        previous=some.words("baseline page:1"),
        next=some.words("baseline page:3"),
        standing=some.standing(),
    )


def _pinned(some: Samples) -> Iterator[Message]:
    for number, held in enumerate(_held(some)):
        yield answered(
            some,
            "pinned",
            shared=number == 1,
            kind=("kept", "undone", "same", "late")[number % 4],
            held=held,
            before=_pin(some) if number % 2 else None,
            undo="baseline undo:12" if number == 0 else "",
            asker="U0123ABCDEF",
            standing=some.standing(),
        )


def _which(some: Samples) -> Iterator[Message]:
    near = [(some.words("churn-weekly") or "m", "baseline churn-weekly off") for _ in some.some(2)[:5]]
    yield answered(some, "which_experiment", near=near, more=some.kind is Kind.HUGE)


BASELINES: Mapping[str, Callable[[Samples], Iterator[Message]]] = {
    "commands/baseline": _baseline,
    "commands/baselines": _baselines,
    "commands/pinned": _pinned,
    "commands/which_experiment": _which,
}
