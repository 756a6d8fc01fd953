"""How the least change of a metric that matters is written in app.yaml: 1% or 0.005."""

import math
import re
from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema

from bot.facts.verdicts import MinChange
from bot.settings.hints import shown

CHANGE = r"^ *(\d+\.?\d*|\.\d+)([eE][+-]?\d+)? *%? *$"


def change_text(change: MinChange) -> str:
    """A least change as app.yaml writes it: 1% or 0.005."""
    return f"{change.share * 100:g}%" if change.share else f"{change.amount:g}"


def _change(value: Any) -> Any:
    if isinstance(value, MinChange):
        return value
    text = str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value
    if not isinstance(text, str) or not re.match(CHANGE, text):
        raise ValueError(f"{shown(value)} is not a change such as 1% or 0.005")
    number = float(text.replace("%", ""))
    if "%" in text:
        if number > 100:
            raise ValueError(f"{shown(value)} is more than 100%")
        return MinChange(share=number / 100)
    if math.isinf(number):
        raise ValueError(f"{shown(value)} is too large")
    return MinChange(amount=number)


Change = Annotated[
    MinChange,
    BeforeValidator(_change),
    WithJsonSchema(
        {"anyOf": [{"type": "string", "pattern": CHANGE, "examples": ["1%"]}, {"type": "number", "minimum": 0}]}
    ),
]
