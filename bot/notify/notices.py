"""Trouble is told once in the ops channel, until it is over."""

from datetime import datetime

import structlog

from bot.facts.messages import Rendered
from bot.ports.store import Unit
from bot.render.text import clean as cleaned
from bot.render.text import escape_mrkdwn, shorten_end

log = structlog.get_logger("notices")
TEXT_AT_MOST = 3000


def tell_ops(unit: Unit, ops_channel: str, key: str, text: str, now: datetime) -> bool:
    """Note a trouble and, the first time, say it in the ops channel; False when it is known already.

    Without an ops channel it is only noted and logged.
    """
    if not unit.notices.raise_(key, clean(text), now):
        return False
    log.warning("trouble", key=key, text=text)
    if ops_channel:
        unit.outbox.say(ops_channel, f"notice:{key}:{now.timestamp():.0f}", Rendered(clean(text)), now)
    return True


def clean(text: str) -> str:
    """Text that any database, any JSON writer and Slack accept, without markup, and not too long."""
    return escape_mrkdwn(shorten_end(cleaned(text), TEXT_AT_MOST))
