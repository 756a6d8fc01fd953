"""Saying a message: rendered now, in plain words if its template cannot, then kept in the outbox."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import structlog

from bot.facts.messages import Message, Post, Rendered
from bot.facts.runs import Run
from bot.notify.notices import clean, tell_ops
from bot.ports.store import Unit
from bot.render.messages import TemplateError, Templates

log = structlog.get_logger("posting")


def say(
    unit: Unit,
    templates: Templates,
    channel: str,
    key: str,
    message: Message,
    now: datetime,
    *,
    thread_key: str = "",
    broadcast: bool = False,
    subject: str = "",
    not_before: datetime | None = None,
    ops_channel: str = "",
) -> Post:
    """Keep what a message should show, in the caller's transaction.

    A template that fails is no reason to stay silent: where it is the team's, Rundown's own is used, else a
    sentence made of the facts; the ops channel is told of the template once.
    """
    rendered = rendered_or_plain(unit, templates, message, now, ops_channel=ops_channel)
    return unit.outbox.say(
        channel,
        key,
        rendered,
        now,
        thread_key=thread_key,
        broadcast=broadcast,
        subject=subject,
        not_before=not_before,
    )


def rendered_or_plain(
    unit: Unit, templates: Templates, message: Message, now: datetime, *, ops_channel: str = ""
) -> Rendered:
    """The message as its template lays it out, the team's or Rundown's own, else one plain sentence."""
    try:
        rendered, wrong = templates.say(message)
    except Exception as problem:  # a team's own template may fail in any way; the news must not
        kind = "template" if isinstance(problem, TemplateError) else type(problem).__name__
        log.exception("template_failed", template=message.template)
        tell_ops(
            unit,
            ops_channel,
            notice_key(message.template),
            f"The template {message.template} failed ({kind}: {problem}). "
            "Its messages are sent as plain text until it is mended.",
            now,
        )
        return Rendered(plain(message.facts))
    keep_told(unit, templates, message.template, wrong, now, ops_channel=ops_channel)
    return rendered


def keep_told(
    unit: Unit,
    templates: Templates,
    template: str,
    wrong: TemplateError | None,
    now: datetime,
    *,
    ops_channel: str,
) -> None:
    """Tell the ops channel once of a team's own template that failed, and take it back when it works again."""
    if wrong is not None:
        log.warning("own_template_failed", template=template, problem=str(wrong))
        text = (
            f"Your template {wrong}. Rundown’s own is used instead. Mend it in {templates.override}, "
            "try it with `rundown check`, and start Rundown again."
        )
        tell_ops(unit, ops_channel, notice_key(template), text, now)
    elif templates.well(template):
        unit.notices.clear(notice_key(template))


def notice_key(template: str) -> str:
    """The key of the notice about a template."""
    return f"template:{template}"


def plain(facts: Mapping[str, Any]) -> str:
    """What can be said of any facts without a template: the run, its state and its address."""
    run = facts.get("run")
    if isinstance(run, Run):
        state = str(facts.get("state") or run.status.lower())
        words = [run.name or run.run_id, f"({run.experiment})", state, run.url]
        return clean(" ".join(word for word in words if word))
    return clean(
        str(facts.get("text") or "Something happened that I could not lay out; the log of the bot says why.")
    )
