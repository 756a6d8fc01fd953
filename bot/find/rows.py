"""Runs as the rows of a list: each with the few metrics that speak for it."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.facts.runs import Metric, Run
from bot.judge.metrics import primary_metrics
from bot.notify.rules import RunRules
from bot.settings import ExperimentSettings


@dataclass(frozen=True, slots=True)
class Row:
    """A run and its telling metrics (name, metric), the most telling first."""

    run: Run
    metrics: tuple[tuple[str, Metric], ...]

    @property
    def state(self) -> str:
        """The run's state in one word: running, scheduled, finished, failed, killed, stalled or deleted."""
        if self.run.deleted:
            return "deleted"
        return "stalled" if self.run.stalled else self.run.status.lower()


def row(run: Run, rules: ExperimentSettings, metrics: int = 2) -> Row:
    """One run as a row with at most so many metrics."""
    names = primary_metrics(run, rules, metrics)
    return Row(run, tuple((name, run.metrics[name]) for name in names))


def rows(runs: Iterable[Run], rules: RunRules, metrics: int = 2) -> tuple[Row, ...]:
    """Runs as rows."""
    return tuple(row(run, rules(run), metrics) for run in runs)


@dataclass(frozen=True, slots=True)
class Listing:
    """What a list of runs is called, and what is said when it is empty; `asked` is what was searched for."""

    title: str
    empty: str
    hint: str = ""
    asked: str = ""
