"""The menu: what a bare slash command shows."""

from collections.abc import Mapping

from bot.facts.messages import Message
from bot.find.standing import standing_of
from bot.ports.store import Store
from bot.settings import Settings
from bot.words import Command

FIRST = 6


def answer(*, store: Store, settings: Settings, commands: Mapping[str, Command]) -> Message:
    """The words to begin with.

    The same as the bare command.

    Examples:
        menu
    """
    with store.read() as unit:
        standing = standing_of(unit, (tracker.name for tracker in settings.trackers))
    every = tuple(commands.values())
    others = tuple(one.name for one in every[FIRST:] if one.name != "menu")
    return Message("commands/menu", {"first": every[:FIRST], "others": others, "standing": standing})
