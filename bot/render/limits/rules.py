"""The kinds of rules a Block Kit value can have to keep; each tells what is wrong and where."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from bot.render.limits.problems import Problem

Also = Callable[[Mapping[str, Any], str], Iterator[Problem]]


class Rule(Protocol):
    """Something a JSON value has to keep."""

    def check(self, value: object, pointer: str) -> Iterator[Problem]:
        """What of the value at this JSON pointer breaks the rule."""
        ...


def failed(message: str, pointer: str, kind: str, expected: object) -> Problem:
    """A problem in the words and shape of blocks.validate."""
    return Problem("failed_constraint", message, pointer, {"type": kind, "expected": expected})


def _wrong_type(what: str, pointer: str) -> Problem:
    return failed(f"must provide {what}", pointer, "type", what.rpartition(" ")[2])


@dataclass(frozen=True, slots=True)
class Text:
    """A string of `least` to `most` code points; an address where `starts` is given."""

    most: int | None = None
    least: int = 1
    starts: tuple[str, ...] = ()

    def check(self, value: object, pointer: str) -> Iterator[Problem]:
        """Length and kind."""
        if not isinstance(value, str):
            yield _wrong_type("a string", pointer)
            return
        if self.most is not None and len(value) > self.most:
            yield failed(f"must be less than {self.most + 1} characters", pointer, "max_length", self.most)
        if len(value) < self.least:
            yield failed(f"must be more than {self.least - 1} characters", pointer, "min_length", self.least)
        elif self.starts and not value.lower().startswith(self.starts):
            yield failed("must be a valid url", pointer, "format", "url")


@dataclass(frozen=True, slots=True)
class Flag:
    """True or false."""

    def check(self, value: object, pointer: str) -> Iterator[Problem]:
        """Kind only."""
        if not isinstance(value, bool):
            yield _wrong_type("a boolean", pointer)


@dataclass(frozen=True, slots=True)
class Number:
    """A number between two bounds, whole unless said otherwise; `above` is a bound it may not touch."""

    least: float | None = None
    most: float | None = None
    whole: bool = True
    above: float | None = None

    def check(self, value: object, pointer: str) -> Iterator[Problem]:
        """Kind and bounds."""
        kinds: tuple[type, ...] = (int,) if self.whole else (int, float)
        if isinstance(value, bool) or not isinstance(value, kinds):
            yield _wrong_type("an integer" if self.whole else "a number", pointer)
            return
        assert isinstance(value, int | float)
        # NaN compares as neither, and JSON has none.
        if self.least is not None and not value >= self.least:
            yield failed(f"must be {self.least:g} or more", pointer, "minimum", self.least)
        if self.above is not None and not value > self.above:
            yield failed(f"must be more than {self.above:g}", pointer, "exclusive_minimum", self.above)
        if self.most is not None and not value <= self.most:
            yield failed(f"must be {self.most:g} or less", pointer, "maximum", self.most)


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few strings."""

    values: tuple[str, ...]

    def check(self, value: object, pointer: str) -> Iterator[Problem]:
        """Whether it is one of them."""
        if value not in self.values:
            yield failed(f"unsupported value: {value}", pointer, "enum", list(self.values))


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of `least` to `most` values that all keep one rule."""

    item: Rule
    most: int | None = None
    least: int = 1

    def check(self, value: object, pointer: str) -> Iterator[Problem]:
        """Length, then every item."""
        if not isinstance(value, list | tuple | Sequence) or isinstance(value, str | bytes):
            yield _wrong_type("an array", pointer)
            return
        if self.most is not None and len(value) > self.most:
            yield failed(f"no more than {self.most} items allowed", pointer, "max_items", self.most)
        if len(value) < self.least:
            yield failed(f"no fewer than {self.least} items allowed", pointer, "min_items", self.least)
        for index, item in enumerate(value):
            yield from self.item.check(item, f"{pointer}/{index}")


@dataclass(frozen=True, slots=True)
class Maybe:
    """A rule, or null."""

    rule: Rule

    def check(self, value: object, pointer: str) -> Iterator[Problem]:
        """Nothing is wrong with null."""
        if value is not None:
            yield from self.rule.check(value, pointer)


@dataclass(frozen=True, slots=True)
class Anything:
    """Whatever JSON can say."""

    def check(self, value: object, pointer: str) -> Iterator[Problem]:
        """Nothing is wrong with it."""
        yield from ()


@dataclass(frozen=True, slots=True)
class Shape:
    """An object: its fields with their rules, those it must have, and what else holds among them.

    An `open` shape may have other fields too.
    """

    fields: Mapping[str, Rule]
    required: tuple[str, ...] = ()
    also: tuple[Also, ...] = ()
    open: bool = False

    def check(self, value: object, pointer: str) -> Iterator[Problem]:
        """Unknown and missing fields, then every field, then what holds among them."""
        if not isinstance(value, dict | Mapping):
            yield _wrong_type("an object", pointer)
            return
        for name in value:
            if name not in self.fields and name != "type" and not self.open:
                known = sorted({*self.fields, "type"})
                message = f"invalid additional property: {name}"
                yield Problem("unexpected_field", message, pointer, {"type": "properties", "expected": known})
        for name in self.required:
            if name not in value:
                message = f"missing required field: {name}"
                yield Problem(
                    "missing_field", message, pointer, {"type": "required", "expected": list(self.required)}
                )
        for name, rule in self.fields.items():
            if name in value:
                yield from rule.check(value[name], f"{pointer}/{escaped(name)}")
        for also in self.also:
            yield from also(value, pointer)


@dataclass(frozen=True, slots=True)
class OneOf:
    """An object whose `type` says which shape it has."""

    shapes: Mapping[str, Shape] = field(default_factory=dict)

    def check(self, value: object, pointer: str) -> Iterator[Problem]:
        """The type, then the shape."""
        if not isinstance(value, dict | Mapping):
            yield _wrong_type("an object", pointer)
        elif "type" not in value:
            message = "missing required field: type"
            yield Problem("missing_field", message, pointer, {"type": "required", "expected": ["type"]})
        elif not isinstance(value["type"], str) or value["type"] not in self.shapes:
            yield failed(f"unsupported type: {value['type']}", f"{pointer}/type", "enum", sorted(self.shapes))
        else:
            yield from self.shapes[value["type"]].check(value, pointer)


def escaped(name: str) -> str:
    """A field's name as a part of a JSON pointer (RFC 6901 §3)."""
    return str(name).replace("~", "~0").replace("/", "~1")


def exactly_one(*names: str) -> Also:
    """One of these fields has to be there, and no other of them."""

    def check(value: Mapping[str, Any], pointer: str) -> Iterator[Problem]:
        if sum(name in value for name in names) != 1:
            wanted = " or ".join(f"`{name}`" for name in names)
            yield failed(f"must define either {wanted}", pointer, "one_of", list(names))

    return check


def at_least_one(*names: str) -> Also:
    """One of these fields has to be there."""

    def check(value: Mapping[str, Any], pointer: str) -> Iterator[Problem]:
        if not any(name in value for name in names):
            wanted = " or ".join(f"`{name}`" for name in names)
            yield failed(f"must define either {wanted}", pointer, "any_of", list(names))

    return check


def at_most_one(*names: str) -> Also:
    """These fields exclude each other."""

    def check(value: Mapping[str, Any], pointer: str) -> Iterator[Problem]:
        if sum(name in value for name in names) > 1:
            wanted = " and ".join(f"`{name}`" for name in names)
            yield failed(f"cannot define both {wanted}", pointer, "not_both", list(names))

    return check
