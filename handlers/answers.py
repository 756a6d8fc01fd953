"""A Message becomes what Slack takes: in the ack of a command, or at a response_url."""

from typing import Any

import structlog

from bot.deps import Deps
from bot.facts.messages import Message
from bot.ports.errors import SlackUnclear
from bot.render.messages import TemplateError, Templates

log = structlog.get_logger("answers")


def payload(templates: Templates, message: Message) -> dict[str, Any]:
    """The body of an ack or of a response_url: visible to who asked, or to all when it is shared."""
    try:
        rendered = templates.render(message)
    except TemplateError:
        log.exception("template_failed", template=message.template)
        rendered = templates.render(notice("I could not lay out this answer.", "The log of the bot says why."))
    return {
        "response_type": "in_channel" if message.share else "ephemeral",
        "replace_original": message.replace,
        "text": rendered.text,
        "blocks": [dict(block) for block in rendered.blocks],
    }


def notice(sentence: str, details: str = "") -> Message:
    """One sentence, and what can be done about it."""
    return Message("plain/notice", {"text": sentence, "details": details})


def respond(deps: Deps, response_url: str, body: dict[str, Any]) -> None:
    """Answer at a response_url, at most once: where Slack leaves it open whether it did, that is all.

    Raises SlackRefused for what definitely did not happen and may be tried again.
    """
    try:
        deps.slack.respond(response_url, body)
    except SlackUnclear as problem:
        log.warning("answer_unclear", why=str(problem))
