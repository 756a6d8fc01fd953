"""What stands in a line: text, styles, links, mentions, dates; as rich text, plain and fallback text."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, Literal
from urllib.parse import quote, urlsplit

from bot.render.filters import day, when
from bot.render.markup.tree import Node
from bot.render.text import collapse, escape_mrkdwn

Kind = Literal["text", "link", "user", "channel", "date", "emoji", "drawn", "break"]
# What is nothing but its text.
PLAIN: tuple[Kind, ...] = ("text", "drawn", "break")
Style = Literal["bold", "italic", "strike", "code"]
Block = dict[str, Any]

_STYLES: dict[str, Style] = {"b": "bold", "i": "italic", "s": "strike", "code": "code"}
# https://docs.slack.dev/messaging/formatting-message-text#date-formatting
_DATE_FORMATS = {
    "short": "{date_short_pretty}, {time}",
    "long": "{date_long_pretty}, {time}",
    "day": "{date_short_pretty}",
    "time": "{time}",
    "ago": "{ago}",
}
_USER = re.compile(r"[UW][A-Z0-9]{1,20}")
_CHANNEL = re.compile(r"[CDG][A-Z0-9]{1,20}")
_EMOJI = re.compile(r"[a-z0-9_+'-]{1,100}(::skin-tone-[2-6])?")
_DAY = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
_SCHEMES = ("http", "https", "mailto")
_LONGEST_URL = 3000


@dataclass(frozen=True, slots=True)
class Piece:
    """One stretch of a line; `target` is the URL, id, emoji name or date format."""

    kind: Kind
    text: str = ""
    styles: frozenset[Style] = frozenset()
    target: str = ""
    moment: datetime | None = None


def web_address(url: str, schemes: Sequence[str] = _SCHEMES) -> str:
    """The URL fit for a link; empty if it is no web address, or too long for Slack."""
    url = quote(url.strip(), safe="!#$%&'()*+,/:;=?@[]~-._")
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    known = parts.scheme.lower() in schemes and bool(parts.netloc or parts.scheme.lower() == "mailto")
    return url if known and len(url) <= _LONGEST_URL else ""


def flatten(node: Node, *, skip: Sequence[str] = ()) -> list[Piece]:
    """A node's line, with spaces collapsed as in HTML; elements named in `skip` are left out."""
    return _tidied(_walk(node, frozenset(), "", skip))


def _walk(node: Node, styles: frozenset[Style], link: str, skip: Sequence[str]) -> Iterator[Piece]:
    for child in node.children:
        if isinstance(child, str):
            yield Piece("link" if link else "text", collapse(child), styles, link)
        elif child.name in _STYLES:
            yield from _walk(child, styles | {_STYLES[child.name]}, link, skip)
        elif child.name == "a":
            yield from _walk(child, styles, web_address(child.get("href")), skip)
        elif child.name not in skip:
            yield _single(child, styles)


def _single(node: Node, styles: frozenset[Style]) -> Piece:
    if node.name == "br":
        return Piece("break", "\n")
    if node.name == "drawn":
        return Piece("drawn", collapse(node.raw()), styles)
    if node.name == "date":
        return _date(node, styles)
    name = node.get("name") if node.name == "emoji" else node.get("id")
    pattern, shown = {"user": (_USER, f"@{name}"), "channel": (_CHANNEL, f"#{name}"), "emoji": (_EMOJI, name)}[
        node.name
    ]
    if not pattern.fullmatch(name):
        return Piece("text", collapse(name), styles)
    kinds: dict[str, Kind] = {"user": "user", "channel": "channel", "emoji": "emoji"}
    return Piece(kinds[node.name], f":{name}:" if node.name == "emoji" else shown, styles, name)


def _date(node: Node, styles: frozenset[Style]) -> Piece:
    written, form = node.get("at"), node.get("format") or "short"
    if _DAY.fullmatch(written):
        return Piece("text", day(date.fromisoformat(written)), styles)
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        return Piece("text", collapse(written), styles)
    if moment.tzinfo is None:
        raise node.wrong("needs a time with its zone")
    moment = moment.astimezone(UTC)
    words = {"day": day(moment), "time": f"{moment:%H:%M} UTC"}.get(form) or when(moment)
    return Piece("date", words, styles, _DATE_FORMATS[form], moment)


def _tidied(pieces: Iterator[Piece]) -> list[Piece]:
    """Without empty stretches, doubled spaces and space at the edges of lines; like neighbours joined."""
    tidy: list[Piece] = []
    for piece in pieces:
        text = piece.text
        if text.startswith(" ") and (not tidy or tidy[-1].text.endswith((" ", "\n"))):
            text = text[1:]
        if not text:
            continue
        if piece.kind == "break":
            _strip_end(tidy)
        last = tidy[-1] if tidy else None
        if last and last.kind == piece.kind and piece.kind in ("text", "link") and _alike(last, piece):
            tidy[-1] = replace(last, text=last.text + text)
        else:
            tidy.append(piece if text == piece.text else replace(piece, text=text))
    while tidy and tidy[-1].kind == "break":
        tidy.pop()
    _strip_end(tidy)
    return tidy


def _strip_end(pieces: list[Piece]) -> None:
    while pieces and pieces[-1].kind in ("text", "link"):
        text = pieces[-1].text.rstrip(" ")
        if text:
            if text != pieces[-1].text:
                pieces[-1] = replace(pieces[-1], text=text)
            return
        pieces.pop()


def _alike(one: Piece, other: Piece) -> bool:
    return one.styles == other.styles and one.target == other.target


def rich_elements(pieces: Sequence[Piece]) -> list[Block]:
    """The line as elements of a rich_text section."""
    elements: list[Block] = []
    for element in map(_rich, pieces):
        last = elements[-1] if elements else {}
        if last.get("type") == element["type"] == "text" and last.get("style") == element.get("style"):
            last["text"] += element["text"]
        else:
            elements.append(element)
    return elements


def _rich(piece: Piece) -> Block:
    element: Block
    match piece.kind:
        case "link":
            element = {"type": "link", "url": piece.target, "text": piece.text}
        case "user":
            element = {"type": "user", "user_id": piece.target}
        case "channel":
            element = {"type": "channel", "channel_id": piece.target}
        case "emoji":
            return {"type": "emoji", "name": piece.target}
        case "date":
            element = {
                "type": "date",
                "timestamp": timestamp(piece),
                "format": piece.target,
                "fallback": piece.text,
            }
        case _:
            element = {"type": "text", "text": piece.text}
    if piece.styles:
        element["style"] = dict.fromkeys(sorted(piece.styles), True)
    return element


def timestamp(piece: Piece) -> int:
    """A date's moment in Unix seconds."""
    assert piece.moment is not None
    return int(piece.moment.timestamp())


def plain(pieces: Sequence[Piece]) -> str:
    """The line as people read it, without any markup."""
    return "".join(piece.text for piece in pieces)


def fallback(pieces: Sequence[Piece]) -> str:
    """The line as part of a message's `text`, which Slack reads as mrkdwn: only mentions are live in it."""
    shown = {"user": "<@{}>", "channel": "<#{}>", "drawn": ""}
    text = "".join(
        shown[piece.kind].format(piece.target) if piece.kind in shown else escape_mrkdwn(piece.text)
        for piece in pieces
    )
    return re.sub(" {2,}", " ", text).strip(" ") if any(piece.kind == "drawn" for piece in pieces) else text
