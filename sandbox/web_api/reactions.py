"""reactions.*: add, take back and look at reactions."""

import re

from sandbox.web_api.call import Answer, Call, Method
from sandbox.workspace import Entry, Refusal, shapes

NAME = re.compile(r"[a-z0-9_+'-]+(::skin-tone-[2-6])?")
TS = re.compile(r"\d+\.\d+")


def _entry(call: Call) -> Entry:
    if not call.text("channel") or not call.text("timestamp"):
        raise Refusal("no_item_specified")
    if not TS.fullmatch(call.text("timestamp")):
        raise Refusal("bad_timestamp")
    return call.workspace.entry(call.channel(), call.text("timestamp"))


def _change(call: Call, *, on: bool) -> Answer:
    name = call.need("name").strip(":")
    if not NAME.fullmatch(name):
        raise Refusal("invalid_name")
    call.workspace.reaction(_entry(call), call.workspace.bot.id, name, on)
    return {"ok": True}


def add(call: Call) -> Answer:
    """reactions.add."""
    return _change(call, on=True)


def remove(call: Call) -> Answer:
    """reactions.remove."""
    return _change(call, on=False)


def get(call: Call) -> Answer:
    """reactions.get."""
    entry = _entry(call)
    return {
        "ok": True,
        "type": "message",
        "channel": entry.channel,
        "message": shapes.message(call.workspace, entry),
    }


METHODS = {
    "reactions.add": Method(add, ("reactions:write",)),
    "reactions.remove": Method(remove, ("reactions:write",)),
    "reactions.get": Method(get, ("reactions:read",)),
}
