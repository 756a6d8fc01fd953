"""A command as its module's `answer` declares it: the signature is the usage, the docstring is the help."""

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any, get_args, get_type_hints

from bot.facts.messages import Message
from bot.words.kinds import Kind

NEEDS = frozenset(
    {"settings", "store", "trackers", "slack", "code", "queue", "templates", "charts", "now", "asker", "words"}
    | {"commands"}
)


@dataclass(frozen=True, slots=True)
class Parameter:
    """One word or option of a command; `positional` ones are typed in order, all may be typed by name."""

    name: str
    kind: Kind
    required: bool
    positional: bool

    @property
    def usage(self) -> str:
        """As usage lines write it: RUN, [runs…], [experiment], [since:7d]."""
        if not self.positional:
            return f"[{self.name}:{self.kind.example}]"
        name = f"{self.name}…" if self.kind.many else self.name
        return name.upper() if self.required else f"[{name}]"


@dataclass(frozen=True, slots=True)
class Command:
    """One word of the slash command; `needs` are what its answer wants handed, `slow` when it asks the outside."""

    name: str
    answer: Callable[..., Message]
    parameters: tuple[Parameter, ...]
    needs: tuple[str, ...]
    slow: bool
    summary: str
    details: str
    examples: tuple[str, ...]

    @property
    def usage(self) -> str:
        """The command with its words and options: `latest [experiment] [count] [by:@me]`."""
        return " ".join([self.name, *(parameter.usage for parameter in self.parameters)])

    @property
    def brief(self) -> str:
        """The command with its words only, for lists of commands."""
        return " ".join([self.name, *(parameter.usage for parameter in self.parameters if parameter.positional)])

    def parameter(self, name: str) -> Parameter | None:
        """A word or option by its name."""
        return next((one for one in self.parameters if one.name == name), None)


def command(module: ModuleType) -> Command:
    """Read a command from a module with an `answer` function; TypeError tells what its author forgot."""
    name = module.__name__.rpartition(".")[2]
    answer = module.answer
    hints = get_type_hints(answer, include_extras=True)
    parameters, needs = [], []
    for parameter in inspect.signature(answer).parameters.values():
        keyword = parameter.kind is inspect.Parameter.KEYWORD_ONLY
        if keyword and parameter.name in NEEDS:
            needs.append(parameter.name)
            continue
        kind = _kind(hints.get(parameter.name))
        if kind is None:
            raise TypeError(
                f"{module.__name__}: {parameter.name} is neither a need nor annotated with a kind of word"
            )
        required = parameter.default is inspect.Parameter.empty
        if keyword and required:
            raise TypeError(f"{module.__name__}: the option {parameter.name} has no default")
        parameters.append(Parameter(parameter.name, kind, required, not keyword))
    summary, details, examples = _help(module.__name__, inspect.getdoc(answer) or "")
    slow = bool(getattr(module, "SLOW", False))
    return Command(name, answer, tuple(parameters), tuple(needs), slow, summary, details, examples)


def _kind(hint: Any) -> Kind | None:
    """The kind of word an annotation names, also within `Kind | None`."""
    own = (one for one in getattr(hint, "__metadata__", ()) if isinstance(one, Kind))
    within = (found for part in get_args(hint) if (found := _kind(part)) is not None)
    return next(own, None) or next(within, None)


def _help(module: str, text: str) -> tuple[str, str, tuple[str, ...]]:
    body, _, below = text.partition("Examples:\n")
    summary, _, details = body.strip().partition("\n")
    examples = tuple(line.strip() for line in below.splitlines() if line.strip())
    if not summary or not examples:
        raise TypeError(f"{module}: help is mandatory: a summary line and an Examples: part in the docstring")
    paragraphs = [" ".join(part.split()) for part in re.split(r"\n\s*\n", details) if part.strip()]
    return summary, "\n".join(paragraphs), examples
