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


ITEM = ("channel", "timestamp")
OTHER_ITEMS = ("file", "file_comment")
NO_ITEM = dict.fromkeys(ITEM, "no_item_specified")
WRITE = ("reactions:write",)
METHODS = {
    "reactions.add": Method(add, ("name", *ITEM), ("name", *ITEM), NO_ITEM, scopes=WRITE, tier=3),
    "reactions.remove": Method(remove, ("name", *ITEM, *OTHER_ITEMS), ("name",), scopes=WRITE, tier=2),
    "reactions.get": Method(get, ("full", *ITEM, *OTHER_ITEMS), scopes=("reactions:read",), tier=3, json=False),
}
