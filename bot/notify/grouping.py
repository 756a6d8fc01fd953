"""Which card a run belongs on: its own, its sweep's, a group's, or the summary of old news; pure."""

from collections.abc import Sequence
from datetime import datetime

from bot.facts.runs import Run, RunRef
from bot.ports.cards import CardRow
from bot.settings import CardSettings

RUN, SWEEP, GROUP, AWAY = "run", "sweep", "group", "away"


def kind_of(card_key: str) -> str:
    """The kind of a card by its key: run, sweep, group or away."""
    return card_key.partition(":")[0]


def root_of(card_key: str) -> RunRef:
    """The run that a run's or a sweep's card is about."""
    tracker, _, run_id = card_key.partition(":")[2].partition("/")
    return RunRef(tracker, run_id)


def own(row: CardRow) -> bool:
    """Whether a run has this card for itself."""
    return kind_of(row.card_key) == RUN and root_of(row.card_key) == row.run


def own_row(channel: str, run: Run, now: datetime, *, sweep: bool = False) -> CardRow:
    """A card for this run alone, or for it and its children."""
    return CardRow(channel, run.ref, f"{SWEEP if sweep else RUN}:{run.ref}", run.experiment, now)


def away_row(channel: str, run: Run, now: datetime) -> CardRow:
    """The summary of old news that was begun in this hour."""
    return CardRow(channel, run.ref, f"{AWAY}:{now:%Y-%m-%dT%H}", run.experiment, now, grouped=True)


def place_for(
    channel: str, run: Run, recent: Sequence[CardRow], cards: CardSettings, now: datetime, *, sweep: bool = False
) -> CardRow:
    """The first `group_after` cards of an experiment within the window stand alone, later runs share one.

    `recent` are the places given to this experiment in this channel within the window, oldest first. A group
    stays open as long as its newest run is within the window.
    """
    alone = {row.card_key for row in recent if not row.grouped}
    if len(alone) < cards.group_after:
        return own_row(channel, run, now, sweep=sweep)
    beginning = f"{GROUP}:{run.tracker}/{run.experiment_id}/"
    groups = [row.card_key for row in recent if row.card_key.startswith(beginning)]
    key = groups[-1] if groups else f"{beginning}{run.run_id}"
    return CardRow(channel, run.ref, key, run.experiment, now, grouped=True)
