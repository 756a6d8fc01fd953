"""A line as mrkdwn, where Slack takes no rich text: only if none of its text could turn into formatting."""

import re
from collections.abc import Sequence

from bot.render.markup.inline import Piece, Style, timestamp
from bot.render.text import escape_mrkdwn

# Code innermost: inside it mrkdwn reads no other mark.
_MARKS: dict[Style, str] = {"code": "`", "bold": "*", "italic": "_", "strike": "~"}
# What mrkdwn may read as formatting: a mark that is not inside a word, a quote, an emoji (but not 12:30:45).
_FORMATTING = re.compile(r"[*~`]|(?<![^\W_])_|_(?![^\W_])|:(?!\d\d:)[\w+'-]+:|^ ?&gt;", re.MULTILINE)
_WORD_EDGE = re.compile(r"[\s(\[,.;:!?)\]]")


def mrkdwn_safe(pieces: Sequence[Piece]) -> bool:
    """Whether the line can be mrkdwn without any of its text turning into formatting."""
    return all(safe_at(pieces, index) for index in range(len(pieces)))


def safe_at(pieces: Sequence[Piece], index: int) -> bool:
    """Whether mrkdwn reads no formatting or emoji into one piece of the line."""
    piece = pieces[index]
    if piece.kind not in ("text", "link", "drawn"):
        return True
    if piece.kind == "text" and "code" in piece.styles and _stands_free(pieces, index):
        return "`" not in piece.text and "\n" not in piece.text
    return _FORMATTING.search(escape_mrkdwn(piece.text)) is None


def mrkdwn(pieces: Sequence[Piece]) -> str:
    """The line as mrkdwn; it has to be `mrkdwn_safe`."""
    return "".join(_written(pieces, index) for index in range(len(pieces)))


def _written(pieces: Sequence[Piece], index: int) -> str:
    piece = pieces[index]
    styles = piece.styles
    match piece.kind:
        case "user":
            return f"<@{piece.target}>"
        case "channel":
            return f"<#{piece.target}>"
        case "emoji" | "break":
            return piece.text
        case "date":
            return f"<!date^{timestamp(piece)}^{piece.target}|{escape_mrkdwn(piece.text)}>"
        case "link":
            text = f"<{escape_mrkdwn(piece.target).replace('|', '%7C')}|{escape_mrkdwn(piece.text)}>"
            styles -= {"code"}
        case _:
            text = escape_mrkdwn(piece.text)
    if _stands_free(pieces, index):
        for style, mark in _MARKS.items():
            text = f"{mark}{text}{mark}" if style in styles else text
    return text


def _stands_free(pieces: Sequence[Piece], index: int) -> bool:
    """Whether marks around the piece are read as such: only at the edges of words, and close to their text."""
    text = pieces[index].text
    before = pieces[index - 1].text[-1:] if index else ""
    after = pieces[index + 1].text[:1] if index + 1 < len(pieces) else ""
    return text == text.strip() and all(not edge or _WORD_EDGE.match(edge) for edge in (before, after))
