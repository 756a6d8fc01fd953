"""conversations.* and users.conversations: channels, who is in them, and what was said."""

import re
from collections.abc import Callable
from typing import Any

from sandbox.web_api.call import Answer, Call, Method
from sandbox.workspace import Channel, Entry, Refusal, shapes

KINDS = {"public_channel": "channel", "private_channel": "group", "im": "im", "mpim": "mpim"}
SCOPES = {"channel": "channels:read", "group": "groups:read", "im": "im:read", "mpim": "mpim:read"}
USERS_AT_MOST = 8
TS = re.compile(r"\d+(\.\d+)?")


def _listing(call: Call, wanted: Callable[[Channel], bool], *unsaid: str) -> Answer:
    kinds = []
    for word in (call.text("types") or "public_channel").split(","):
        if word.strip() not in KINDS:
            raise Refusal("invalid_types")
        kinds.append(KINDS[word.strip()])
        call.require(SCOPES[kinds[-1]])
    closed = call.flag("exclude_archived")
    every = [one for one in call.workspace.channels.values() if one.kind in kinds and wanted(one)]
    shown, cursor = call.page([one for one in every if not (closed and one.archived)], 100, error="invalid_limit")
    channels = [_without(shapes.channel(call.workspace, one), unsaid) for one in shown]
    return {"ok": True, "channels": channels, "response_metadata": {"next_cursor": cursor}}


def _without(shape: dict[str, Any], unsaid: tuple[str, ...]) -> dict[str, Any]:
    return {key: value for key, value in shape.items() if key not in unsaid}


def listed(call: Call) -> Answer:
    """conversations.list: every channel the bot can see."""
    return _listing(call, call.visible)


def joined(call: Call) -> Answer:
    """users.conversations: the channels the bot, or a user, is in."""
    who = call.text("user") or call.workspace.bot.id
    return _listing(call, lambda one: who in one.members and call.visible(one), "is_member", "num_members")


def info(call: Call) -> Answer:
    """conversations.info."""
    channel = call.channel()
    call.allow(channel, "read")
    unsaid = () if call.flag("include_num_members") else ("num_members",)
    return {"ok": True, "channel": _without(shapes.channel(call.workspace, channel), unsaid)}


def members(call: Call) -> Answer:
    """conversations.members."""
    channel = call.channel()
    call.allow(channel, "read")
    shown, cursor = call.page(channel.members, 100, error="invalid_limit")
    return {"ok": True, "members": shown, "response_metadata": {"next_cursor": cursor}}


def join(call: Call) -> Answer:
    """conversations.join: public channels only."""
    workspace = call.workspace
    channel = workspace.channels.get(call.need("channel"))
    if channel is None or channel.private:
        raise Refusal("channel_not_found")
    if channel.direct:
        raise Refusal("method_not_supported_for_channel_type")
    if channel.archived:
        raise Refusal("is_archived")
    answer: Answer = {"ok": True}
    if not workspace.enter(channel, workspace.bot.id):
        answer |= {"warning": "already_in_channel", "response_metadata": {"warnings": ["already_in_channel"]}}
    return answer | {"channel": _without(shapes.channel(workspace, channel), ("num_members",))}


def opened(call: Call) -> Answer:
    """conversations.open: the direct message with one person."""
    workspace = call.workspace
    if call.text("channel"):
        channel, new = call.channel(), False
    else:
        users = [one.strip() for one in call.text("users").split(",") if one.strip()]
        if not users:
            raise Refusal("users_list_not_supplied")
        if len(users) > USERS_AT_MOST:
            raise Refusal("too_many_users")
        call.require("im:write" if len(users) == 1 else "mpim:write")
        if len(users) > 1:
            raise Refusal("method_not_supported_for_channel_type")
        before = len(workspace.channels)
        if users[0] not in workspace.users:
            raise Refusal("user_not_found")
        channel = workspace.direct(users[0], workspace.bot.id)
        new = len(workspace.channels) > before
    shown = shapes.channel(workspace, channel) if call.flag("return_im") else {"id": channel.id}
    return {"ok": True, "channel": shown} | ({} if new else {"no_op": True, "already_open": True})


