"""Markup to Block Kit: parsed strictly, compiled so that text stays text."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.render.markup.blocks import compile_parts
from bot.render.markup.inline import Block
from bot.render.markup.objects import plain_text
from bot.render.markup.tree import Node, Positions, parse
from bot.render.text import escape_mrkdwn, one_line

__all__ = ["CompiledMessage", "Positions", "compile_message", "compile_view"]

MODAL_TITLE = 24
CALLBACK = 255
PRIVATE_METADATA = 3000


@dataclass(frozen=True, slots=True)
class CompiledMessage:
    """Blocks not yet fitted to Slack's limits, and the fallback text (mrkdwn) in one piece a block."""

    blocks: tuple[Block, ...]
    texts: tuple[str, ...]


def compile_message(markup: str, template: str) -> CompiledMessage:
    """What the rendered markup of a `<message>` becomes. Raises TemplateError."""
    root = parse(markup, template)
    if root.name != "message":
        raise root.wrong("is no <message>")
    parts = list(compile_parts(root))
    given = one_line(root.get("text"))
    texts = (escape_mrkdwn(given),) if given else tuple(part.text for part in parts if part.text)
    blocks = tuple(block for part in parts for block in part.blocks)
    return CompiledMessage(blocks, texts or tuple(_labels(blocks)))


def _labels(blocks: Iterable[Block]) -> Iterator[str]:
    """What stands on buttons and menus: all that can be read of a message of them alone."""
    for block in blocks:
        for element in block.get("elements", ()):
            label = element.get("text") or element.get("placeholder") or {"text": ""}
            yield escape_mrkdwn(label["text"])


def compile_view(markup: str, template: str, state: str) -> Block:
    """The view a rendered `<modal>` or `<home>` becomes; `state` is its private_metadata. Raises TemplateError."""
    root = parse(markup, template)
    if root.name == "message":
        raise root.wrong("is no view: it has to be <modal> or <home>")
    if len(state) > PRIVATE_METADATA:
        raise root.wrong(f"has a state of {len(state):,} characters, Slack keeps {PRIVATE_METADATA:,}")
    blocks = [block for part in compile_parts(root) for block in part.blocks]
    view: Block = {"type": root.name, "blocks": blocks, "private_metadata": state}
    callback = root.get("callback")
    if callback:
        view["callback_id"] = callback[:CALLBACK]
    return _modal(root, view) if root.name == "modal" else view


def _modal(root: Node, view: Block) -> Block:
    title = one_line(root.get("title"))
    if not title:
        raise root.wrong("has an empty title")
    view["title"] = plain_text(title, MODAL_TITLE)
    for name, otherwise in (("submit", ""), ("close", "Cancel")):
        text = one_line(root.get(name)) or otherwise
        if text:
            view[name] = plain_text(text, MODAL_TITLE)
    if "submit" not in view and root.elements("input"):
        raise root.wrong("has inputs, so it needs the attribute 'submit'")
    return view
