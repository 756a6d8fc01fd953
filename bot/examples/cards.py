"""Examples of cards and of what stands in their threads, made by the functions that make the real ones."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from bot.examples.causes import causes
from bot.examples.checked import checks
from bot.examples.samples import RULES, Kind, Samples
from bot.examples.verdicts import judgements, shared, told
from bot.facts.incidents import Phase
from bot.facts.messages import Message
from bot.facts.runs import Event, Status
from bot.notify.cards import Look, away_card, event_reply, failures_reply, group_card, run_card, sweep_card
from bot.notify.reference import Reference


def _look(some: Samples) -> Look:
    show = ("val_auc", "val_loss", f"{some.words('metric')[:200]}0") if some.kind is not Kind.EMPTY else ()
    return Look(RULES, show, tracker="main")


def _run(some: Samples) -> Iterator[Message]:
    look = _look(some)
    earlier = [some.run(number) for number in range(2, 9)]
    baseline = Reference(some.baseline(), earlier, some.words("the pinned baseline calm-owl-9 was deleted"))
    yield run_card(some.run(), baseline, look)
    card = run_card(some.run(), baseline, look)
    if card.facts["baseline"] is not None:
        yield from (replace(card, facts={**card.facts, "causes": found}) for found in causes(some))
    yield run_card(some.run(), Reference(None, (), baseline.note, some.words("the pinned baseline")), look)
    yield run_card(some.run(), None, look)
    yield run_card(some.run(measured=False), None, look)
    yield run_card(some.run(deleted=True), baseline, look)
    for status in (Status.FAILED, Status.KILLED, Status.RUNNING, Status.SCHEDULED):
        yield run_card(some.run(status=status), baseline, look, trace=some.trace())
    yield run_card(some.run(status=Status.RUNNING), baseline, look, again=True)
    yield run_card(some.run(status=Status.RUNNING, stalled=True), baseline, look)
    for judgement in judgements(some):
        yield run_card(some.run(), baseline, look, judgement=judgement, checks=list(checks(some)))


def _sweep(some: Samples) -> Iterator[Message]:
    for status in (Status.RUNNING, Status.FINISHED, Status.FAILED):
        root = some.run(status=status, measured=False)
        yield sweep_card(root, some.children(root.run_id), _look(some), shared(some))


def _group(some: Samples) -> Iterator[Message]:
    yield group_card(some.children(), _look(some), shared(some))


def _away(some: Samples) -> Iterator[Message]:
    runs = some.children()
    others = [
        replace(run, experiment=f"{number} {run.experiment}") for number, run in enumerate(runs) if number % 2
    ]
    yield away_card([*runs, *others], lambda _: RULES, "/runs")


def _failures(some: Samples) -> Iterator[Message]:
    runs = [replace(run, status=Status.FAILED) for run in some.children()]
    message = failures_reply(runs, _look(some))
    if message is not None:
        yield message


def _reply(some: Samples) -> Iterator[Message]:
    look = _look(some)
    for event in (Event.FINISHED, Event.FAILED, Event.KILLED):
        yield event_reply(some.run(status=Status[event.name]), event, look, sweep=event is Event.FINISHED)
    for event in (Event.STALLED, Event.REOPENED, Event.DELETED, Event.RESTORED):
        yield event_reply(some.run(status=Status.RUNNING), event, look)
    yield event_reply(some.run(status=Status.RUNNING), "alive", look)


CARDS: Mapping[str, Callable[[Samples], Iterator[Message]]] = {
    "cards/run": _run,
    "cards/sweep": _sweep,
    "cards/group": _group,
    "cards/away": _away,
    "cards/failures": _failures,
    "cards/regression": lambda some: told("cards/regression", tuple(Phase), some, causes(some)),
    "cards/recovery": lambda some: told("cards/recovery", (Phase.RECOVERED, Phase.CONFIRMED), some),
    "cards/reply": _reply,
}
