"""How long it takes to render cards."""

from collections.abc import Iterator, Mapping

from bot.facts.messages import Message
from bot.facts.runs import Run
from bot.judge.baseline import Baseline
from bot.notify.cards import Look, group_card, run_card
from bot.render.messages import Templates
from bot.settings import ExperimentSettings
from tests.bench import team
from tests.bench.figures import Line, at_most, median, timed

TIMES = 300
RULES = ExperimentSettings(primary="val_auc")


def measure() -> Iterator[Line]:
    """Templates are read at start-up, so once before anything is measured."""
    templates = Templates()
    for name, message in _cards().items():
        lines = templates.render(message).text.count("\n") + 1
        seconds = [timed(lambda message=message: templates.render(message)) for _ in range(TIMES)]
        yield at_most(f"{name} ({lines} lines), median", median(seconds) * 1000, 2, " ms")


def _cards() -> Mapping[str, Message]:
    runs: list[Run] = list(team.runs(60))
    alike = [run for run in runs if run.status.ended]
    return {
        "a run's card": run_card(runs[1], Baseline(runs[0], "the previous run", False), Look(RULES)),
        "a card of a burst": group_card(alike[:27], Look(RULES)),
    }
