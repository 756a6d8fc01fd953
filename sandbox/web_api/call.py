"""One call of a Web API method: its arguments, read as leniently as Slack reads them."""

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sandbox.workspace import Channel, Refusal, Workspace, checks

Item = TypeVar("Item")
Answer = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Call:
    """A method's name and arguments (token apart), and the workspace it is about."""

    workspace: Workspace
    method: str
    args: Mapping[str, Any]

    def text(self, name: str, default: str = "") -> str:
        """An argument as text."""
        value = self.args.get(name)
        return default if value is None else str(value)

    def need(self, name: str) -> str:
        """An argument that must be there; refused with invalid_arguments."""
        value = self.text(name)
        if not value:
            told = f"[ERROR] missing required field: {name}"
            raise Refusal("invalid_arguments", response_metadata={"messages": [told]})
        return value

    def flag(self, name: str) -> bool:
        """An argument as yes or no: true, "true" and "1" are yes."""
        return str(self.args.get(name, "")).lower() in ("true", "1")

    def number(self, name: str, default: int, *, most: int, error: str = "invalid_arguments") -> int:
        """A whole number from 1 to `most`; refused with `error`."""
        value = self.text(name)
        if not value:
            return default
        if not value.isdigit() or not int(value):
            raise Refusal(error)
        return min(int(value), most)

    def json(self, name: str, error: str) -> Any:
        """An argument that is JSON, in a form as text."""
        return checks.parsed(self.args.get(name), error)

    def channel(self, name: str = "channel") -> Channel:
        """The channel an argument names by id, if the bot may know of it; refused with channel_not_found."""
        found = self.workspace.channels.get(self.need(name))
        if found is None or not self.visible(found):
            raise Refusal("channel_not_found")
        return found

    def visible(self, channel: Channel) -> bool:
        """Public, or the bot is in it."""
        return self.workspace.bot.id in channel.members or not (channel.private or channel.direct)

    def allow(self, channel: Channel, what: str) -> None:
        """Have the scope to `read` or to see the `history` of this kind of channel; refused with missing_scope."""
        self.require({"im": f"im:{what}", "group": f"groups:{what}"}.get(channel.kind, f"channels:{what}"))

    def require(self, *any_of: str) -> None:
        """Have one of these scopes, if there are any; refused with missing_scope."""
        scopes = self.workspace.app.scopes
        if any_of and scopes.isdisjoint(any_of):
            raise Refusal("missing_scope", needed=",".join(any_of), provided=",".join(sorted(scopes)))

    def member(self, channel: Channel) -> None:
        """Be in the channel; refused with not_in_channel."""
        if self.workspace.bot.id not in channel.members:
            raise Refusal("not_in_channel")

    def page(
        self, items: Sequence[Item], default: int, most: int = 1000, *, error: str = "invalid_arguments"
    ) -> tuple[list[Item], str]:
        """One page by `limit` and `cursor`, and the next cursor, empty at the end.

        Refused with `error` for a limit that is none, or with invalid_cursor.
        """
        limit = self.number("limit", default, most=most, error=error)
        start = 0
        if cursor := self.text("cursor"):
            try:
                start = int(base64.b64decode(cursor, validate=True).decode().removeprefix("next:"))
            except (binascii.Error, ValueError, UnicodeDecodeError) as broken:
                raise Refusal("invalid_cursor") from broken
        end = start + limit
        following = base64.b64encode(f"next:{end}".encode()).decode() if end < len(items) else ""
        return list(items[start:end]), following


@dataclass(frozen=True, slots=True)
class Method:
    """What answers a method, and what Slack's reference says of it.

    `takes` are its arguments beside the token, `needs` those that must be there, `missing` the error for one that
    is not, where it has one of its own. One of the `scopes` is needed. `tier` is its rate, 0 without one. The
    `caller` is the "bot", the "app", or "" for anybody. Without `json` its arguments in a JSON body go unread.
    """

    answer: Callable[[Call], Answer]
    takes: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    missing: Mapping[str, str] = field(default_factory=dict)
    scopes: tuple[str, ...] = ()
    tier: int = 0
    caller: str = "bot"
    json: bool = True
