"""What a word of a command may be: annotations for the parameters of an answer."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from bot.facts.runs import Status
from bot.facts.spans import Since, parse_since
from bot.judge.curves import Axis
from bot.judge.direction import Direction
from bot.words.people import Who, parse_who


@dataclass(frozen=True, slots=True)
class Kind:
    """How a parameter is read from a typed word.

    `read` gives nothing for a word that is not of this kind; `wanted` says in a sentence what is. `example`
    stands in the usage of options. A `picky` kind refuses words, so it may choose before those that take any.
    `rest` takes all words to the end as one text, `raw` the text exactly as it was typed, quotes included.
    `lead` is the word that may stand before it: what follows can be nothing else. `many` takes every word that is
    left, each for itself, as a tuple. What `keeps` is written down, so
    the answer waits for the database on the queue.
    """

    read: Callable[[str], object | None]
    wanted: str
    example: str
    picky: bool = False
    rest: bool = False
    raw: bool = False
    lead: str = ""
    many: bool = False
    keeps: bool = False


def _text(word: str) -> str | None:
    return word.strip() or None


def _counted(most: int) -> Callable[[str], int | None]:
    def read(word: str) -> int | None:
        if not re.fullmatch(r"\d{1,9}", word, re.ASCII) or int(word) == 0:
            return None
        return min(int(word), most)

    return read


def _status(word: str) -> Status | str | None:
    lower = word.lower()
    if lower == "stalled":
        return lower
    return Status(lower.upper()) if lower.upper() in set(Status) else None


def _experiment(word: str) -> str | None:
    channel = re.fullmatch(r"<#[CG][A-Z0-9]+\|([^<>]*)>", word)
    return _text(channel[1] if channel else word)


def _direction(word: str) -> Direction | None:
    lower = word.lower()
    if lower in ("higher", "high", "max"):
        return "higher"
    return "lower" if lower in ("lower", "low", "min") else None


def _axis(word: str) -> Axis | None:
    lower = word.lower()
    if lower in ("step", "steps"):
        return "step"
    return "time" if lower == "time" else None


A_RUN = "a run: its name, id, the beginning of its id, its MLflow address, latest or best"
STATUS_WORDS = "running, scheduled, finished, failed, killed or stalled"

Count = Annotated[int, Kind(_counted(20), "a number such as 5", "5", picky=True)]
Page = Annotated[int, Kind(_counted(100_000), "the number of a page", "2", picky=True)]
Experiment = Annotated[str, Kind(_experiment, "an experiment’s name, * stands for anything", "churn-*", lead="in")]
MetricWord = Annotated[str, Kind(_text, "the name of a metric, such as val_auc", "")]
Span = Annotated[
    Since, Kind(parse_since, "a time such as 7d, 2h, today, yesterday or 2026-11-01", "7d", picky=True)
]
Owner = Annotated[Who, Kind(parse_who, "@me, somebody’s @name or an MLflow user", "@me")]
AxisWord = Annotated[Axis, Kind(_axis, "step or time", "time")]
Order = Annotated[Direction, Kind(_direction, "higher or lower", "lower")]
Remembered = Annotated[Direction, Kind(_direction, "higher or lower", "lower", keeps=True)]
StatusWord = Annotated[Status | str, Kind(_status, STATUS_WORDS, "failed", picky=True)]
RunWord = Annotated[str, Kind(_text, A_RUN, "")]
MoreRuns = Annotated[tuple[str, ...], Kind(_text, A_RUN, "", many=True)]
RunWords = Annotated[str, Kind(_text, A_RUN, "", rest=True)]
Filter = Annotated[str, Kind(_text, "a filter such as metrics.auc > 0.9, or plain words", "", rest=True, raw=True)]
Repository = Annotated[str, Kind(_text, "a repository’s name or a part of it", "acme/churn")]
BranchOrRun = Annotated[str, Kind(_text, f"a branch, or {A_RUN}", "", rest=True)]
BranchWord = Annotated[str, Kind(_text, "a branch", "main")]
CommandWord = Annotated[str, Kind(_text, "one of the commands", "")]
BaselineWord = Annotated[
    str, Kind(_text, "a run, an alias such as @champion, best, latest, previous or off", "", keeps=True)
]
Reason = Annotated[str, Kind(_text, "why, in quotes", '"new data"', keeps=True)]
Undone = Annotated[int, Kind(_counted(999_999_999), "the number on the button", "12", keeps=True)]
