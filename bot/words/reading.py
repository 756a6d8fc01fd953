"""Typed words fitted to a command's parameters, or a sentence that says why they do not fit."""

from dataclasses import dataclass
from itertools import pairwise

from rapidfuzz import fuzz, process

from bot.words.command import Command, Parameter
from bot.words.typed import Word, split, split_tail

# What may stand before a colon without being meant as an option: addresses, and `latest:experiment`.
_NO_OPTIONS = frozenset({"http", "https", "runs", "model", "models", "latest", "best", "s3", "gs", "file", "dbfs"})

QUOTES = "A name with spaces needs quotes."


@dataclass(frozen=True, slots=True)
class Misread:
    """Words that do not fit: a sentence that says what was wrong, and what was probably meant."""

    sentence: str
    meant: str = ""


def read(command: Command, text: str) -> dict[str, object] | Misread:
    """Fit the text behind a command's name to its parameters; those not typed are left out."""
    options = [one.name for one in command.parameters if not one.positional]
    rest = next((one for one in command.parameters if one.kind.rest), None)
    if rest is not None:
        return _read_rest(command, rest, *_divided(rest, text, options))
    found: dict[str, object] = {}
    words = split(text)
    led = _led(command, words)
    for place, word in enumerate(words):
        if place + 1 in led:
            continue
        if place in led:
            wrong = _option(command, Word(word.whole, led[place], word.quoted), found)
        else:
            wrong = _option(command, word, found) if _is_option(command, word) else _place(command, word, found)
        if wrong is not None:
            return wrong
    return _missing(command, found) or found


def _led(command: Command, words: tuple[Word, ...]) -> dict[int, str]:
    """The places of words that stand behind one that leads, such as the experiment in `in churn-*`."""
    leads = {one.kind.lead: one.name for one in command.parameters if one.positional and one.kind.lead}
    return {
        place: leads[before.text.lower()]
        for place, (before, word) in enumerate(pairwise(words), 1)
        if not before.quoted and not before.key and before.text.lower() in leads and not _is_option(command, word)
    }


def closest(word: str, known: list[str], least: float = 65) -> str:
    """The known word that was probably meant, empty when none is near."""
    best = process.extractOne(word.lower(), known, scorer=fuzz.ratio, score_cutoff=least)
    return best[0] if best else ""


def _divided(rest: Parameter, text: str, options: list[str]) -> tuple[str, tuple[Word, ...]]:
    if rest.kind.raw:
        return split_tail(text, options)
    words = split(text)
    taken = tuple(word for word in words if word.key in options)
    return " ".join(word.whole for word in words if word not in taken), taken


def _read_rest(
    command: Command, rest: Parameter, text: str, options: tuple[Word, ...]
) -> dict[str, object] | Misread:
    found: dict[str, object] = {}
    value = rest.kind.read(text)
    if value is not None:
        found[rest.name] = value
    for word in options:
        wrong = _option(command, word, found)
        if wrong is not None:
            return wrong
    return _missing(command, found) or found


def _is_option(command: Command, word: Word) -> bool:
    return bool(word.key) and (command.parameter(word.key) is not None or word.key not in _NO_OPTIONS)


def _option(command: Command, word: Word, found: dict[str, object]) -> Misread | None:
    parameter = command.parameter(word.key)
    if parameter is None:
        known = [one.name for one in command.parameters if not one.positional]
        near = closest(word.key, [one.name for one in command.parameters])
        there_are = f"it has {', '.join(f'{name}:' for name in known)}" if known else "it has none"
        return Misread(f"{command.name} has no option {word.key}: – {there_are}.", f"{near}:" if near else "")
    if parameter.name in found:
        return Misread(f"{parameter.name} is there twice.")
    value = parameter.kind.read(word.text)
    if value is None and not word.text:
        return Misread(f"{word.key}: needs {parameter.kind.wanted}, right behind the colon.")
    if value is None:
        return Misread(f"{word.key}: needs {parameter.kind.wanted}, and “{word.text}” is not that.")
    found[parameter.name] = _with(None, value) if parameter.kind.many else value
    return None


def _with(found: object, value: object) -> tuple[object, ...]:
    """One more word of a parameter that takes many."""
    return (*found, value) if isinstance(found, tuple) else (value,)


def _place(command: Command, word: Word, found: dict[str, object]) -> Misread | None:
    """Give a word to the first free parameter that takes it, those that take any word last."""
    free = [one for one in command.parameters if one.positional and (one.kind.many or one.name not in found)]
    for parameter in sorted(free, key=lambda one: not one.kind.picky):
        value = parameter.kind.read(word.whole) if not (parameter.kind.picky and word.quoted) else None
        if value is not None:
            found[parameter.name] = _with(found.get(parameter.name), value) if parameter.kind.many else value
            return None
    if not any(one.positional for one in command.parameters):
        return Misread(f"{command.name} takes no words, and “{word.whole}” is one.")
    if free:
        left = " or ".join(f"{one.name} ({one.kind.wanted})" for one in free)
        return Misread(f"“{word.whole}” does not fit: what may still come is {left}. {QUOTES}")
    return Misread(f"“{word.whole}” is one word too many. {QUOTES}")


def _missing(command: Command, found: dict[str, object]) -> Misread | None:
    for parameter in command.parameters:
        if parameter.required and parameter.name not in found:
            return Misread(f"{command.name} needs {parameter.kind.wanted}.")
    return None
