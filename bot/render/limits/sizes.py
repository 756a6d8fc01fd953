"""How much text there is in blocks."""

from collections.abc import Mapping, Sequence
from typing import Any

# Names and settings are no text: Slack counts what is shown.
_NOT_TEXT = frozenset(
    {"type", "style", "action_id", "block_id", "callback_id", "align", "format", "value", "options", "confirm"}
)


def size_of(value: Any) -> int:
    """Code points of text in a block or in any part of one, addresses included, menus not."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, dict | Mapping):
        return sum(size_of(part) for key, part in value.items() if key not in _NOT_TEXT)
    if isinstance(value, list | tuple | Sequence):
        return sum(size_of(part) for part in value)
    return 0
