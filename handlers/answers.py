"""A Message becomes what Slack takes: in the ack of a command, or at a response_url."""

from typing import Any

import structlog

from bot.deps import Deps
from bot.facts.messages import Message
from bot.notify.posting import keep_told, notice_key
from bot.ports.errors import SlackUnclear
from bot.render.messages import TemplateError

log = structlog.get_logger("answers")


def payload(deps: Deps, message: Message) -> dict[str, Any]:
    """The body of an ack or of a response_url: visible to who asked, or to all when it is shared."""
    try:
        rendered, wrong = deps.templates.say(message)
    except TemplateError:
        log.exception("template_failed", template=message.template)
        rendered = deps.templates.render(
            notice("I could not lay out this answer.", "The log of the bot says why.")
        )
    else:
        _keep_told(deps, message.template, wrong)
    return {
        "response_type": "in_channel" if message.share else "ephemeral",
        "replace_original": message.replace,
        "text": rendered.text,
        "blocks": [dict(block) for block in rendered.blocks],
    }


def _keep_told(deps: Deps, template: str, wrong: TemplateError | None) -> None:
    """As `keep_told`, without a write where the ops channel knows already: an answer waits for no other writer."""
    if wrong is None and not (deps.templates.own(template) and deps.templates.well(template)):
        return
    with deps.store.read() as unit:
        told = any(raised == notice_key(template) for raised, _, _ in unit.notices.open())
    if told == (wrong is not None):
        return
    with deps.store.write() as unit:
        ops_channel = deps.settings.app.ops_channel
        keep_told(unit, deps.templates, template, wrong, deps.now(), ops_channel=ops_channel)


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
