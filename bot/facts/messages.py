"""What Rundown says: a template's name and the facts it shows, never a block."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any


@dataclass(frozen=True, slots=True)
class Picture:
    """A file to look at: its name with an ending, its bytes, its title, and its words for who cannot see."""

    name: str
    content: bytes = field(repr=False)
    title: str
    alt: str


@dataclass(frozen=True, slots=True)
class Message:
    """Something to say: `template` is a path below templates/ without its ending.

    `share` shows an answer to the whole channel instead of only to who asked; `replace` puts it in place of
    the message whose button was pressed. A `picture` follows as a file of its own.
    """

    template: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    share: bool = False
    replace: bool = False
    picture: Picture | None = None

    def shared(self) -> "Message":
        """The same message, for all to see."""
        return replace(self, share=True)


@dataclass(frozen=True, slots=True)
class Form:
    """A modal to open: `template` below templates/forms/, `state` comes back when it is sent."""

    template: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    state: str = ""


@dataclass(frozen=True, slots=True)
class FieldErrors:
    """What is wrong with a form that was sent: block id to a sentence that says how to mend it."""

    errors: Mapping[str, str]


Answer = Message | Form | FieldErrors | None


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message as Slack takes it: fallback text and Block Kit blocks."""

    text: str
    blocks: tuple[Mapping[str, Any], ...] = ()


class PostState(StrEnum):
    """Where a post stands on its way to Slack."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Post:
    """One message of the outbox, living from its intent to its last edit.

    A post is known by `key` within its `channel`. With no `ts` it still has to be posted; with one, a
    `version` above `sent_version` means that it has to be edited. `thread_key` names the post of the same
    channel in whose thread it belongs. `next_at` (UTC) is the earliest moment it may be tried again.
    """

    id: int
    channel: str
    key: str
    text: str
    blocks: tuple[Mapping[str, Any], ...]
    version: int
    sent_version: int
    state: PostState
    created_at: datetime
    next_at: datetime
    ts: str = ""
    channel_id: str = ""
    thread_key: str = ""
    broadcast: bool = False
    attempts: int = 0
    attempt_at: datetime | None = None
    error: str = ""
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a person wrote in the thread of a post."""

    channel_id: str
    ts: str
    thread_ts: str
    user: str
    text: str
    at: datetime
    edited: bool = False
    deleted: bool = False
