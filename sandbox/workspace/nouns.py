"""The things of a workspace: its team, people, app, channels, messages and views."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

Block = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Team:
    """The workspace itself."""

    id: str
    name: str
    domain: str


@dataclass(frozen=True, slots=True)
class User:
    """A person or the bot user; `tz` is an IANA name, `guest` one who sees only the channels they are in."""

    id: str
    name: str
    real_name: str
    tz: str
    color: str
    email: str = ""
    guest: bool = False
    is_bot: bool = False
    title: str = ""


@dataclass(frozen=True, slots=True)
class Command:
    """A slash command the app registered."""

    command: str
    description: str = ""
    usage_hint: str = ""


@dataclass(frozen=True, slots=True)
class App:
    """The one app of the workspace, with what its installation allows and asks for.

    People write to it only with a `messages_tab` that is not `messages_read_only`; its buttons and forms work only
    if it is `interactive`.
    """

    id: str
    name: str
    bot_id: str
    scopes: frozenset[str]
    commands: tuple[Command, ...]
    events: frozenset[str]
    unfurl_domains: tuple[str, ...] = ()
    home_tab: bool = True
    messages_tab: bool = True
    messages_read_only: bool = False
    interactive: bool = True


@dataclass(slots=True)
class Entry:
    """One message; an `ephemeral_to` is shown to that person only and is in no history."""

    channel: str
    ts: str
    user: str
    text: str
    posted_at: float
    bot: bool = False
    blocks: list[Block] = field(default_factory=list)
    attachments: list[Block] = field(default_factory=list)
    files: list[dict[str, Any]] = field(default_factory=list)
    thread_ts: str = ""
    broadcast: bool = False
    subtype: str = ""
    metadata: Mapping[str, Any] | None = None
    edited: dict[str, str] | None = None
    reactions: dict[str, list[str]] = field(default_factory=dict)
    replies: list["Entry"] = field(default_factory=list)
    ephemeral_to: str = ""
    client_msg_id: str = ""

    @property
    def is_reply(self) -> bool:
        """Stands in a thread, below its parent."""
        return bool(self.thread_ts) and self.thread_ts != self.ts

    @property
    def at_channel_level(self) -> bool:
        """Seen without opening a thread."""
        return not self.is_reply or self.broadcast


@dataclass(slots=True)
class Channel:
    """A channel or a direct message; `entries` hold every message in the order of their timestamps."""

    id: str
    name: str
    members: list[str]
    topic: str = ""
    private: bool = False
    direct: bool = False
    archived: bool = False
    created: int = 0
    creator: str = ""
    entries: dict[str, Entry] = field(default_factory=dict)
    ephemerals: dict[str, Entry] = field(default_factory=dict)
    read: dict[str, str] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """As an event's channel_type says it."""
        return "im" if self.direct else "group" if self.private else "channel"


@dataclass(slots=True)
class View:
    """A modal or the home tab one person has open."""

    id: str
    user: str
    body: dict[str, Any]
    hash: str
    root: str
    previous: str = ""
    channel: str = ""


@dataclass(slots=True)
class Hook:
    """What a response_url stands for: where its answers go, and how often it was used."""

    id: str
    channel: str
    user: str
    made_at: float
    ts: str = ""
    uses: int = 0


class Arrival(NamedTuple):
    """Something for the app: an envelope type of Socket Mode and its payload."""

    kind: str
    payload: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Ack:
    """What the app made of an arrival: `body` is what it answered with, `error` why it counts as failed.

    An event whose answer is `final` is not tried again.
    """

    body: Any = None
    error: str = ""
    reason: str = ""
    final: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of something a person did."""

    ok: bool
    error: str = ""
    ts: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """For the page: only what is set."""
        told = {"ok": self.ok, "error": self.error, "ts": self.ts, "errors": dict(self.errors)}
        return {key: value for key, value in told.items() if key == "ok" or value}