def history(call: Call) -> Answer:
    """conversations.history: newest first, threads closed."""
    channel = call.channel()
    call.allow(channel, "history")
    call.member(channel)
    entries = [one for one in channel.entries.values() if one.at_channel_level]
    newest = _between(call, entries)[::-1]
    shown, cursor = call.page(newest, 100, 999)
    nothing = {"pin_count": 0, "channel_actions_ts": None, "channel_actions_count": 0}
    return _messages(call, shown, cursor) | nothing


def replies(call: Call) -> Answer:
    """conversations.replies: the parent, then its replies, oldest first."""
    channel = call.channel()
    call.allow(channel, "history")
    call.member(channel)
    parent = channel.entries.get(call.need("ts"))
    if parent is None:
        raise Refusal("thread_not_found")
    if parent.is_reply:
        return _messages(call, [parent], "")
    shown, cursor = call.page([parent, *_between(call, parent.replies)], 1000)
    return _messages(call, shown, cursor)


def _between(call: Call, entries: list[Entry]) -> list[Entry]:
    oldest, latest = _ts(call, "oldest", "0"), _ts(call, "latest", "")
    lagging = call.workspace.now() - float(call.args.get("lag", 0))
    inclusive = call.flag("inclusive")

    def inside(entry: Entry) -> bool:
        ts = _micros(entry.ts)
        if inclusive and ts in (oldest, latest):
            return True
        return ts > oldest and (not latest or ts < latest)

    return [entry for entry in entries if inside(entry) and entry.posted_at <= lagging]


def _ts(call: Call, name: str, default: str) -> int:
    value = call.text(name) or default
    if not value:
        return 0
    if value == "now":
        return _micros(f"{call.workspace.now():.6f}") + 1
    if not TS.fullmatch(value):
        raise Refusal(f"invalid_ts_{name}")
    return _micros(value)


def _micros(ts: str) -> int:
    seconds, _, fraction = ts.partition(".")
    return int(seconds) * 1_000_000 + int(fraction[:6].ljust(6, "0"))


def _messages(call: Call, entries: list[Entry], cursor: str) -> Answer:
    metadata = call.flag("include_all_metadata")
    shown: list[dict[str, Any]] = [shapes.message(call.workspace, one, metadata=metadata) for one in entries]
    answer: Answer = {"ok": True, "messages": shown, "has_more": bool(cursor)}
    return answer | ({"response_metadata": {"next_cursor": cursor}} if cursor else {})


PAGES = ("cursor", "limit")
SPAN = ("include_all_metadata", "inclusive", "latest", "oldest", *PAGES)
LISTED = ("exclude_archived", "team_id", "types", *PAGES)
READ = ("channels:read", "groups:read", "im:read", "mpim:read")
HISTORY = ("channels:history", "groups:history", "im:history", "mpim:history")
OPEN = ("channels:manage", "groups:write", "im:write", "mpim:write")
HERE = ("channel",)
METHODS = {
    "conversations.list": Method(listed, LISTED, scopes=READ, tier=2, json=False),
    "conversations.info": Method(
        info, ("channel", "include_locale", "include_num_members"), HERE, scopes=READ, tier=3, json=False
    ),
    "conversations.members": Method(members, ("channel", *PAGES), HERE, scopes=READ, tier=4, json=False),
    "conversations.join": Method(join, HERE, HERE, scopes=("channels:join",), tier=3),
    "conversations.open": Method(
        opened, ("channel", "return_im", "users", "prevent_creation"), scopes=OPEN, tier=3
    ),
    "conversations.history": Method(history, ("channel", *SPAN), HERE, scopes=HISTORY, tier=3),
    "conversations.replies": Method(
        replies, ("channel", "ts", *SPAN), ("channel", "ts"), scopes=HISTORY, tier=3, json=False
    ),
    "users.conversations": Method(joined, ("exclude_muted", "user", *LISTED), scopes=READ, tier=3, json=False),
}
