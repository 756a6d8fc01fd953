"""How long it takes to render cards, each of other runs than the one before."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from bot.facts.messages import Message
from bot.facts.runs import Run, Status
from bot.facts.traces import Trace
from bot.judge.baseline import Baseline
from bot.notify.cards import Look, group_card, run_card
from bot.notify.reference import Reference
from bot.render.messages import Templates
from bot.settings import ExperimentSettings
from tests.bench import team
from tests.bench.figures import Line, at_most, median, timed, told

TIMES = 300
RULES = ExperimentSettings(primary="val_auc")


def measure() -> Iterator[Line]:
    """Templates are read once, so one card of each kind comes before those that are measured."""
    templates = Templates()
    runs = [run for run in team.runs(TIMES + 30) if run.status.ended]
    for name, (draw, most) in CARDS.items():
        cards = [draw(runs[place : place + 28]) for place in range(TIMES // 2)]
        lines = templates.render(cards[-1]).text.count("\n") + 1
        seconds = [timed(lambda card=card: templates.render(card)) for card in cards]
        figure = median(seconds) * 1000
        what = f"{name} ({lines} lines), median"
        yield at_most(what, figure, most, " ms") if most else told(what, figure, " ms")


def _finished(runs: Sequence[Run]) -> Message:
    return run_card(runs[0], Reference(Baseline(runs[1], "the previous run", False), runs[1:]), Look(RULES))


def _failed(runs: Sequence[Run]) -> Message:
    """With what the run wrote last, as long as makes a card of some 30 lines."""
    lines = tuple(f'  File "train.py", line {number}, in step_{runs[0].name}' for number in range(22))
    failed = replace(runs[0], status=Status.FAILED)
    return run_card(failed, None, Look(RULES), trace=Trace("logs/train.log", lines))


CARDS: Mapping[str, tuple[Callable[[Sequence[Run]], Message], float]] = {
    "a finished run’s card": (_finished, 2),
    "a failed run’s card": (_failed, 2),
    "a card of a burst, with its table": (lambda runs: group_card(runs[:27], Look(RULES)), 0),
}
