"""Plainer forms of a message Slack refused: plain sections, then text alone."""

from collections.abc import Mapping
from typing import Any

from bot.facts.messages import Rendered
from bot.render.fitting import BLOCKS
from bot.render.reading import read_block

SECTION = 3000


def plainer(rendered: Rendered) -> Rendered | None:
    """The next plainer form: blocks become plain text sections, those become text alone; then nothing is left."""
    if not rendered.blocks:
        return None
    if all(_plain(block) for block in rendered.blocks):
        return Rendered(rendered.text)
    words = "\n\n".join(text for block in rendered.blocks if (text := read_block(block).strip()))
    if not words:
        return Rendered(rendered.text)
    pieces = [words[start : start + SECTION] for start in range(0, len(words), SECTION)][:BLOCKS]
    return Rendered(rendered.text, tuple(_section(piece) for piece in pieces if piece.strip()))


def _section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "plain_text", "text": text, "emoji": False}}


def _plain(block: Mapping[str, Any]) -> bool:
    return set(block) == {"type", "text"} and block["type"] == "section" and block["text"]["type"] == "plain_text"
