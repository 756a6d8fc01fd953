"""Two values side by side: nested ones told apart leaf by leaf, long ones shortened where they are the same."""

import ast
import json
import re
from collections.abc import Iterator
from itertools import accumulate
from typing import Any

from bot.facts.causes import Changed

SHOWN = 60
# MLflow takes params of up to 6,000 characters.
READ_AT_MOST = 10_000
LEAVES_AT_MOST = 50
DEEPEST = 20
# What floating point leaves of 0.1 + 0.2, and of a learning rate drawn at random.
LONG_FLOAT = re.compile(r"[+-]?\d{1,9}\.\d{7,30}(e[+-]?\d{1,3})?", re.ASCII | re.IGNORECASE)
DEEPER = {"[": 1, "{": 1, "(": 1, "]": -1, "}": -1, ")": -1}


def told_apart(name: str, before: str | None, after: str | None, *, nested: bool = True) -> tuple[Changed, ...]:
    """What changed in a value: of JSON, and of Python's dicts and lists, each leaf; of all else the value.

    Nothing where both mean the same, as `{"a":1}` and `{"a": 1}` do. Unless `nested`, each value is just a text.
    """
    if before == after:
        return ()
    if before is None or after is None:
        return (Changed(name, cut(before), cut(after)),)
    first, second = (_nested(text) if nested else None for text in (before, after))
    if first is not None and second is not None and type(first) is type(second):
        leaves = tuple(_leaves(name, first, second))
        if len(leaves) <= LEAVES_AT_MOST:
            return leaves
    return (Changed(name, *shortened(before, after)),)


def shortened(before: str, after: str, limit: int = SHOWN) -> tuple[str, str]:
    """Both texts in at most `limit` characters (ten or more), with the place where they begin to differ.

    Of a number like 0.30000000000000004 six digits are left, unless both would read alike.
    """
    before, after = _rounded(before, after)
    if len(before) <= limit and len(after) <= limit:
        return before, after
    shortest = min(len(before), len(after))
    same = next((n for n in range(shortest) if before[n] != after[n]), shortest)
    start = max(0, same - limit // 3)
    return _window(before, start, limit), _window(after, start, limit)


def _rounded(before: str, after: str) -> tuple[str, str]:
    one, other = (f"{float(text):.6g}" if LONG_FLOAT.fullmatch(text) else text for text in (before, after))
    return (one, other) if one != other else (before, after)


def cut(text: str | None, limit: int = SHOWN) -> str | None:
    """A text in at most `limit` characters, without its end."""
    return text if text is None or len(text) <= limit else text[: limit - 1] + "…"


def _window(text: str, start: int, limit: int) -> str:
    return cut("…" + text[start + 1 :] if start else text, limit) or ""


def _nested(text: str) -> Any:
    """A dict or list written as JSON or as Python writes it; nothing for any other text."""
    text = text.strip()
    if len(text) > READ_AT_MOST or text[:1] not in ("{", "[") or _depth(text) > DEEPEST:
        return None
    for read in (json.loads, ast.literal_eval):
        try:
            found = read(text)
        except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
            continue
        return found if isinstance(found, dict | list) else None
    return None


def _depth(text: str) -> int:
    return max(accumulate(DEEPER.get(character, 0) for character in text), default=0)


def _leaves(name: str, before: Any, after: Any) -> Iterator[Changed]:
    if isinstance(before, dict) and isinstance(after, dict):
        for key in dict.fromkeys([*before, *after]):
            if key in before and key in after:
                yield from _leaves(f"{name}.{key}", before[key], after[key])
            else:
                yield Changed(f"{name}.{key}", _part(before, key), _part(after, key))
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for place, (one, other) in enumerate(zip(before, after, strict=True)):
            yield from _leaves(f"{name}[{place}]", one, other)
    elif _written(before) != _written(after):
        yield Changed(name, *shortened(_written(before), _written(after)))


def _part(values: dict[Any, Any], key: Any) -> str | None:
    return cut(_written(values[key])) if key in values else None


def _written(value: Any) -> str:
    if isinstance(value, str):
        return value
    try:
        return json.dumps(value, ensure_ascii=False)
    except (TypeError, ValueError):
        return repr(value)
