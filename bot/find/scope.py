"""Which experiments are meant: those typed, else those the channel subscribes to, else all."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from rapidfuzz import fuzz, process

from bot.facts.routes import Subscription
from bot.find.plain import folded
from bot.ports.store import Unit

_MOST_NAMES = 50


@dataclass(frozen=True, slots=True)
class Scope:
    """Experiments to look at, as globs (empty: all): `typed` ones, or those of the `channel`."""

    globs: tuple[str, ...] = ()
    typed: str = ""
    channel: bool = False


@dataclass(frozen=True, slots=True)
class NoExperiment:
    """No experiment is called that; `near` are names that may be meant."""

    typed: str
    near: tuple[str, ...]


def scope_of(
    unit: Unit, subscriptions: Sequence[Subscription], typed: str, channels: Sequence[str]
) -> Scope | NoExperiment:
    """What a typed experiment, or nothing typed, stands for; `channels` are the ways the channel is written."""
    if typed:
        return named(unit, typed)
    own = subscribed(unit, subscriptions, channels)
    globs = tuple(dict.fromkeys(glob for subscription in own for glob in subscription.experiments))
    return Scope() if not globs or "*" in globs else Scope(globs, channel=True)


def subscribed(
    unit: Unit, subscriptions: Sequence[Subscription], channels: Sequence[str]
) -> tuple[Subscription, ...]:
    """A channel's subscriptions, those of app.yaml first, then those made in chat."""
    every = [*subscriptions, *(subscription for _, subscription in unit.subscriptions.all())]
    wanted = {name.lstrip("#") for name in channels if name.lstrip("#")}
    return tuple(subscription for subscription in every if subscription.channel.lstrip("#") in wanted)


def named(unit: Unit, typed: str) -> Scope | NoExperiment:
    """Experiments by what was typed: a name, a pattern with * or ?, or a part of names."""
    if typed == "*":
        return Scope(typed=typed)
    names = list(dict.fromkeys(one.name for one in unit.runs.experiments() if not one.deleted))
    wanted = folded(typed)
    for matches in (
        [name for name in names if folded(name) == wanted],
        [name for name in names if fnmatchcase(folded(name), wanted)],
        [name for name in names if wanted in folded(name)],
    ):
        if matches:
            return Scope(_globs(matches, typed), typed)
    near = process.extract(wanted, names, scorer=fuzz.WRatio, processor=folded, limit=3, score_cutoff=60)
    return NoExperiment(typed, tuple(name for name, _, _ in near))


def literal(name: str) -> str:
    """A glob that matches exactly this name."""
    return re.sub(r"([*?[])", r"[\1]", name)


def _globs(matches: Sequence[str], typed: str) -> tuple[str, ...]:
    if len(matches) > _MOST_NAMES:
        return (typed if set(typed) & set("*?[") else f"*{literal(typed)}*",)
    return tuple(literal(name) for name in matches)
