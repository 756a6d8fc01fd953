"""Forms: a button opens one in the three seconds its trigger is good for, and what is sent is worked through."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import structlog

from bot.deps import Deps
from bot.facts.messages import FieldErrors, Form, Message
from bot.notify.posting import keep_told
from bot.ports.errors import EdgeError
from handlers import rulings
from handlers.answers import payload, respond

log = structlog.get_logger("forms")

TASK = "form"


@dataclass(frozen=True, slots=True)
class Received:
    """Who receives a form: `check` tells at once what is wrong with the values, `work` does it later."""

    check: Callable[[Mapping[str, str]], FieldErrors | None]
    work: Callable[[Deps, Mapping[str, Any]], None]


# The button that opens a form, and the form's callback with who receives it.
OPENED: Mapping[str, Callable[[Deps, Mapping[str, Any]], Form | Message]] = {"expected": rulings.ask_reason}
RECEIVED: Mapping[str, Received] = {rulings.EXPECTED: Received(rulings.check_reason, rulings.expect)}


def opens(press: Mapping[str, Any]) -> bool:
    """Whether a button opens a form: then it may not wait in the queue."""
    return press["action"] in OPENED


def show(deps: Deps, press: Mapping[str, Any], trigger: str) -> None:
    """Open the form of a button, or say why there is none to fill in."""
    opened = OPENED[press["action"]](deps, press)
    try:
        if isinstance(opened, Message):
            respond(deps, press["response_url"], payload(deps, opened))
            return
        view, wrong = deps.templates.show(opened)
        if wrong is not None:
            with deps.store.write() as unit:
                ops_channel = deps.settings.app.ops_channel
                keep_told(unit, deps.templates, opened.template, wrong, deps.now(), ops_channel=ops_channel)
        deps.slack.open_view(trigger, view)
    except EdgeError as problem:
        log.warning("form_not_opened", action=press["action"], why=str(problem))


def sent(body: Mapping[str, Any]) -> dict[str, Any] | None:
    """What the queue needs to know of a form that was sent; nothing where nobody here receives it."""
    view = body.get("view") or {}
    callback = str(view.get("callback_id") or "")
    if callback not in RECEIVED:
        return None
    blocks = (view.get("state") or {}).get("values") or {}
    return {
        "callback": callback,
        "values": {block: _value(inputs) for block, inputs in blocks.items()},
        "state": str(view.get("private_metadata") or ""),
        "user": str((body.get("user") or {}).get("id", "")),
        "name": str((body.get("user") or {}).get("name", "")),
    }


def check(form: Mapping[str, Any]) -> FieldErrors | None:
    """What is wrong with a form that was sent."""
    return RECEIVED[form["callback"]].check(form["values"])


def work(deps: Deps, form: Mapping[str, Any]) -> None:
    """Do what a form asks for."""
    RECEIVED[form["callback"]].work(deps, form)


def _value(inputs: Mapping[str, Any]) -> str:
    """The text or the chosen option of a block, which holds one input."""
    for entered in inputs.values():
        chosen = entered.get("selected_option") or {}
        return str(entered.get("value") or chosen.get("value") or "")
    return ""
