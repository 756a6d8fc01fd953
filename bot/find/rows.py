"""Runs as the rows of a list: each with the few metrics that speak for it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.facts.runs import Metric, Run, RunRef
from bot.facts.verdicts import Stage, Word
from bot.judge.metrics import primary_metrics
from bot.notify.rules import RunRules
from bot.settings import ExperimentSettings

Verdicts = Mapping[RunRef, tuple[Word, Stage | None]]
NONE = (None, None)


@dataclass(frozen=True, slots=True)
class Row:
    """A run, its telling metrics (name, metric), the most telling first, and a verdict that says something."""

    run: Run
    metrics: tuple[tuple[str, Metric], ...]
    verdict: str = ""

    @property
    def state(self) -> str:
        """The run's state in one word: running, scheduled, finished, failed, killed, stalled or deleted."""
        if self.run.deleted:
            return "deleted"
        return "stalled" if self.run.stalled else self.run.status.lower()


def row(run: Run, rules: ExperimentSettings, metrics: int = 2, verdict: str = "") -> Row:
    """One run as a row with at most so many metrics."""
    names = primary_metrics(run, rules, metrics)
    return Row(run, tuple((name, run.metrics[name]) for name in names), verdict)


def rows(runs: Iterable[Run], rules: RunRules, verdicts: Verdicts, metrics: int = 2) -> tuple[Row, ...]:
    """Runs as rows."""
    return tuple(row(run, rules(run), metrics, said_of(*verdicts.get(run.ref, NONE))) for run in runs)


def said_of(word: Word | None, stage: Stage | None) -> str:
    """A verdict in a list: nothing of a run within noise, or of one that was held against too few."""
    if stage is Stage.RECOVERED:
        return "recovered"
    if word is None or word in (Word.WITHIN_NOISE, Word.TOO_FEW, Word.NEW):
        return ""
    return f"{word} ({stage})" if stage else str(word)


@dataclass(frozen=True, slots=True)
class Listing:
    """What a list of runs is called, and what is said when it is empty; `asked` is what was searched for."""

    title: str
    empty: str
    hint: str = ""
    asked: str = ""
