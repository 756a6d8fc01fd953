"""A Message becomes what Slack takes: in the ack of a command, or at a response_url."""

from contextlib import suppress
from typing import Any

import structlog

from bot.deps import Deps
from bot.facts.messages import Message, Picture
from bot.notify.posting import keep_told, notice_key
from bot.ports.errors import SlackRefused, SlackUnclear
from bot.render.messages import TemplateError
from bot.words import Asker

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


def say(deps: Deps, response_url: str, message: Message, asker: Asker) -> None:
    """Answer at a response_url, and put the answer's picture where it is to be seen.

    Raises SlackRefused where nothing was answered, so that all of it may be tried again; a picture is never put up
    twice.
    """
    respond(deps, response_url, payload(deps, message))
    if message.picture is None:
        return
    try:
        _put_up(deps, message.picture, asker, share=message.share)
    except SlackUnclear as problem:
        log.warning("picture_unclear", why=str(problem))
    except SlackRefused as refused:
        log.warning("picture_refused", why=refused.error)
        with suppress(SlackRefused):
            respond(deps, response_url, payload(deps, _not_put_up(refused.error, share=message.share)))


def _put_up(deps: Deps, picture: Picture, asker: Asker, *, share: bool) -> None:
    """Into the channel where all are to see it, else into the direct messages of who asked.

    A private answer holds no file: Slack refuses a file in a response_url that was shared nowhere
    (https://github.com/slackapi/java-slack-sdk/issues/1349).
    """
    deps.slack.upload(asker.channel if share else deps.slack.open_direct(asker.user), picture)


def _not_put_up(error: str, *, share: bool) -> Message:
    """Why there is no picture, and what can be done about it."""
    if share and error in ("not_in_channel", "channel_not_found", "is_archived"):
        return notice(
            "The picture cannot stand here: I am no member of this channel.", "Invite me and share again."
        )
    mend = {
        "missing_scope": "The app needs files:write and im:write: install it again from manifest.yaml.",
        "ratelimited": "Slack has had enough of me for a moment: ask again in a minute.",
    }
    return notice("Slack did not take the picture.", mend.get(error, f"It said {error}. Ask again in a while."))


def respond(deps: Deps, response_url: str, body: dict[str, Any]) -> None:
    """Answer at a response_url, at most once: where Slack leaves it open whether it did, that is all.

    Raises SlackRefused for what definitely did not happen and may be tried again.
    """
    try:
        deps.slack.respond(response_url, body)
    except SlackUnclear as problem:
        log.warning("answer_unclear", why=str(problem))
