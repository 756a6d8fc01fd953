"""What Slack checks before it takes a message or a view: blocks, texts and their limits."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from bot.render.limits import validate_blocks, validate_message, validate_view
from sandbox.workspace.refusal import Refusal

TEXT_AT_MOST = 40_000  # longer texts are cut on posting
EDIT_AT_MOST = 4_000  # and longer than this they are refused on editing
MARKDOWN_AT_MOST = 12_000
VIEW_AT_MOST = 250_000
# Slack names the error, not the figure: this one is assumed.
METADATA_AT_MOST = 8_000
TOO_LONG = "msg_blocks_too_long"


def parsed(value: Any, error: str) -> Any:
    """JSON that came as text (in a form) or as it is (in a JSON body); refused with `error`."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError as broken:
        raise Refusal(error) from broken


def problems(kind: str, value: Any) -> list[dict[str, Any]]:
    """What is wrong with "blocks", a "message" or a "view", in the shape blocks.validate gives."""
    found = {"blocks": validate_blocks, "message": validate_message, "view": validate_view}[kind](value)
    return [one.as_json() for one in found]


def blocks(value: Any, *, long: bool = False) -> list[dict[str, Any]]:
    """Blocks that Slack takes, refused with invalid_blocks_format, msg_blocks_too_long or invalid_blocks.

    A response_url takes them even if they are too `long` together: https://github.com/slackapi/bolt-js/issues/2509.
    """
    read = parsed(value, "invalid_blocks_format")
    if read is None or read == "":
        return []
    if not isinstance(read, list) or not all(isinstance(one, dict) for one in read):
        raise Refusal("invalid_blocks_format")
    found = problems("blocks", read)
    broken = [one for one in found if one["message"] != TOO_LONG]
    refuse("invalid_blocks", "/blocks", broken)
    if not long:
        refuse(TOO_LONG, "/blocks", found)
    return read


def view(value: Any) -> dict[str, Any]:
    """A view that Slack takes, refused with invalid_arguments and JSON pointers."""
    read = parsed(value, "invalid_arguments")
    if not isinstance(read, dict) or read.get("type") not in ("modal", "home"):
        raise Refusal(
            "invalid_arguments", response_metadata={"messages": ["[ERROR] missing required field: view"]}
        )
    if len(json.dumps(read, ensure_ascii=False).encode()) > VIEW_AT_MOST:
        raise Refusal("view_too_large")
    refuse("invalid_arguments", "/view", problems("view", read))
    return read


def refuse(error: str, prefix: str, found: Sequence[Mapping[str, Any]]) -> None:
    """Refuse if anything was found, naming each place as a JSON pointer."""
    if found:
        told = [f"{one['message']} [json-pointer:{prefix}{one.get('pointer', '')}]" for one in found]
        raise Refusal(error, errors=told, response_metadata={"messages": [f"[ERROR] {one}" for one in told]})


def metadata(value: Any) -> dict[str, Any] | None:
    """Message metadata as Slack takes it; an empty object removes it."""
    read = parsed(value, "invalid_metadata_format")
    if not read:
        return None
    if not isinstance(read, dict):
        raise Refusal("invalid_metadata_format")
    event, payload = read.get("event_type"), read.get("event_payload")
    if not isinstance(event, str) or not event or not isinstance(payload, dict) or not _flat(payload):
        raise Refusal("invalid_metadata_schema")
    if len(json.dumps(payload, ensure_ascii=False)) > METADATA_AT_MOST:
        raise Refusal("metadata_too_large")
    return {"event_type": event, "event_payload": payload}


def _flat(payload: Mapping[str, Any]) -> bool:
    """Texts, numbers, flags, and objects or lists of objects of these: what a metadata payload may hold."""

    def plain(value: Any) -> bool:
        return isinstance(value, str | int | float)

    def item(value: Any) -> bool:
        return plain(value) or (isinstance(value, dict) and all(map(plain, value.values())))

    return all(all(map(item, value)) if isinstance(value, list) else item(value) for value in payload.values())
