"""Slack as the core sees it: methods that either did it, did not, or left it unclear."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from bot.facts.messages import Picture

Blocks = Sequence[Mapping[str, Any]]
Shape = Literal["message", "view"]


@dataclass(frozen=True, slots=True)
class Posted:
    """Where a message stands: channel id and timestamp."""

    channel_id: str
    ts: str


@dataclass(frozen=True, slots=True)
class SlackUser:
    """A person of the workspace; `timezone` is an IANA name, `guest` covers people of other workspaces."""

    id: str
    name: str
    email: str = ""
    timezone: str = "UTC"
    guest: bool = False


@dataclass(frozen=True, slots=True)
class SlackChannel:
    """A channel the bot can see."""

    id: str
    name: str
    member: bool = False
    archived: bool = False
    private: bool = False


class Slack(Protocol):
    """Every method raises SlackRefused (definitely not done) or SlackUnclear (nobody knows)."""

    def post(
        self, channel: str, text: str, blocks: Blocks, *, key: str, thread_ts: str = "", broadcast: bool = False
    ) -> Posted:
        """Post a message that carries `key` in its metadata; never tried twice by itself."""
        ...

    def edit(self, channel_id: str, ts: str, text: str, blocks: Blocks, *, key: str) -> None:
        """Replace what a message shows (chat.update)."""
        ...

    def find(self, channel: str, key: str, *, oldest: float, thread_ts: str = "") -> Posted | None:
        """The bot's own message with this metadata key, posted after `oldest` (Unix seconds), if there is one."""
        ...

    def respond(self, response_url: str, payload: Mapping[str, Any]) -> None:
        """Answer a command or button by its response_url (5 uses, 30 minutes)."""
        ...

    def whisper(self, channel_id: str, user: str, text: str, blocks: Blocks, *, thread_ts: str = "") -> None:
        """Show something in a channel to one person only (chat.postEphemeral)."""
        ...

    def upload(self, channel_id: str, picture: Picture, *, thread_ts: str = "") -> None:
        """Put a picture into a channel, by its id, as a message of its own; never tried twice by itself.

        Nobody sees it before the last of Slack's three steps: what goes wrong before that is refused, not unclear.
        """
        ...

    def open_view(self, trigger_id: str, view: Mapping[str, Any]) -> None:
        """Open a modal; the trigger is good for 3 seconds, once."""
        ...

    def open_direct(self, user: str) -> str:
        """The channel id of the direct message with a person."""
        ...

    def react(self, channel_id: str, ts: str, emoji: str) -> None:
        """Add a reaction; having it already is fine."""
        ...

    def permalink(self, channel_id: str, ts: str) -> str:
        """The address of a message."""
        ...

    def user(self, user: str) -> SlackUser:
        """One person."""
        ...

    def channels(self) -> Sequence[SlackChannel]:
        """The channels the bot can see, members or not."""
        ...

    def scopes(self) -> frozenset[str]:
        """The scopes the bot's token has (the X-OAuth-Scopes header of auth.test)."""
        ...


class Validator(Protocol):
    """Slack's own opinion of what it would take."""

    @property
    def address(self) -> str:
        """Where it is asked."""
        ...

    def validate(self, shape: Shape, value: Mapping[str, Any]) -> Sequence[str]:
        """What Slack would refuse of a message (its blocks only) or a view; nothing where it takes it.

        Raises SlackRefused or SlackUnclear where it has no opinion.
        """
        ...
