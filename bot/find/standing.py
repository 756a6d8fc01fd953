"""How far what is shown can be trusted: trackers that do not answer, and history that is still being read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.ports.store import Unit


@dataclass(frozen=True, slots=True)
class Trouble:
    """A tracker that does not answer: what is shown of it is as of `as_of` (UTC), unknown if never read."""

    tracker: str
    as_of: datetime | None
    error: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A tracker whose history is still being read: `done` runs so far, of `total` where that is known."""

    tracker: str
    done: int
    total: int | None


@dataclass(frozen=True, slots=True)
class Standing:
    """What to say below an answer; `many` tells that trackers have to be named."""

    troubles: tuple[Trouble, ...] = ()
    readings: tuple[Reading, ...] = ()
    many: bool = False


def standing_of(unit: Unit, trackers: Iterable[str]) -> Standing:
    """How the trackers of these names stand."""
    names = list(trackers)
    states = [unit.trackers.get(name) for name in names]
    return Standing(
        tuple(Trouble(state.name, state.last_success, state.error) for state in states if state.error),
        tuple(
            Reading(state.name, state.backfill_done, state.backfill_total)
            for state in states
            if not state.backfilled and not state.error
        ),
        len(names) > 1,
    )
