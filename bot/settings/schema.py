"""The JSON Schema of app.yaml, for editors."""

from collections.abc import Mapping
from datetime import time, timedelta
from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from bot.facts.verdicts import MinChange
from bot.settings.kinds import DAY_WORDS, span_text
from bot.settings.least_change import change_text
from bot.settings.settings import Settings

TITLE = "app.yaml of Rundown"
VARIABLE = {"type": "string", "pattern": r"\$\{", "description": "A variable: ${NAME} or ${NAME:-default}."}
SWITCHED = ("RemindSettings", "DigestSettings")


class _AsWritten(GenerateJsonSchema):
    """Defaults as app.yaml would write them."""

    def encode_default(self, dft: Any) -> Any:
        return _written(dft, super().encode_default)


def _written(value: Any, otherwise: Any) -> Any:
    if isinstance(value, timedelta):
        return span_text(value)
    if isinstance(value, MinChange):
        return change_text(value)
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, frozenset | list):  # pydantic may have sorted a set into a list
        words = [word for word, days in DAY_WORDS.items() if set(days) == set(value)]
        return words[0] if words else otherwise(value)
    if isinstance(value, tuple) and value and all(isinstance(part, time) for part in value):
        return "-".join(f"{part:%H:%M}" for part in value)
    return otherwise(value)


def schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of app.yaml: what the file may hold, with descriptions and defaults.

    Any value that is not a mapping or a list may be a variable, and any setting may be left empty.
    """
    made = Settings.model_json_schema(schema_generator=_AsWritten)
    made["properties"].pop("slack")
    made["$defs"].pop("SlackSettings")
    for section in (made, *made["$defs"].values()):
        section["properties"] = {name: _property(given) for name, given in section["properties"].items()}
    made["$defs"]["Variable"] = VARIABLE
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **made, "title": TITLE}


def _property(given: Mapping[str, Any]) -> dict[str, Any]:
    described: dict[str, Any] = {key: given[key] for key in ("description", "default") if key in given}
    if isinstance(described.get("default"), dict):
        described.pop("default")
    rest = {key: value for key, value in given.items() if key not in ("description", "default", "title")}
    return {**described, **_accepting(rest)}


def _accepting(kind: Mapping[str, Any]) -> dict[str, Any]:
    """The same kind, or a variable, or nothing."""
    options = [_inner(option) for option in kind.get("anyOf", [kind])]
    if any(str(option.get("$ref", "")).endswith(SWITCHED) for option in options):
        options.append({"enum": ["on", "off", True, False]})
    if not all("$ref" in option or option.get("type") in ("array", "object") for option in options):
        options.append({"$ref": "#/$defs/Variable"})
    if {"type": "null"} not in options:
        options.append({"type": "null"})
    return {"anyOf": options}


def _inner(option: Mapping[str, Any]) -> dict[str, Any]:
    made = {key: value for key, value in option.items() if key != "title"}
    if isinstance(made.get("items"), dict) and "$ref" not in made["items"]:
        made["items"] = {"anyOf": [made["items"], {"$ref": "#/$defs/Variable"}]}
    return made
