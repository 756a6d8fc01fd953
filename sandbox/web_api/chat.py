"""chat.*: post, whisper, update, delete, link to and unfurl messages."""

from collections.abc import Mapping
from typing import Any

from sandbox.web_api.call import Answer, Call, Method
from sandbox.web_api.content import content, target
from sandbox.web_api.pace import SPECIAL
from sandbox.workspace import Entry, Refusal, checks, shapes


def post_message(call: Call) -> Answer:
    """chat.postMessage."""
    workspace = call.workspace
    channel = target(call)
    said = content(call)
    entry = workspace.post(
        channel,
        workspace.bot.id,
        said.text,
        blocks=said.blocks,
        attachments=said.attachments,
        thread_ts=call.text("thread_ts"),
        broadcast=call.flag("reply_broadcast"),
        metadata=said.metadata,
    )
    shown = shapes.message(workspace, entry)
    return {"ok": True, "channel": channel.id, "ts": entry.ts, "message": shown} | said.warning


def post_ephemeral(call: Call) -> Answer:
    """chat.postEphemeral."""
    workspace = call.workspace
    channel = target(call)
    if call.text("user") not in channel.members:
        raise Refusal("user_not_in_channel")
    said = content(call)
    shown: dict[str, Any] = {"blocks": said.blocks, "attachments": said.attachments}
    shown["thread_ts"] = call.text("thread_ts")
    try:
        entry = workspace.whisper(channel, call.text("user"), said.text, **shown)
    except Refusal as refused:
        raise Refusal("cannot_reply_to_message") from refused
    return {"ok": True, "message_ts": entry.ts} | said.warning


def _own(call: Call, error: str) -> Entry:
    entry = call.workspace.entry(call.channel(), call.text("ts"))
    if entry.user != call.workspace.bot.id:
        raise Refusal(error)
    return entry


def update(call: Call) -> Answer:
    """chat.update: what is left out stays, except that a text alone replaces the blocks as well."""
    workspace = call.workspace
    entry = _own(call, "cant_update_message")
    if workspace.channels[entry.channel].archived:
        raise Refusal("is_inactive")
    if len(call.text("text")) > checks.EDIT_AT_MOST:
        raise Refusal("msg_too_long")
    said = content(call)
    changed: dict[str, Any] = {"text": said.text, "blocks": said.blocks}
    if "blocks" in call.args and not call.text("text"):
        del changed["text"]
    if "attachments" in call.args:
        changed["attachments"] = said.attachments
    if call.args.get("metadata") is not None:
        changed["metadata"] = said.metadata
    if call.flag("reply_broadcast"):
        if not entry.is_reply:
            raise Refusal("cant_broadcast_message")
        entry.broadcast, entry.subtype = True, "thread_broadcast"
    workspace.change(entry, by=workspace.bot.id, **changed)
    shown = {key: value for key, value in shapes.message(workspace, entry).items() if key != "ts"}
    return {"ok": True, "channel": entry.channel, "ts": entry.ts, "text": entry.text, "message": shown}


def delete(call: Call) -> Answer:
    """chat.delete."""
    entry = _own(call, "cant_delete_message")
    call.workspace.remove(entry)
    return {"ok": True, "channel": entry.channel, "ts": entry.ts}


def permalink(call: Call) -> Answer:
    """chat.getPermalink: a link to the sandbox's page, which opens there."""
    channel = call.channel()
    entry = call.workspace.entry(channel, call.need("message_ts"))
    link = f"{call.workspace.base_url}/archives/{channel.id}/p{entry.ts.replace('.', '')}"
    if entry.is_reply:
        link += f"?thread_ts={entry.thread_ts}&cid={channel.id}"
    return {"ok": True, "permalink": link, "channel": channel.id}


def unfurl(call: Call) -> Answer:
    """chat.unfurl: previews below a message that has the links."""
    workspace = call.workspace
    for name in ("channel", "ts", "unfurls"):
        if not call.args.get(name):
            raise Refusal(f"missing_{name}")
    unfurls = call.json("unfurls", "invalid_unfurls_format")
    if not isinstance(unfurls, Mapping):
        raise Refusal("invalid_unfurls_format")
    try:
        entry = workspace.entry(call.channel(), call.text("ts"))
    except Refusal as refused:
        raise Refusal(f"cannot_find_{refused.error.partition('_')[0]}") from refused
    previews = [_preview(call, entry, url, preview) for url, preview in unfurls.items()]
    workspace.change(entry, by=workspace.bot.id, attachments=previews, edited=False)
    return {"ok": True}


def _preview(call: Call, entry: Entry, url: str, preview: Any) -> dict[str, Any]:
    if url not in entry.text or not call.workspace.unfurls(url):
        raise Refusal("cannot_unfurl_url")
    if not isinstance(preview, Mapping):
        raise Refusal("cannot_parse_attachment")
    try:
        blocks = call.workspace.with_ids(checks.blocks(preview.get("blocks")))
    except Refusal as refused:
        raise Refusal("cannot_parse_attachment", **refused.details) from refused
    return {**preview, "blocks": blocks, "from_url": url, "app_unfurl_url": url, "is_app_unfurl": True}


CONTENT = ("attachments", "blocks", "markdown_text", "metadata", "text")
LOOKS = ("as_user", "icon_emoji", "icon_url", "link_names", "parse", "username")
POST = ("mrkdwn", "reply_broadcast", "thread_ts", "unfurl_links", "unfurl_media", "current_draft_last_updated_ts")
EDIT = ("as_user", "link_names", "parse", "reply_broadcast", "file_ids", "unfurled_attachments")
UNFURL = ("unfurl_id", "source", "user_auth_message", "user_auth_required", "user_auth_url", "user_auth_blocks")
WRITE = ("chat:write",)
METHODS = {
    "chat.postMessage": Method(
        post_message, ("channel", *CONTENT, *LOOKS, *POST), ("channel",), scopes=WRITE, tier=SPECIAL
    ),
    "chat.postEphemeral": Method(
        post_ephemeral,
        ("channel", "user", "thread_ts", *CONTENT, *LOOKS),
        ("user", "channel"),
        scopes=WRITE,
        tier=4,
    ),
    "chat.update": Method(update, ("channel", "ts", *CONTENT, *EDIT), ("ts", "channel"), scopes=WRITE, tier=3),
    "chat.delete": Method(delete, ("channel", "ts", "as_user"), ("ts", "channel"), scopes=WRITE, tier=3),
    "chat.getPermalink": Method(
        permalink, ("channel", "message_ts"), ("channel", "message_ts"), tier=SPECIAL, json=False
    ),
    "chat.unfurl": Method(unfurl, ("channel", "ts", "unfurls", *UNFURL), scopes=("links:write",), tier=3),
}
