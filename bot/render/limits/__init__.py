"""Slack's limits on blocks, messages and views, found here before Slack finds them.

Slack has no public schema; blocks.validate checks remotely. This is its local counterpart: the same shape of
answer, the documented limits, and those totals that are known from refusals only.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from bot.render.limits.blocks import SURFACES
from bot.render.limits.elements import plain
from bot.render.limits.problems import Problem
from bot.render.limits.rules import Flag, Listing, OneOf, Rule, Shape, Text, failed
from bot.render.limits.totals import of_message, twice

__all__ = ["Problem", "validate_blocks", "validate_message", "validate_view"]

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100

_VIEW: dict[str, Rule] = {
    "private_metadata": Text(3000, 0),
    "callback_id": Text(255, 0),
    "external_id": Text(255, 0),
}
_VIEWS = OneOf(
    {
        "modal": Shape(
            {
                **_VIEW,
                "title": plain(24),
                "submit": plain(24),
                "close": plain(24),
                "blocks": Listing(SURFACES["modal"], VIEW_BLOCKS, least=0),
                "clear_on_close": Flag(),
                "notify_on_close": Flag(),
                "submit_disabled": Flag(),
            },
            ("title", "blocks"),
        ),
        "home": Shape({**_VIEW, "blocks": Listing(SURFACES["home"], VIEW_BLOCKS, least=0)}, ("blocks",)),
    }
)
_ATTACHMENT = Shape(
    {"blocks": Listing(SURFACES["message"], MESSAGE_BLOCKS, least=0), "color": Text(), "fallback": Text()},
    open=True,
)
_MESSAGE = Shape(
    {
        "blocks": Listing(SURFACES["message"], MESSAGE_BLOCKS, least=0),
        "attachments": Listing(_ATTACHMENT, 100, least=0),
    }
)
_BLOCKS = Listing(SURFACES["message"], MESSAGE_BLOCKS, least=0)


def validate_blocks(blocks: object) -> list[Problem]:
    """What Slack would refuse of a message's blocks; pointers start at the list: /0/text."""
    return [*_BLOCKS.check(blocks, ""), *_together(blocks, "")]


def validate_message(message: object) -> list[Problem]:
    """What Slack would refuse of a message (`blocks` and `attachments` only, as blocks.validate has it)."""
    problems = list(_MESSAGE.check(message, ""))
    if isinstance(message, Mapping):
        problems += _together(message.get("blocks"), "/blocks")
    return problems


def validate_view(view: object) -> list[Problem]:
    """What Slack would refuse of a modal or home tab."""
    problems = list(_VIEWS.check(view, ""))
    if isinstance(view, Mapping) and isinstance(view.get("blocks"), list | tuple):
        problems += [*twice(view["blocks"], "/blocks"), *_submit(view)]
    return problems


def _together(blocks: object, pointer: str) -> Iterator[Problem]:
    if isinstance(blocks, list | tuple):
        yield from twice(blocks, pointer)
        yield from of_message(blocks, pointer)


def _submit(view: Mapping[str, Any]) -> Iterator[Problem]:
    """A modal with inputs needs its submit button."""
    inputs = any(isinstance(block, Mapping) and block.get("type") == "input" for block in view["blocks"])
    if view.get("type") == "modal" and inputs and "submit" not in view:
        yield failed("missing required field: submit", "", "required", ["submit"])
