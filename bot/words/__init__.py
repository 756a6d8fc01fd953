"""A handler's signature is its usage: it reads typed words, hands over needs and writes help."""

from bot.words.asker import Asker
from bot.words.command import NEEDS, Command, Parameter, command
from bot.words.reading import Misread, closest, read
from bot.words.typed import split

__all__ = [
    "NEEDS",
    "Asker",
    "Command",
    "Misread",
    "Parameter",
    "closest",
    "command",
    "read",
    "split",
]
