"""views.* and blocks.validate: modals, the home tab, and whether Slack would take what the app made."""

from typing import Any

from sandbox.web_api.call import Answer, Call, Method
from sandbox.workspace import Refusal, View, checks, shapes

ARGUMENT_AT_MOST = 100_000


def _shown(call: Call, view: View) -> Answer:
    return {"ok": True, "view": shapes.view(call.workspace, view)}


def _body(call: Call, kind: str) -> dict[str, Any]:
    body = checks.view(call.args.get("view"))
    if body["type"] != kind:
        told = f'[ERROR] must be of type "{kind}" [json-pointer:/view/type]'
        raise Refusal("invalid_arguments", response_metadata={"messages": [told]})
    return body


def opened(call: Call) -> Answer:
    """views.open."""
    return _shown(call, call.workspace.open_view(call.need("trigger_id"), _body(call, "modal")))


def push(call: Call) -> Answer:
    """views.push."""
    return _shown(call, call.workspace.open_view(call.need("trigger_id"), _body(call, "modal"), push=True))


def update(call: Call) -> Answer:
    """views.update."""
    body = checks.view(call.args.get("view"))
    external = call.text("external_id")
    view = call.text("view_id") if external else call.need("view_id")
    return _shown(call, call.workspace.update_view(view, external, body, call.text("hash")))


def publish(call: Call) -> Answer:
    """views.publish."""
    user = call.text("user_id")
    if user not in call.workspace.users:
        told = "[ERROR] user_not_found [json-pointer:/user_id]"
        raise Refusal("invalid_arguments", response_metadata={"messages": [told]})
    return _shown(call, call.workspace.publish(user, _body(call, "home"), call.text("hash")))


def validate(call: Call) -> Answer:
    """blocks.validate: exactly one of blocks, message and view; needs no token."""
    given = [kind for kind in ("blocks", "message", "view") if call.args.get(kind) not in (None, "")]
    if len(given) != 1:
        told = "must provide exactly one of `blocks`, `view`, or `message`"
        raise Refusal("invalid_arguments", response_metadata={"messages": [told]})
    kind = given[0]
    value = call.args[kind]
    if isinstance(value, str) and len(value) > ARGUMENT_AT_MOST:
        raise Refusal("invalid_arguments", response_metadata={"messages": [f"`{kind}` is too long"]})
    found = checks.problems(kind, call.json(kind, "invalid_arguments"))
    if found:
        raise Refusal(f"invalid_{kind}", errors=found)
    return {"ok": True}


TRIGGERED = ("interactivity_pointer", "trigger_id", "view")
METHODS = {
    "views.open": Method(opened, TRIGGERED, ("view",), tier=4),
    "views.push": Method(push, TRIGGERED, ("view",), tier=4),
    "views.update": Method(update, ("external_id", "hash", "view", "view_id"), ("view",), tier=4),
    "views.publish": Method(
        publish, ("hash", "interactivity_pointer", "user_id", "view"), ("user_id", "view"), tier=4
    ),
    "blocks.validate": Method(validate, ("blocks", "message", "view"), caller=""),
}
