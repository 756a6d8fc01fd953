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
        unit.outbox.say(ops_channel, _post(key, now), Rendered(clean(text)), now)
    return True


def tell_over(unit: Unit, ops_channel: str, key: str, text: str, now: datetime) -> bool:
    """Forget a trouble that is over, and say so in its notice and in its thread; False when it was not known."""
    since = next((raised for known, _, raised in unit.notices.open() if known == key), None)
    if since is None:
        return False
    unit.notices.clear(key)
    log.info("trouble_over", key=key, text=text)
    if ops_channel and unit.outbox.get(ops_channel, _post(key, since)) is not None:
        over = Rendered(clean(f":white_check_mark: {text} It began at {since:%Y-%m-%d %H:%M} UTC."))
        unit.outbox.say(ops_channel, _post(key, since), over, now)
        unit.outbox.say(
            ops_channel, f"{_post(key, since)}:over", Rendered(clean(text)), now, thread_key=_post(key, since)
        )
    return True


def _post(key: str, since: datetime) -> str:
    return f"notice:{key}:{since.timestamp():.0f}"


def clean(text: str) -> str:
    """Text that any database, any JSON writer and Slack accept, without markup, and not too long."""
    return escape_mrkdwn(shorten_end(cleaned(text), TEXT_AT_MOST))
