"""From pydantic's errors to problems that name line, setting, what is wrong and what was probably meant."""

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any, get_args

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from bot.settings.hints import did_you_mean, shown
from bot.settings.kinds import span_text
from bot.settings.problems import Where
from bot.settings.reading import Broken, Document

# Top-level keys of other programs' files that are named app.yaml, or look like it.
FOREIGN = {
    "runtime": "Google App Engine",
    "env_variables": "Google App Engine",
    "instance_class": "Google App Engine",
    "automatic_scaling": "Google App Engine",
    "command": "Databricks Apps",
    "env": "Databricks Apps",
    "resources": "Databricks Apps",
    "display_information": "Slack's app manifest",
    "oauth_config": "Slack's app manifest",
    "features": "Slack's app manifest",
    "_metadata": "Slack's app manifest",
}
MENDS = {
    "Slack's app manifest": "Rundown's manifest is made from app: by `rundown manifest`, into manifest.yaml",
}
KINDS = {
    "string_type": "is not a text; put it in quotes",
    "int_type": "is not a whole number",
    "int_parsing": "is not a whole number",
    "int_from_float": "is not a whole number",
    "bool_type": "is not true or false",
    "bool_parsing": "is not true or false",
    "tuple_type": "is not a list; write [one, two], or lines that begin with -",
    "dict_type": "is not a mapping of names to values",
    "model_type": "is not a mapping of settings to values",
    "model_attributes_type": "is not a mapping of settings to values",
}


def complain(document: Document, errors: list[ErrorDetails], model: type[BaseModel]) -> None:
    """Turn pydantic's errors into problems of the document."""
    for error in errors:
        if (
            error["type"] == "default_factory_not_called"
            or isinstance(error["input"], Broken)
            or _holds_broken(error["input"])
        ):
            continue
        where = tuple(step for step in error["loc"] if step != "[key]")
        at_key = error["type"] == "extra_forbidden" or "[key]" in error["loc"]
        mark = document.keys.get(where) if at_key else None
        text = _foreign(where) if error["type"] == "extra_forbidden" else ""
        document.complain(mark or document.mark(where), where, text or _text(error, where, model))


def _holds_broken(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(isinstance(inner, Broken) or _holds_broken(inner) for inner in value.values())
    return isinstance(value, list) and any(isinstance(inner, Broken) or _holds_broken(inner) for inner in value)


def _foreign(where: Where) -> str:
    if where == ("slack",):
        return "Slack's tokens come from the environment: SLACK_BOT_TOKEN, SLACK_APP_TOKEN, SLACK_SIGNING_SECRET"
    owner = FOREIGN.get(str(where[0])) if len(where) == 1 else None
    if owner is None:
        return ""
    mend = MENDS.get(owner, "this file is Rundown's settings: keep the two in different folders")
    return f"this key belongs to a file of {owner}; {mend}"


def _text(error: ErrorDetails, where: Where, model: type[BaseModel]) -> str:
    kind, context, value = error["type"], error.get("ctx", {}), error["input"]
    if kind == "extra_forbidden":
        names = [name for owner in _models(model, where[:-1]) for name in owner.model_fields if name != "slack"]
        return f"there is no such setting{did_you_mean(where[-1], names) or _one_of(names)}"
    if kind == "missing":
        return "this setting is missing"
    if kind == "value_error":
        return str(context["error"])
    if kind == "literal_error":
        words = re.findall(r"'([^']+)'", str(context["expected"]))
        return f"{shown(value)} is not one of {', '.join(words)}{did_you_mean(value, words)}"
    if kind == "tuple_type" and where[:1] == ("channels",) and isinstance(value, Mapping):
        return "a channel has a list of subscriptions; begin the first line with -"
    if kind == "dict_type" and where == ("channels",) and isinstance(value, list):
        return 'this is a list: was the channel above it read as a comment? Put its name in quotes, as "#churn":'
    if kind == "string_pattern_mismatch":
        return f"{shown(value)} does not look as expected, which is {context['pattern']}"
    if kind in KINDS:
        return f"{shown(value)} {KINDS[kind]}"
    return _bounds(error)


def _bounds(error: ErrorDetails) -> str:
    value, limits = error["input"], error.get("ctx", {})
    for name in ("ge", "le", "min_length", "max_length"):
        if name in limits:
            words = "at most" if name in ("le", "max_length") else "at least"
            limit = limits[name]
            said = span_text(limit) if isinstance(limit, timedelta) else limit
            unit = "" if name in ("ge", "le") else " characters" if isinstance(value, str) else " entries"
            return f"{shown(value)} is out of bounds; {words} {said}{unit}"
    return f"{shown(value)} does not fit: {error['msg'][:1].lower()}{error['msg'][1:]}"


def _one_of(names: list[str]) -> str:
    return f"; there are {', '.join(names)}" if names else ""


def _models(model: type[BaseModel], where: Where) -> Iterator[type[BaseModel]]:
    """The models whose keys stand at a path."""
    kinds: list[Any] = [model]
    for step in where:
        kinds = [inner for kind in kinds for inner in _inside(kind, step)]
    yield from (found for kind in kinds for found in _unwrapped(kind))


def _inside(kind: Any, step: str | int) -> Iterator[Any]:
    for found in _unwrapped(kind):
        if step in found.model_fields:
            yield found.model_fields[str(step)].annotation
            return
    # A mapping's values stand last in its arguments, a tuple's items first.
    arguments = [argument for argument in get_args(kind) if argument not in (..., type(None))]
    if arguments:
        yield arguments[-1] if isinstance(step, str) else arguments[0]


def _unwrapped(kind: Any) -> Iterator[type[BaseModel]]:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        yield kind
        return
    origin = getattr(kind, "__origin__", None)
    if origin in (dict, tuple):
        return
    for argument in get_args(kind):
        yield from _unwrapped(argument)
