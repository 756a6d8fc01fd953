"""Which repositories and branches are meant: those typed, else those a channel is told of."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from bot.facts.routes import Subscription
from bot.find.plain import folded
from bot.find.scope import subscribed
from bot.notify.routing import named
from bot.ports.store import Unit

NEAR_AT_MOST = 4


@dataclass(frozen=True, slots=True)
class NotKnown:
    """Nothing is called that; `near` are names that may be meant."""

    typed: str
    near: tuple[str, ...] = ()


def told_in(
    unit: Unit, subscriptions: Sequence[Subscription], channels: Sequence[str], known: Iterable[str]
) -> tuple[str, ...]:
    """Of the known repositories those that a channel is told of: all where it has no subscription."""
    own = subscribed(unit, subscriptions, channels)
    globs = tuple(dict.fromkeys(glob for one in own for glob in one.repositories))
    return tuple(name for name in dict.fromkeys(known) if not globs or named(name, globs))


def named_by(typed: str, known: Iterable[str]) -> tuple[str, ...] | NotKnown:
    """The repositories that were typed: by a name, a pattern, or a part of names."""
    names = tuple(dict.fromkeys(known))
    wanted = folded(typed)
    for matches in (
        [name for name in names if folded(name) == wanted],
        [name for name in names if named(folded(name), [wanted])],
        [name for name in names if wanted in folded(name)],
    ):
        if matches:
            return tuple(matches)
    return NotKnown(typed, near(typed, names))


def near(typed: str, names: Iterable[str]) -> tuple[str, ...]:
    """Names that may be meant by what was typed."""
    known = [name for name in dict.fromkeys(names) if name]
    found = process.extract(
        folded(typed), known, scorer=fuzz.WRatio, processor=folded, limit=NEAR_AT_MOST, score_cutoff=60
    )
    return tuple(name for name, _, _ in found)
