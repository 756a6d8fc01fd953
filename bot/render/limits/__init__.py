"""Slack's limits on blocks, messages and views."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.render.limits.problems import Problem

__all__ = ["Problem", "validate_blocks", "validate_message", "validate_view"]


def validate_blocks(blocks: Sequence[Mapping[str, Any]]) -> list[Problem]:
    """The problems of a list of blocks."""
    return []


def validate_message(message: Mapping[str, Any]) -> list[Problem]:
    """The problems of a message."""
    return []


def validate_view(view: Mapping[str, Any]) -> list[Problem]:
    """The problems of a modal or home tab."""
    return []
