"""Messages, channels, people and views in the shape Slack shows them."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.workspace.ground import Ground
from sandbox.workspace.nouns import Channel, Entry, User, View


def message(ground: Ground, entry: Entry, *, metadata: bool = True) -> dict[str, Any]:
    """One message; `metadata` stays out unless a caller asked for it."""
    made: dict[str, Any] = {"type": "message"}
    if entry.subtype:
        made["subtype"] = entry.subtype
    made |= {"user": entry.user, "ts": entry.ts}
    if entry.bot:
        made |= {"bot_id": ground.app.bot_id, "app_id": ground.app.id, "bot_profile": bot_profile(ground)}
    if entry.client_msg_id:
        made["client_msg_id"] = entry.client_msg_id
    made |= {"text": entry.text, "team": ground.team.id}
    optional = {
        "blocks": entry.blocks,
        "attachments": entry.attachments,
        "files": entry.files,
        "edited": entry.edited,
    }
    made |= {key: value for key, value in optional.items() if value}
    if entry.reactions:
        made["reactions"] = [
            {"name": name, "users": list(users), "count": len(users)} for name, users in entry.reactions.items()
        ]
    if metadata and entry.metadata:
        made["metadata"] = dict(entry.metadata)
    return made | _thread(ground, entry)


def _thread(ground: Ground, entry: Entry) -> dict[str, Any]:
    if entry.is_reply:
        parent = ground.channels[entry.channel].entries.get(entry.thread_ts)
        made: dict[str, Any] = {"thread_ts": entry.thread_ts, "parent_user_id": parent.user if parent else ""}
        if entry.broadcast and parent:
            made["root"] = message(ground, parent, metadata=False)
        return made
    if not entry.replies:
        return {}
    users = list(dict.fromkeys(reply.user for reply in entry.replies))
    return {
        "thread_ts": entry.ts,
        "reply_count": len(entry.replies),
        "reply_users_count": len(users),
        "latest_reply": entry.replies[-1].ts,
        "reply_users": users[:5],
        "is_locked": False,
        "subscribed": ground.bot.id in users or entry.user == ground.bot.id,
    }


def told(ground: Ground, entry: Entry) -> dict[str, Any]:
    """A message as the page and tests are told of it."""
    made = message(ground, entry) | {"channel": entry.channel, "ephemeral": bool(entry.ephemeral_to)}
    if entry.ephemeral_to and entry.thread_ts:
        made["thread_ts"] = entry.thread_ts
    return made


def bot_profile(ground: Ground) -> dict[str, Any]:
    """Who speaks for the app."""
    icons = {f"image_{size}": f"{ground.base_url}/page/bot.svg" for size in (36, 48, 72)}
    return {
        "id": ground.app.bot_id,
        "app_id": ground.app.id,
        "user_id": ground.bot.id,
        "name": ground.bot.name,
        "icons": icons,
        "deleted": False,
        "updated": int(next(iter(ground.channels.values())).created),
        "team_id": ground.team.id,
    }


def user(ground: Ground, person: User, *, email: bool) -> dict[str, Any]:
    """One person; `email` needs the scope users:read.email."""
    zone = ZoneInfo(person.tz)
    offset = datetime.fromtimestamp(ground.now(), UTC).astimezone(zone).utcoffset()
    first, _, last = person.real_name.partition(" ")
    profile = {
        "title": person.title,
        "real_name": person.real_name,
        "real_name_normalized": person.real_name,
        "display_name": person.name,
        "display_name_normalized": person.name,
        "first_name": first,
        "last_name": last,
        "avatar_hash": person.id.lower(),
        "status_text": "",
        "status_emoji": "",
        "team": ground.team.id,
    }
    if email and person.email:
        profile["email"] = person.email
    if person.is_bot:
        profile |= {"bot_id": ground.app.bot_id, "api_app_id": ground.app.id}
    return {
        "id": person.id,
        "team_id": ground.team.id,
        "name": person.name,
        "deleted": False,
        "color": person.color,
        "real_name": person.real_name,
        "tz": person.tz,
        "tz_label": person.tz,
        "tz_offset": int(offset.total_seconds()) if offset else 0,
        "profile": profile,
        "is_admin": False,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": person.guest,
        "is_ultra_restricted": False,
        "is_bot": person.is_bot,
        "is_app_user": False,
        "updated": 0,
        "is_email_confirmed": bool(person.email),
    }


def channel(ground: Ground, one: Channel) -> dict[str, Any]:
    """One conversation, as the bot sees it."""
    common: dict[str, Any] = {
        "id": one.id,
        "created": one.created,
        "is_archived": one.archived,
        "is_im": one.direct,
        "is_mpim": False,
        "is_org_shared": False,
        "is_shared": False,
        "is_ext_shared": False,
        "context_team_id": ground.team.id,
        "updated": one.created * 1000,
    }
    if one.direct:
        other = next((member for member in one.members if member != ground.bot.id), ground.bot.id)
        return common | {"user": other, "is_user_deleted": False, "priority": 0}
    empty = {"value": "", "creator": "", "last_set": 0}
    return common | {
        "name": one.name,
        "name_normalized": one.name,
        "is_channel": not one.private,
        "is_group": one.private,
        "is_general": one.name == "general",
        "is_private": one.private,
        "is_member": ground.bot.id in one.members,
        "unlinked": 0,
        "creator": one.creator,
        "topic": {"value": one.topic, "creator": one.creator, "last_set": one.created} if one.topic else empty,
        "purpose": empty,
        "previous_names": [],
        "shared_team_ids": [ground.team.id],
        "pending_shared": [],
        "pending_connected_team_ids": [],
        "is_pending_ext_shared": False,
        "num_members": len(one.members),
    }


def view(ground: Ground, one: View) -> dict[str, Any]:
    """One modal or home tab with all that Slack adds to what the app sent."""
    body = one.body
    made = {
        "id": one.id,
        "team_id": ground.team.id,
        "type": body["type"],
        "blocks": body.get("blocks", []),
        "private_metadata": body.get("private_metadata", ""),
        "callback_id": body.get("callback_id", ""),
        "state": {"values": {}},
        "hash": one.hash,
        "title": body.get("title", {"type": "plain_text", "text": "View Title", "emoji": True}),
        "clear_on_close": bool(body.get("clear_on_close", False)),
        "notify_on_close": bool(body.get("notify_on_close", False)),
        "close": body.get("close"),
        "submit": body.get("submit"),
        "previous_view_id": one.previous or None,
        "root_view_id": one.root,
        "app_id": ground.app.id,
        "external_id": body.get("external_id", ""),
        "app_installed_team_id": ground.team.id,
        "bot_id": ground.app.bot_id,
    }
    if body["type"] == "modal":
        made["submit_disabled"] = bool(body.get("submit_disabled", False))
    return made
