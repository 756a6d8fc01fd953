"""A team's own templates run within bounds: rounds of loops, characters, things in a list, seconds."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import wraps
from typing import Any

from jinja2 import Template, nodes
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context, LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer

STEPS = 20_000
CHARACTERS = 1_000_000
ITEMS = 10_000
SECONDS = 2.0
BITS = 256
# Methods that make a text no longer than it is; a width or a replacement could make it endless.
TEXT_METHODS = frozenset(
    {
        *("capitalize", "casefold", "lower", "title", "upper", "strip", "lstrip", "rstrip"),
        *("count", "find", "index", "rfind", "startswith", "endswith", "isdigit", "isspace", "isupper", "islower"),
        *("partition", "rpartition", "split", "rsplit", "splitlines", "removeprefix", "removesuffix"),
    }
)


class TooMuch(SecurityError):
    """A template went beyond its bounds."""


@dataclass(slots=True)
class Budget:
    """What is left to one rendering; TooMuch is raised where it is used up."""

    steps: int = STEPS
    characters: int = CHARACTERS
    until: float = field(default_factory=lambda: time.monotonic() + SECONDS)

    def step(self) -> None:
        """One round of a loop, one call, one filter, one template included."""
        self.steps -= 1
        if self.steps < 0:
            raise TooMuch(f"it loops or calls more than {STEPS:,} times")
        if time.monotonic() > self.until:
            raise TooMuch(f"it takes longer than {SECONDS:g} s")

    def say(self, characters: int) -> None:
        """So much was put out, in macros and loops too."""
        self.characters -= characters
        if self.characters < 0:
            raise TooMuch(f"it says more than {CHARACTERS:,} characters")


def kept(value: Any) -> Any:
    """The value, if it is no larger than a template may hold. Raises TooMuch."""
    if isinstance(value, str) and len(value) > CHARACTERS:
        raise TooMuch(f"it makes a text of more than {CHARACTERS:,} characters")
    if isinstance(value, list | tuple | dict) and len(value) > ITEMS:
        raise TooMuch(f"it makes a list of more than {ITEMS:,} things")
    if isinstance(value, int) and value.bit_length() > BITS:
        raise TooMuch("it makes a number that is too large")
    return value


class BoundedEnvironment(ImmutableSandboxedEnvironment):
    """Jinja's immutable sandbox with a budget for each rendering; `filters` are to be set by `bound`."""

    intercepted_binops = frozenset({"+", "*", "**", "%"})

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._running = threading.local()
        self.globals["range"] = _range
        inner = self.finalize or str
        self.finalize = lambda value: self._put_out(inner(value))

    def bound(self, filters: dict[str, Callable[..., Any]]) -> None:
        """Use these filters, each as a step that is given no large number and returns nothing too large."""
        self.filters.clear()
        self.filters.update({name: self._bounded(name, one) for name, one in filters.items()})
        self.filters.update({"_rounds": self._rounds, "_kept": kept})

    def rendered(self, template: Template, facts: Any) -> str:
        """The template with its facts. Raises TooMuch, and whatever else templates raise."""
        self._running.budget = Budget()
        try:
            return template.render(facts)
        finally:
            self._running.budget = None

    @property
    def _budget(self) -> Budget:
        # Jinja computes what is constant while it compiles, when nothing runs.
        return getattr(self._running, "budget", None) or Budget()

    def _put_out(self, value: Any) -> Any:
        self._budget.say(len(value) if isinstance(value, str) else len(str(value)))
        return value

    def _rounds(self, items: Iterable[Any], characters: int = 0) -> Iterator[Any]:
        budget = self._budget
        for item in items:
            budget.step()
            budget.say(characters)
            yield item

    def _bounded(self, name: str, one: Callable[..., Any]) -> Callable[..., Any]:
        passed = 2 if hasattr(one, "jinja_pass_arg") else 1

        @wraps(one)
        def stepped(*given: Any, **named: Any) -> Any:
            self._budget.step()
            value, options = given[passed - 1], [*given[passed:], *named.values()]
            for option in options:
                if isinstance(option, int) and abs(option) > ITEMS:
                    raise TooMuch(f"the filter {name} is asked for more than {ITEMS:,}")
            if name == "sum" and not all(isinstance(option, int | float | str) for option in options):
                raise SecurityError("the filter sum adds numbers only")
            if name in ("join", "replace") and options:
                kept(value)
                longest = max((len(option) for option in options if isinstance(option, str)), default=0)
                pieces = len(value) if hasattr(value, "__len__") else ITEMS
                if longest * pieces > CHARACTERS:
                    raise TooMuch(f"the filter {name} makes too long a text")
            return kept(one(*given, **named))

        return stepped

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        return _Counting().visit(super()._parse(source, name, filename))  # type: ignore[no-any-return]

    def get_template(self, name: Any, parent: str | None = None, globals: Any = None) -> Template:
        """A template, which one includes or imports: a step."""
        self._budget.step()
        return super().get_template(name, parent, globals)

    def call(self, context: Context, function: Any, /, *given: Any, **named: Any) -> Any:
        """A call out of a template: a step that returns nothing too large."""
        self._budget.step()
        if isinstance(function, LoopContext) and given:
            given = (self._rounds(given[0]), *given[1:])
        return kept(super().call(context, function, *given, **named))

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Arithmetic with numbers, texts and lists that stay small; nothing is formatted by %."""
        numbers = isinstance(left, int | float) and isinstance(right, int | float)
        if operator == "%" and not numbers:
            raise SecurityError("% takes numbers only")
        if operator == "**" and (not numbers or abs(right) > BITS):
            raise TooMuch("it makes a number that is too large")
        if operator == "*" and not numbers:
            _multiplied(left, right)
        return kept(super().call_binop(context, operator, left, right))

    def wrap_str_format(self, value: Any) -> Callable[..., str] | None:
        """No text's own format method: a width makes a text of any length."""
        if super().wrap_str_format(value) is not None:
            raise SecurityError("format is not for templates; the filters number, percent and shorten are")
        return None

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Nothing private, no secrets, and no method that could make a text or number of any size."""
        if isinstance(obj, str) and hasattr("", attr) and attr not in TEXT_METHODS:
            return False
        if isinstance(obj, bytes | int | float) and callable(value):
            return False
        return attr != "get_secret_value" and super().is_safe_attribute(obj, attr, value)


def _multiplied(left: Any, right: Any) -> None:
    """Raise TooMuch where a text or list times a number would be too large."""
    for many, times in ((left, right), (right, left)):
        if hasattr(many, "__len__") and isinstance(times, int):
            most = CHARACTERS if isinstance(many, str) else ITEMS
            if len(many) * times > most:
                raise TooMuch("it multiplies a text or list to more than it may hold")


def _range(*bounds: int) -> range:
    numbers = range(*bounds)
    if len(numbers) > ITEMS:
        raise TooMuch(f"a range has more than {ITEMS:,} numbers")
    return numbers


class _Counting(NodeTransformer):
    """Counts every round of a loop, with what the template itself writes in it, and looks at joined texts."""

    def visit_For(self, node: nodes.For) -> nodes.For:
        body = [one for part in node.body for one in part.find_all(nodes.TemplateData)]
        written = sum(len(one.data) for one in body)
        self.generic_visit(node)
        node.iter = _filter("_rounds", node.iter, nodes.Const(written))
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Filter:
        self.generic_visit(node)
        return _filter("_kept", node)


def _filter(name: str, node: nodes.Node, *options: nodes.Expr) -> nodes.Filter:
    assert isinstance(node, nodes.Expr)
    assert node.environment is not None
    made = nodes.Filter(node, name, list(options), [], None, None, lineno=node.lineno)
    made.set_environment(node.environment)
    return made
