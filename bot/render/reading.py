"""What people read in blocks: their text without markup."""

import re
from collections.abc import Mapping
from typing import Any

from bot.render.text import unescape_mrkdwn

_DATE = re.compile(r"<!date\^[^|>]*\|([^>]*)>")
_LABELLED = re.compile(r"<[^|<>]+\|([^<>]*)>")
_MENTION = re.compile(r"<([@#])([A-Z0-9]+)>")
_MARK = re.compile(r"[*~`]|(?<![^\W_])_|_(?![^\W_])")
_CODE = re.compile(r"`([^`\n]+)`")
_BARE = re.compile(r"<((?:https?|mailto):[^<>|]*)>")


def read_mrkdwn(text: str) -> str:
    """The words of mrkdwn: links by their label, dates by their fallback, no marks, nothing escaped."""
    between, *rest = _CODE.split(text)
    found = [_read_marked(between)]
    for code, after in zip(rest[::2], rest[1::2], strict=True):
        found += [unescape_mrkdwn(code), _read_marked(after)]
    return "".join(found)


def _read_marked(text: str) -> str:
    for pattern, words in ((_DATE, r"\1"), (_LABELLED, r"\1"), (_MENTION, r"\1\2"), (_BARE, r"\1"), (_MARK, "")):
        text = pattern.sub(words, text)
    return unescape_mrkdwn(text)


def read_object(text: Mapping[str, Any]) -> str:
    """The words of a text object."""
    words = str(text.get("text", ""))
    return read_mrkdwn(words) if text.get("type") == "mrkdwn" else words


def read_rich(element: Mapping[str, Any]) -> str:
    """The words of a rich_text element, whichever it is."""
    match element.get("type"):
        case "rich_text" | "rich_text_list":
            mark = "• " if element["type"] == "rich_text_list" else ""
            return "\n".join(mark + read_rich(part) for part in element.get("elements", ()))
        case "rich_text_section" | "rich_text_quote" | "rich_text_preformatted":
            return "".join(read_rich(part) for part in element.get("elements", ()))
        case "user":
            return f"@{element.get('user_id', '')}"
        case "channel":
            return f"#{element.get('channel_id', '')}"
        case "emoji":
            return f":{element.get('name', '')}:"
        case "date":
            return str(element.get("fallback", ""))
        case _:
            return str(element.get("text") or element.get("url") or "")


def read_cell(cell: Mapping[str, Any]) -> str:
    """The words of a table's cell."""
    return read_rich(cell) if cell.get("type") == "rich_text" else str(cell.get("text", cell.get("value", "")))


def read_block(block: Mapping[str, Any]) -> str:
    """The words of a block, a line for each of its parts; empty for what only can be pressed."""
    match block.get("type"):
        case "rich_text":
            return read_rich(block)
        case "header":
            return read_object(block.get("text", {}))
        case "section":
            parts = [*([block["text"]] if "text" in block else []), *block.get("fields", ())]
            return "\n".join(read_object(part) for part in parts)
        case "context":
            return " ".join(str(part.get("alt_text") or read_object(part)) for part in block.get("elements", ()))
        case "image":
            return str(block.get("alt_text", ""))
        case "table":
            return "\n".join(" · ".join(read_cell(cell) for cell in row) for row in block.get("rows", ()))
        case "markdown":
            return str(block.get("text", ""))
        case "data_visualization":
            return str(block.get("title", ""))
        case _:
            return ""
