"""Buttons: `ask` answers who pressed, `turn` replaces an answer, `share` shows it to all, some decide things."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import structlog

from bot.deps import Deps
from bot.facts.messages import Message
from bot.ports.errors import SlackRefused
from bot.words import Asker
from handlers import rulings
from handlers.answers import notice, respond, say
from handlers.commands import prepare

log = structlog.get_logger("buttons")

ACTIONS = ("ask", "turn", "share")
DECISIONS: Mapping[str, Callable[[Deps, Mapping[str, Any]], Message]] = {
    "reject": rulings.reject,
    "mute": rulings.mute,
    "undo": rulings.undo,
}


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
    if action in DECISIONS:
        answer = DECISIONS[action](deps, press)
    elif action not in ACTIONS:
        answer = notice("That button no longer does anything.", "It is from an older version of me.")
    else:
        answer = prepare(press["words"]).answer(deps, asker)
    if action == "share":
        say(deps, press["response_url"], replace(answer, share=True, replace=False), asker)
        if press["ephemeral"]:
            _take_away(deps, press["response_url"])
        return
    in_place = action == "turn" and press["ephemeral"]
    say(deps, press["response_url"], replace(answer, share=False, replace=in_place), asker)


def _take_away(deps: Deps, response_url: str) -> None:
    """Remove the private answer that is now public; where that fails, what was shared is not shared again."""
    try:
        respond(deps, response_url, {"delete_original": True})
    except SlackRefused as problem:
        log.warning("private_answer_stays", why=problem.error)
