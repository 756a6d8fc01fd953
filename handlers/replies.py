"""What people write in the thread of a card is kept with the card, edits and removals included."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bot.deps import Deps
from bot.facts.messages import Reply

PLAIN_SUBTYPES = frozenset({"", "file_share", "thread_broadcast", "me_message"})


def heard(deps: Deps, event: Mapping[str, Any], event_id: str) -> bool:
    """Keep a message event that belongs to a thread of ours; False when it is none, or was heard before.

    Most that is written in a workspace belongs to others, and never waits for those who write to the database.
    """
    reply = _reply(event)
    if reply is None:
        return False
    with deps.store.read() as unit:
        if unit.outbox.by_ts(reply.channel_id, reply.thread_ts) is None:
            return False
    with deps.store.write() as unit:
        if event_id and not unit.arrivals.first("slack", event_id, deps.now()):
            return False
        return unit.discussion.put(reply)


def _reply(event: Mapping[str, Any]) -> Reply | None:
    """The reply an event tells of; messages outside threads, and those of bots, are none."""
    subtype = str(event.get("subtype") or "")
    message = event
    deleted = subtype == "message_deleted"
    if subtype == "message_changed":
        message = event.get("message") or {}
    elif deleted:
        message = event.get("previous_message") or {}
    elif subtype not in PLAIN_SUBTYPES:
        return None
    ts, thread_ts = str(message.get("ts") or ""), str(message.get("thread_ts") or "")
    if not ts or not thread_ts or ts == thread_ts or message.get("bot_id") or not message.get("user"):
        return None
    return Reply(
        channel_id=str(event.get("channel") or ""),
        ts=ts,
        thread_ts=thread_ts,
        user=str(message["user"]),
        text=str(message.get("text") or ""),
        at=datetime.fromtimestamp(float(ts), UTC),
        edited=subtype == "message_changed",
        deleted=deleted,
    )
