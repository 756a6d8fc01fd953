"""Text as it reaches Slack: cleaned, collapsed, shortened where it reads best, escaped."""

import re
import unicodedata

ELLIPSIS = "…"

# XML 1.0 §2.2 (Char) forbids these; the C1 controls are legal there but show as nothing or as garbage.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
# Unicode UAX #9: explicit embeddings, overrides and isolates reorder the text around them.
_REORDERING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_SPACE = re.compile("[ \t\n\r]+")
_ZERO_WIDTH_JOINER = "\u200d"
_LONGEST_CLUSTER = 40


def clean(text: str) -> str:
    """The text without characters XML forbids (replaced by U+FFFD) and without bidi reordering controls."""
    if text.isascii() and text.isprintable():
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _REORDERING.sub("", _FORBIDDEN.sub("\ufffd", text))


def collapse(text: str) -> str:
    """Every run of spaces, tabs and line ends as one space; other spaces (no-break, ideographic) stay."""
    return _SPACE.sub(" ", text)


def one_line(text: str) -> str:
    """The text on one line, without space around it."""
    return collapse(text).strip(" ")


def _extends(character: str) -> bool:
    """Whether this character belongs to the one before it."""
    skin_tone = "\U0001f3fb" <= character <= "\U0001f3ff"
    return skin_tone or character == _ZERO_WIDTH_JOINER or unicodedata.category(character) in ("Mn", "Mc", "Me")


def _regional(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _splits(text: str, at: int) -> bool:
    """Whether cutting before index `at` would tear apart what people see as one character."""
    if at <= 0 or at >= len(text):
        return False
    if _extends(text[at]) or text[at - 1] == _ZERO_WIDTH_JOINER:
        return True
    if not (_regional(text[at]) and _regional(text[at - 1])):
        return False
    start = at
    while start > 0 and _regional(text[start - 1]):
        start -= 1
    return (at - start) % 2 == 1


def boundary_before(text: str, at: int) -> int:
    """The nearest index at or before `at` where the text may be cut."""
    cut = at
    while cut > 0 and at - cut < _LONGEST_CLUSTER and _splits(text, cut):
        cut -= 1
    return at if _splits(text, cut) else cut


def boundary_after(text: str, at: int) -> int:
    """The nearest index at or after `at` where the text may be cut."""
    cut = at
    while cut < len(text) and cut - at < _LONGEST_CLUSTER and _splits(text, cut):
        cut += 1
    return at if _splits(text, cut) else cut


def shorten_end(text: str, limit: int) -> str:
    """At most `limit` code points: prose loses its end, at a word if one ends near."""
    if len(text) <= limit:
        return text
    if limit <= 0:
        return ""
    cut = boundary_before(text, limit - 1)
    space = max(text.rfind(" ", 0, cut + 1), text.rfind("\n", 0, cut + 1))
    if space > 0 and cut - space <= 15 and space >= limit // 2:
        cut = space
    return text[:cut].rstrip() + ELLIPSIS


def shorten_middle(text: str, limit: int) -> str:
    """At most `limit` code points: names, ids and paths keep both their ends."""
    if len(text) <= limit:
        return text
    if limit <= 2:
        return ELLIPSIS[:limit]
    tail = (limit - 1) * 2 // 5
    head = limit - 1 - tail
    return text[: boundary_before(text, head)] + ELLIPSIS + text[boundary_after(text, len(text) - tail) :]


def escape_mrkdwn(text: str) -> str:
    """The three characters Slack's mrkdwn reads as control characters, escaped (nothing else may be)."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape_mrkdwn(text: str) -> str:
    """The reverse of `escape_mrkdwn`."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
