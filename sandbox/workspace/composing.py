"""What a person types becomes what Slack stores: escaped text with mentions and links, and rich_text blocks."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

TOKEN = re.compile(
    r"`(?P<code>[^`\n]+)`|(?<![\w:]):(?P<emoji>[a-z0-9_+'-]*[a-z+][a-z0-9_+'-]*|-1|100):(?!:)"
    r"|<@(?P<user_id>[UW][A-Z0-9]+)(?:\|[^>]*)?>|<#(?P<channel_id>C[A-Z0-9]+)(?:\|[^>]*)?>"
    r"|<(?P<link>https?://[^\s<>|]+)(?:\|[^>]*)?>|(?P<url>https?://[^\s<>|]+[^\s<>|.,;:!?)\]'\"])"
    r"|(?<![\w])@(?P<user>[a-z0-9][a-z0-9._-]*)|(?<![\w])#(?P<channel>[a-z0-9][a-z0-9_-]*)"
)


@dataclass(slots=True)
class Composed:
    """Stored text, its rich_text elements, and what it names: user ids and addresses."""

    text: str = ""
    elements: list[dict[str, Any]] = field(default_factory=list)
    mentions: list[str] = field(default_factory=list)
    urls: list[str] = field(default_factory=list)

    def blocks(self, block_id: str) -> list[dict[str, Any]]:
        """The rich_text block Slack's own clients send along."""
        if not self.elements:
            return []
        section = {"type": "rich_text_section", "elements": self.elements}
        return [{"type": "rich_text", "block_id": block_id, "elements": [section]}]


def escaped(text: str) -> str:
    """The three characters that control Slack's markup, as entities."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def composed(text: str, users: Mapping[str, str], channels: Mapping[str, str]) -> Composed:
    """Read what was typed; `users` and `channels` map names to ids, names of nobody stay text."""
    made = Composed()
    place = 0
    for token in TOKEN.finditer(text):
        element, stored = _element(token, users, channels)
        if not element:
            continue
        _add_text(made, text[place : token.start()])
        made.text += stored
        made.elements.append(element)
        if element["type"] == "user":
            made.mentions.append(element["user_id"])
        elif element["type"] == "link":
            made.urls.append(element["url"])
        place = token.end()
    _add_text(made, text[place:])
    return made


def _add_text(made: Composed, text: str) -> None:
    if text:
        made.text += escaped(text)
        made.elements.append({"type": "text", "text": text})


def _element(
    token: "re.Match[str]", users: Mapping[str, str], channels: Mapping[str, str]
) -> tuple[dict[str, Any] | None, str]:
    if token["code"]:
        return {"type": "text", "text": token["code"], "style": {"code": True}}, escaped(token[0])
    if token["emoji"]:
        return {"type": "emoji", "name": token["emoji"]}, token[0]
    user = token["user_id"] or users.get(token["user"] or "")
    if user:
        return {"type": "user", "user_id": user}, f"<@{user}>"
    channel = token["channel_id"] or channels.get(token["channel"] or "")
    if channel:
        name = next((name for name, known in channels.items() if known == channel), "")
        return {"type": "channel", "channel_id": channel}, f"<#{channel}|{name}>"
    url = token["link"] or token["url"]
    if url:
        return {"type": "link", "url": url}, f"<{escaped(url)}>"
    return None, ""
