"""What each word does, and how it is typed."""

from collections.abc import Mapping

from bot.facts.messages import Message
from bot.words import Command, closest
from bot.words.kinds import CommandWord


def answer(word: CommandWord = "", *, commands: Mapping[str, Command]) -> Message:
    """What each word does, and how it is typed.

    Without a word it lists all of them, with one it explains that one.

    Examples:
        help
        help latest
    """
    found = commands.get(word.lower()) if word else None
    if found is not None:
        return Message("commands/help_word", {"asked": found})
    near = closest(word, list(commands)) if word else ""
    return Message("commands/help", {"every": tuple(commands.values()), "unknown": word, "near": near})
