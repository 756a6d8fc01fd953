"""How much text there is in blocks."""

from collections.abc import Mapping, Sequence
from typing import Any

# Names and settings are no text: Slack counts what is shown.
_NOT_TEXT = frozenset(
    {"type", "style", "action_id", "block_id", "callback_id", "align", "format", "value", "options", "confirm"}
)
# Asking these whether they are a Mapping or Sequence takes longer than all the rest.
_OTHERS = (list, tuple, int, float, type(None))


def size_of(value: Any) -> int:
    """Code points of text in a block or in any part of one, addresses included, menus not."""
    size, parts = 0, [value]
    while parts:
        part = parts.pop()
        if isinstance(part, str):
            size += len(part)
        elif isinstance(part, dict) or (not isinstance(part, _OTHERS) and isinstance(part, Mapping)):
            parts += [inner for name, inner in part.items() if name not in _NOT_TEXT]
        elif isinstance(part, list | tuple) or (not isinstance(part, _OTHERS) and isinstance(part, Sequence)):
            parts += part
    return size
