"""A post as a row of the outbox, and back again."""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from bot.facts.messages import Post, PostState, Rendered


def content_of(rendered: Rendered) -> dict[str, Any]:
    """The columns of what a post shows."""
    return {"text": rendered.text, "blocks": [dict(block) for block in rendered.blocks]}


def fingerprint_of(rendered: Rendered) -> str:
    """The same for the same content, however its blocks' keys are ordered."""
    content = json.dumps([rendered.text, [dict(block) for block in rendered.blocks]], sort_keys=True)
    return sha256(content.encode()).hexdigest()


def post_of(row: Mapping[Any, Any]) -> Post:
    """The post of a row."""
    return Post(
        id=row["id"],
        channel=row["channel"],
        key=row["key"],
        text=row["text"],
        blocks=tuple(row["blocks"]),
        version=row["version"],
        sent_version=row["sent_version"],
        state=PostState(row["state"]),
        created_at=row["created_at"],
        next_at=row["next_at"],
        ts=row["ts"],
        channel_id=row["channel_id"],
        thread_key=row["thread_key"],
        broadcast=row["broadcast"],
        attempts=row["attempts"],
        attempt_at=row["attempt_at"],
        error=row["error"],
        subject=row["subject"],
    )
