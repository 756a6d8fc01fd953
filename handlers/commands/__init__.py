"""The words of the slash command: one file a word, and the folder is the registry."""

import importlib
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from types import MappingProxyType

from bot.deps import Deps
from bot.facts.messages import Message
from bot.facts.spans import Since, names_days
from bot.find.plain import as_typed
from bot.ports.errors import EdgeError
from bot.words import Asker, Command, Misread, closest, command, read, split

FIRST = ("latest", "show", "compare", "search", "running", "help")
MENU = "menu"
HELP = "help"
SHARE = "share"
UTC = "UTC"


@cache
def commands() -> Mapping[str, Command]:
    """Every word by its name: the six that lead first, then the others in order."""
    names = [module.name for module in pkgutil.iter_modules(__path__) if not module.name.startswith("_")]
    ordered = [name for name in FIRST if name in names] + sorted(set(names) - set(FIRST))
    found = {name: command(importlib.import_module(f"{__name__}.{name}")) for name in ordered}
    return MappingProxyType(found)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A command that was read: `words` are what was typed, `arguments` what they mean to the command.

    Without a command, or with a Misread, the answer is help. `slow` ones ask the outside and belong on the queue.
    """

    words: str
    command: Command | None
    arguments: Mapping[str, object] | Misread
    shared: bool = False

    @property
    def slow(self) -> bool:
        """Whether the answer asks a tracker or Slack, or writes something down, so that no ack may wait for it."""
        if self.command is None or isinstance(self.arguments, Misread):
            return False
        return self.command.slow or self._keeps() or self._names_days()

    def answer(self, deps: Deps, asker: Asker) -> Message:
        """The answer, with what every template may show: `command`, `words` and whether it is `shared`."""
        shared = self.shared or asker.shared
        if self.command is None or isinstance(self.arguments, Misread):
            message, shared = self._misread(), False
        else:
            needs = self._needs(deps, self._in_their_zone(deps, asker))
            handed = {name: needs[name] for name in self.command.needs}
            message = self.command.answer(**self.arguments, **handed)
        facts = {"command": deps.settings.app.command, "words": self.words, "shared": shared, **message.facts}
        return replace(message, facts=facts, share=shared)

    def _keeps(self) -> bool:
        if self.command is None or isinstance(self.arguments, Misread):
            return False
        return any(one.kind.keeps and one.name in self.arguments for one in self.command.parameters)

    def _names_days(self) -> bool:
        """Whether a day was typed: it begins at midnight in a time zone only Slack knows."""
        if self.command is None or isinstance(self.arguments, Misread):
            return False
        raw = [one.name for one in self.command.parameters if one.kind.raw]
        values = [value for name, value in self.arguments.items() if isinstance(value, Since) or name in raw]
        return any(names_days(value) for value in values if isinstance(value, Since | str))

    def _in_their_zone(self, deps: Deps, asker: Asker) -> Asker:
        if asker.timezone != UTC or not self._names_days():
            return asker
        try:
            return replace(asker, timezone=deps.slack.user(asker.user).timezone)
        except EdgeError:
            return asker

    def _needs(self, deps: Deps, asker: Asker) -> dict[str, object]:
        return {
            "settings": deps.settings,
            "store": deps.store,
            "trackers": deps.trackers,
            "slack": deps.slack,
            "code": deps.code,
            "queue": deps.queue,
            "templates": deps.templates,
            "charts": deps.charts,
            "now": deps.now(),
            "asker": asker,
            "words": self.words,
            "commands": commands(),
        }

    def _misread(self) -> Message:
        misread = self.arguments if isinstance(self.arguments, Misread) else Misread("")
        if self.command is None:
            return Message("commands/unknown", {"misread": misread, "first": _first()})
        return Message("commands/misread", {"misread": misread, "asked": self.command})


@lru_cache(128)
def prepare(text: str) -> Prepared:
    """Read what was typed behind the slash command (or behind a mention); every misreading is an answer too.

    The same text is read the same way: the door asks what a command needs before its handler does it.
    """
    words, shared = _without_share(as_typed(text))
    name, _, rest = words.partition(" ")
    name, rest = name.lower(), rest.strip()
    if not name:
        return _prepared(words, commands()[MENU], "", shared)
    found = commands().get(name)
    if found is None:
        return Prepared(words, None, _unknown(words, name, rest), shared)
    if name != HELP and rest.lower() in ("help", "--help", "?"):
        return _prepared(f"{HELP} {name}", commands()[HELP], name, shared)
    return _prepared(words, found, rest, shared)


def _prepared(words: str, found: Command, rest: str, shared: bool) -> Prepared:
    return Prepared(words, found, read(found, rest), shared)


def _without_share(text: str) -> tuple[str, bool]:
    typed = split(text)
    if typed and typed[-1].text.lower() == SHARE and not typed[-1].quoted and not typed[-1].key:
        return text[: -len(SHARE)].rstrip(), True
    return text, False


def _unknown(words: str, name: str, rest: str) -> Misread:
    """Perhaps a word mistyped, perhaps a run or a filter without the word before it."""
    near = closest(name, list(commands()))
    if near:
        return Misread(f"There is no {name}. Did you mean {near}?", f"{near} {rest}".strip())
    if "/runs/" in words or name.startswith("runs:/"):
        return Misread("That is a run’s address.", f"show {words}")
    return Misread(f"There is no {name}.", f"search {words}")


def _first() -> tuple[Command, ...]:
    return tuple(commands()[name] for name in FIRST if name in commands())
