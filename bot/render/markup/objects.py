"""Text objects and everything that can be pressed, chosen or filled in."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from bot.render.errors import TemplateError
from bot.render.markup.inline import PLAIN, Block, Piece, flatten, plain, web_address
from bot.render.markup.mrkdwn import mrkdwn, mrkdwn_safe
from bot.render.markup.tree import Node
from bot.render.text import one_line, shorten_end, shorten_middle

# https://docs.slack.dev/reference/block-kit/block-elements and composition-objects
BUTTON_TEXT = 75
BUTTON_VALUE = 2000
OPTION_TEXT = 75
OPTION_VALUE = 150
OPTIONS = 100
PLACEHOLDER = 150
CONFIRM_TITLE = 100
CONFIRM_TEXT = 300
CONFIRM_BUTTON = 30
ACTION_ID = 255
ALT_TEXT = 2000
INPUT_TEXT = 3000
LABEL = 2000


def plain_text(text: str, limit: int, *, emoji: bool = False) -> Block:
    """A plain_text object; `:names:` in it become emoji only where the template itself wrote one."""
    return {"type": "plain_text", "text": shorten_end(text, limit), "emoji": emoji}


def text_of(node: Node) -> tuple[str, bool]:
    """The single line of a node that holds plain text, and whether the template put an emoji into it."""
    return one_line(plain(flatten(node))), bool(node.elements("emoji"))


def text_object(pieces: Sequence[Piece], limit: int) -> Block:
    """The line as mrkdwn where that cannot turn its text into formatting, else as plain text."""
    if all(piece.kind in PLAIN and not piece.styles for piece in pieces) or not mrkdwn_safe(pieces):
        return plain_text(plain(pieces), limit)
    text = mrkdwn(pieces)
    # A cut could leave half a link behind, so what is too long goes without markup.
    return (
        {"type": "mrkdwn", "text": text, "verbatim": True}
        if len(text) <= limit
        else plain_text(plain(pieces), limit)
    )


def number_actions(elements: Sequence[Block]) -> None:
    """Give repeated actions of one block the ids `turn:1`, `turn:2`: Slack wants them unique in a block."""
    counts = Counter(element["action_id"] for element in elements if "action_id" in element)
    seen: Counter[str] = Counter()
    for element in elements:
        action = element.get("action_id", "")
        if counts[action] > 1:
            seen[action] += 1
            element["action_id"] = f"{action}:{seen[action]}"


def interactive(nodes: Iterable[Node]) -> list[Block]:
    """Buttons and selects that can work; one whose value or address Slack would refuse is left out."""
    elements = [element for node in nodes if (element := _interactive(node)) is not None]
    number_actions(elements)
    return elements


def _interactive(node: Node) -> Block | None:
    return {"button": _button, "select": select, "image": image_element}[node.name](node)


def _action(node: Node, otherwise: str = "") -> str:
    action = node.get("action") or otherwise
    if not action:
        raise node.wrong("needs the attribute 'action' (or 'url')")
    if len(action) > ACTION_ID or ":" in action:
        raise node.wrong(f"action {action[:40]!r} is too long or holds a colon")
    return action


def _button(node: Node) -> Block | None:
    label, emoji = text_of(node)
    action = _action(node, "open" if "url" in node.attributes else "")
    url, value = web_address(node.get("url"), ("http", "https")), node.get("value")
    if not label or len(value) > BUTTON_VALUE or ("url" in node.attributes and not url):
        return None
    button: Block = {"type": "button", "text": plain_text(label, BUTTON_TEXT, emoji=emoji), "action_id": action}
    if value:
        button["value"] = value
    if url:
        button["url"] = url
    if node.get("style"):
        button["style"] = node.get("style")
    spoken = one_line(node.get("label"))
    if spoken:
        button["accessibility_label"] = shorten_end(spoken, BUTTON_TEXT)
    return _confirmed(button, node, label)


def _confirmed(element: Block, node: Node, label: str) -> Block:
    question = one_line(node.get("confirm"))
    if question:
        element["confirm"] = {
            "title": plain_text(label, CONFIRM_TITLE),
            "text": plain_text(question, CONFIRM_TEXT),
            "confirm": plain_text(label, CONFIRM_BUTTON),
            "deny": plain_text("Cancel", CONFIRM_BUTTON),
        }
    return element


def select(node: Node) -> Block | None:
    """A static select; nothing if no option is left."""
    placeholder = one_line(node.get("placeholder"))
    chosen: Block = {"type": "static_select", "action_id": _action(node)}
    if placeholder:
        chosen["placeholder"] = plain_text(placeholder, PLACEHOLDER)
    options, selected = _options(node)
    if not options:
        return None
    chosen["options"] = options
    if selected:
        chosen["initial_option"] = selected
    return _confirmed(chosen, node, placeholder or "Choose")


def _options(node: Node) -> tuple[list[Block], Block | None]:
    options: list[Block] = []
    selected = None
    for child in node.elements("option"):
        text, value = text_of(child)[0], child.get("value")
        if not text or not value or len(value) > OPTION_VALUE or len(options) == OPTIONS:
            continue
        option: Block = {"text": {**plain_text(shorten_middle(text, OPTION_TEXT), OPTION_TEXT)}, "value": value}
        options.append(option)
        if child.flag("selected"):
            selected = option
    return options, selected


def image_element(node: Node) -> Block | None:
    """A picture beside a text; nothing if its address is none."""
    url = web_address(node.get("url"), ("http", "https"))
    alt = shorten_end(one_line(node.get("alt")), ALT_TEXT)
    return {"type": "image", "image_url": url, "alt_text": alt} if url and alt else None


def input_block(node: Node) -> Block:
    """A field of a form: a text or, with options, a select. Its block id is its action."""
    action = _action(node)
    element = select(node) if node.elements("option") else _text_input(node, action)
    if element is None:
        raise node.wrong("has no option left to choose")
    block: Block = {
        "type": "input",
        "block_id": action,
        "label": plain_text(one_line(node.get("label")) or action, LABEL),
        "element": element,
        "optional": node.flag("optional"),
    }
    hint = one_line(node.get("hint"))
    if hint:
        block["hint"] = plain_text(hint, LABEL)
    return block


def _text_input(node: Node, action: str) -> Block:
    longest = _limit(node)
    initial = node.get("initial") or node.raw().strip("\n ")
    element: dict[str, Any] = {
        "type": "plain_text_input",
        "action_id": action,
        "multiline": node.flag("multiline"),
        "max_length": longest,
    }
    if initial:
        element["initial_value"] = shorten_end(initial, longest)
    placeholder = one_line(node.get("placeholder"))
    if placeholder:
        element["placeholder"] = plain_text(placeholder, PLACEHOLDER)
    return element


def _limit(node: Node) -> int:
    written = node.get("max") or str(INPUT_TEXT)
    if not written.isdecimal() or not 1 <= int(written) <= INPUT_TEXT:
        raise _not_a_limit(node, written)
    return int(written)


def _not_a_limit(node: Node, written: str) -> TemplateError:
    return node.wrong(f"attribute 'max' is {written!r}, not a number from 1 to {INPUT_TEXT}")
