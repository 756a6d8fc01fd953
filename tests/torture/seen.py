"""What people saw in the sandbox: every message of the bot by its key, and every state that it ever showed."""

import json
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.workspace import Workspace

EVENT = "rundown_post"
REVISION = re.compile(r"t\d{3}-r(\d+)")
MEMBERS = re.compile(r"(\d+) more run")


@dataclass(frozen=True, slots=True)
class Message:
    """A message of the bot as it stands."""

    channel: str
    key: str
    ts: str
    text: str
    at: float
    content: str


@dataclass
class Watcher:
    """Listens to all that anybody could see."""

    workspace: Workspace
    states: dict[tuple[str, str], list[int]] = field(default_factory=lambda: defaultdict(list))

    def hear(self, told: Mapping[str, Any]) -> None:
        """Keep the revision that a card shows, if it tells one."""
        message = told.get("message") or {}
        key = key_of(message.get("metadata"))
        shape = REVISION if key.startswith("run:") else MEMBERS if key.startswith("group:") else None
        found = shape.search(str(message.get("text"))) if shape else None
        if found:
            self.states[str(told.get("channel")), str(message.get("ts"))].append(int(found.group(1)))

    def went_back(self) -> int:
        """Messages that showed something older than before."""
        return sum(states != sorted(states) for states in self.states.values())

    def messages(self) -> list[Message]:
        """What stands there now."""
        with self.workspace.changed:
            return [
                Message(
                    f"#{channel.name}",
                    key_of(entry.metadata),
                    entry.ts,
                    entry.text,
                    entry.posted_at,
                    entry.text + json.dumps(entry.blocks, ensure_ascii=False),
                )
                for channel in self.workspace.channels.values()
                for entry in channel.entries.values()
                if entry.bot and key_of(entry.metadata)
            ]


def key_of(metadata: Any) -> str:
    """The key that a message of the bot carries."""
    if not isinstance(metadata, Mapping) or metadata.get("event_type") != EVENT:
        return ""
    return str((metadata.get("event_payload") or {}).get("key") or "")
