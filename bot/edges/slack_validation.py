"""Slack's own opinion of blocks, by blocks.validate: it needs no token, and nobody sees what is sent."""

import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.edges.slack_answers import told, tried
from bot.ports.errors import SlackRefused
from bot.ports.slack import Shape

TRIES = 4
LONGEST_WAIT = 60.0


class SlackValidator:
    """bot.ports.slack.Validator over slack_sdk; it waits as long as Slack asks to, a few times."""

    def __init__(self, base_url: str, timeout: float, sleep: Callable[[float], None] = time.sleep) -> None:
        """`base_url` ends with /api/; `timeout` is in seconds."""
        self.address = base_url
        self.sleep = sleep
        self.client = WebClient(base_url=base_url, timeout=int(timeout), retry_handlers=[])

    def validate(self, shape: Shape, value: Mapping[str, Any]) -> Sequence[str]:
        """What Slack would refuse of a message (its blocks only) or a view, each with its place."""
        made = dict(value)
        ask = partial(self.client.blocks_validate)
        ask = partial(ask, view=made) if shape == "view" else partial(ask, message=made)
        for left in reversed(range(TRIES)):
            try:
                tried(ask)
            except SlackApiError as problem:
                found = _found(problem, shape)
                if found:
                    return found
                refused = told(problem)
                if not left or not isinstance(refused, SlackRefused) or refused.retry_after is None:
                    raise refused from problem
                self.sleep(min(refused.retry_after, LONGEST_WAIT))
            else:
                return ()
        raise AssertionError("the last try returns or raises")


def _found(problem: SlackApiError, shape: Shape) -> tuple[str, ...]:
    data = getattr(problem.response, "data", None)
    if not isinstance(data, dict) or data.get("error") != f"invalid_{shape}":
        return ()
    errors = [one for one in data.get("errors") or [] if isinstance(one, dict)]
    return tuple(f"{one.get('message')} at {one.get('pointer') or '/'}" for one in errors) or (f"invalid {shape}",)
