"""Buttons: `ask` answers who pressed, `turn` replaces an answer, `share` shows it to the whole channel."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.deps import Deps
from bot.facts.messages import Message
from bot.words import Asker
from handlers.answers import notice, payload
from handlers.commands import prepare

ACTIONS = ("ask", "turn", "share")


def pressed(body: Mapping[str, Any]) -> dict[str, Any] | None:
    """What the queue needs to know of a block_actions payload, or nothing where no button was pressed."""
    action = next(iter(body.get("actions") or []), None)
    if not isinstance(action, Mapping):
        return None
    chosen = action.get("selected_option") or {}
    return {
        "action": str(action.get("action_id", "")).partition(":")[0],
        "words": str(action.get("value") or chosen.get("value") or ""),
        "user": str((body.get("user") or {}).get("id", "")),
        "name": str((body.get("user") or {}).get("name", "")),
        "channel": str((body.get("channel") or {}).get("id", "")),
        "channel_name": str((body.get("channel") or {}).get("name", "")),
        "ephemeral": bool((body.get("container") or {}).get("is_ephemeral")),
        "response_url": str(body.get("response_url") or ""),
    }


def press(deps: Deps, press: Mapping[str, Any]) -> None:
    """Answer a button by its response_url; Slack ignores what is in a button's ack."""
    asker = Asker(press["user"], press["name"], press["channel"], press["channel_name"])
    action = press["action"]
    if action not in ACTIONS:
        answer = notice("That button no longer does anything.", "It is from an older version of me.")
    else:
        answer = prepare(press["words"]).answer(deps, asker)
    for step in _steps(answer, action, ephemeral=press["ephemeral"]):
        deps.slack.respond(press["response_url"], _body(deps, step))


def _steps(answer: Message, action: str, *, ephemeral: bool) -> list[Message | None]:
    """The posts that make up an answer; None removes the message whose button was pressed."""
    if action == "share":
        shown = replace(answer, share=True, replace=False)
        return [shown, None] if ephemeral else [shown]
    return [replace(answer, share=False, replace=action == "turn" and ephemeral)]


def _body(deps: Deps, step: Message | None) -> dict[str, Any]:
    return payload(deps.templates, step) if step is not None else {"delete_original": True}
