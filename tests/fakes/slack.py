"""A Slack in memory that can be told to fail in every way the real one does."""

import re
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.facts.messages import Picture
from bot.ports.errors import SlackRefused, SlackUnclear
from bot.ports.slack import Blocks, Posted, SlackChannel, SlackUser

SCOPES = frozenset(
    {"chat:write", "channels:history", "channels:read", "users:read", "reactions:write", "im:write", "files:write"}
)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong: an `error` code, a lost request or answer (`drop`), or a crash."""

    error: str = ""
    retry_after: float | None = None
    drop: str = ""
    crash: BaseException | None = None
    pointers: tuple[str, ...] = ()


@dataclass(slots=True)
class Shown:
    """A message as people see it; `key` is what its metadata carries."""

    ts: str
    text: str
    blocks: Blocks
    key: str
    thread_ts: str = ""
    broadcast: bool = False
    picture: Picture | None = None
    edits: list[str] = field(default_factory=list)
    reactions: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Place:
    """A channel and what stands in it."""

    channel: SlackChannel
    messages: dict[str, Shown] = field(default_factory=dict)


class FakeSlack:
    """bot.ports.slack.Slack in memory.

    `faults` are taken in order by the calls they fit; `chaos` may add one to any call. `lag` is how long a
    message is missing from history. `calls` tells (method, channel, when) of every request that arrived,
    `hasty` those that arrived before a Retry-After was over.
    """

    def __init__(
        self,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        *,
        lag: timedelta = timedelta(0),
        chaos: Callable[[str], Fault | None] = lambda _: None,
    ) -> None:
        self.now = now
        self.lag = lag
        self.chaos = chaos
        self.places: dict[str, Place] = {}
        self.people: dict[str, SlackUser] = {}
        self.calls: list[tuple[str, str, datetime]] = []
        self.hasty: list[tuple[str, str, datetime]] = []
        self.responses: list[tuple[str, Mapping[str, Any]]] = []
        self.whispers: list[tuple[str, str, str]] = []
        self.views: list[Mapping[str, Any]] = []
        self._faults: deque[tuple[str, str, Fault]] = deque()
        self._waits: dict[tuple[str, str], datetime] = {}
        self._count = 0

    def add_channel(self, name: str, *, member: bool = True, archived: bool = False) -> str:
        """A channel; returns its id."""
        channel_id = f"C{len(self.places):08d}"
        self.places[channel_id] = Place(SlackChannel(channel_id, name.lstrip("#"), member, archived))
        return channel_id

    def add_person(self, person: SlackUser) -> None:
        """A person of the workspace."""
        self.people[person.id] = person

    def fault(self, method: str, fault: Fault, *, channel: str = "", times: int = 1) -> None:
        """Let the next calls of a method (in a channel) fail."""
        self._faults.extend([(method, channel, fault)] * times)

    def shown(self, channel: str, *, thread_ts: str = "") -> list[Shown]:
        """What stands in a channel, or in a thread, oldest first."""
        return [
            message
            for message in self._place(channel).messages.values()
            if message.thread_ts == thread_ts or (not thread_ts and message.broadcast)
        ]

    def remove(self, channel: str, ts: str) -> None:
        """Somebody deletes a message."""
        del self._place(channel).messages[ts]

    def post(
        self, channel: str, text: str, blocks: Blocks, *, key: str, thread_ts: str = "", broadcast: bool = False
    ) -> Posted:
        """chat.postMessage."""
        fault = self._arrived("chat.postMessage", channel)
        place = self._writable(channel)
        if thread_ts and thread_ts not in place.messages:
            raise SlackRefused("thread_not_found")
        text.encode()
        self._count += 1
        ts = f"{self.now().timestamp() + self._count / 1e5:.6f}"
        place.messages[ts] = Shown(ts, text, blocks, key, thread_ts, broadcast)
        _lost_answer(fault)
        return Posted(place.channel.id, ts)

    def edit(self, channel_id: str, ts: str, text: str, blocks: Blocks, *, key: str) -> None:
        """chat.update."""
        fault = self._arrived("chat.update", channel_id)
        message = self._message(channel_id, ts)
        message.edits.append(message.text)
        message.text, message.blocks, message.key = text, blocks, key
        _lost_answer(fault)

    def find(self, channel: str, key: str, *, oldest: float, thread_ts: str = "") -> Posted | None:
        """conversations.history or conversations.replies, by metadata."""
        self._arrived("conversations.history", channel)
        place = self._place(channel)
        visible = (self.now() - self.lag).timestamp()
        for message in self.shown(channel, thread_ts=thread_ts):
            if (
                message.key == key
                and oldest < float(message.ts)
                and (not self.lag or float(message.ts) <= visible)
            ):
                return Posted(place.channel.id, message.ts)
        return None

    def respond(self, response_url: str, payload: Mapping[str, Any]) -> None:
        """An answer by response_url."""
        _lost_answer(self._arrived("respond", response_url))
        self.responses.append((response_url, payload))

    def whisper(self, channel_id: str, user: str, text: str, blocks: Blocks, *, thread_ts: str = "") -> None:
        """chat.postEphemeral."""
        self._arrived("chat.postEphemeral", channel_id)
        self._writable(channel_id)
        self.whispers.append((channel_id, user, text))

    def upload(self, channel_id: str, picture: Picture, *, thread_ts: str = "") -> None:
        """files.getUploadURLExternal, the bytes, files.completeUploadExternal."""
        try:
            _lost_answer(self._arrived("files.getUploadURLExternal", ""))
        except SlackUnclear as lost:
            raise SlackRefused("upload_failed") from lost
        fault = self._arrived("files.completeUploadExternal", channel_id)
        if channel_id not in self.places:
            raise SlackRefused("channel_not_found")
        place = self._writable(channel_id)
        if thread_ts and thread_ts not in place.messages:
            raise SlackRefused("invalid_arguments")
        self._count += 1
        ts = f"{self.now().timestamp() + self._count / 1e5:.6f}"
        place.messages[ts] = Shown(ts, "", [], "", thread_ts, picture=picture)
        _lost_answer(fault)

    def open_view(self, trigger_id: str, view: Mapping[str, Any]) -> None:
        """views.open."""
        self._arrived("views.open", "")
        self.views.append(view)

    def open_direct(self, user: str) -> str:
        """conversations.open."""
        self._arrived("conversations.open", user)
        if user not in self.people:
            raise SlackRefused("user_not_found")
        channel_id = f"D{user}"
        self.places.setdefault(channel_id, Place(SlackChannel(channel_id, "", member=True)))
        return channel_id

    def react(self, channel_id: str, ts: str, emoji: str) -> None:
        """reactions.add."""
        self._arrived("reactions.add", channel_id)
        self._message(channel_id, ts).reactions.add(emoji)

    def permalink(self, channel_id: str, ts: str) -> str:
        """chat.getPermalink."""
        self._arrived("chat.getPermalink", channel_id)
        self._message(channel_id, ts)
        return f"https://team.slack.com/archives/{channel_id}/p{ts.replace('.', '')}"

    def user(self, user: str) -> SlackUser:
        """users.info."""
        self._arrived("users.info", "")
        if user not in self.people:
            raise SlackRefused("user_not_found")
        return self.people[user]

    def channels(self) -> Sequence[SlackChannel]:
        """conversations.list."""
        self._arrived("conversations.list", "")
        return [place.channel for place in self.places.values() if place.channel.name]

    def scopes(self) -> frozenset[str]:
        """auth.test."""
        self._arrived("auth.test", "")
        return SCOPES

    def _arrived(self, method: str, channel: str) -> Fault | None:
        """Count a request, unless it was lost on the way; returns the fault that strikes after it was done."""
        fault = self._next_fault(method, channel)
        if fault is not None and fault.drop == "before":
            raise SlackUnclear("no answer from Slack: the request was lost")
        now = self.now()
        self.calls.append((method, channel, now))
        if now < self._waits.get((method, channel), now):
            self.hasty.append((method, channel, now))
        if fault is not None and fault.crash is not None:
            raise fault.crash
        if fault is not None and fault.error:
            if fault.retry_after is not None:
                self._waits[method, channel] = now + timedelta(seconds=fault.retry_after)
            raise SlackRefused(fault.error, retry_after=fault.retry_after, pointers=fault.pointers)
        return fault

    def _next_fault(self, method: str, channel: str) -> Fault | None:
        for place, (wanted, where, fault) in enumerate(self._faults):
            if wanted == method and where in ("", channel):
                del self._faults[place]
                return fault
        return self.chaos(method)

    def _place(self, channel: str) -> Place:
        if re.match(r"^[UW]", channel):
            channel = self.open_direct(channel)
        for channel_id, place in self.places.items():
            if channel_id == channel or (channel.startswith("#") and place.channel.name == channel[1:]):
                return place
        raise SlackRefused("channel_not_found")

    def _writable(self, channel: str) -> Place:
        place = self._place(channel)
        if place.channel.archived:
            raise SlackRefused("is_archived")
        if not place.channel.member:
            raise SlackRefused("not_in_channel")
        return place

    def _message(self, channel: str, ts: str) -> Shown:
        place = self._place(channel)
        if ts not in place.messages:
            raise SlackRefused("message_not_found")
        return place.messages[ts]


def _lost_answer(fault: Fault | None) -> None:
    if fault is not None and fault.drop == "after":
        raise SlackUnclear("no answer from Slack: the answer was lost")
