"""A Message becomes what Slack takes: in the ack of a command, or at a response_url."""

from typing import Any

import structlog

from bot.deps import Deps
from bot.facts.messages import Message
from bot.notify.notices import tell_ops
from bot.notify.posting import own_template
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
    """Tell the ops channel once of a team's own template that failed, and take it back when it works again."""
    if wrong is None and not (deps.templates.own(template) and deps.templates.well(template)):
        return
    key = f"template:{template}"
    with deps.store.read() as unit:
        told = any(raised == key for raised, _, _ in unit.notices.open())
    if told == (wrong is not None):
        return
    with deps.store.write() as unit:
        if wrong is None:
            unit.notices.clear(key)
        else:
            text = own_template(deps.templates, wrong)
            tell_ops(unit, deps.settings.app.ops_channel, key, text, deps.now())


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
