"""chat.*: post, whisper, update, delete, link to and unfurl messages."""

from collections.abc import Mapping
from typing import Any

from sandbox.web_api.call import Answer, Call, Method
from sandbox.web_api.pace import SPECIAL
from sandbox.workspace import Channel, Entry, Refusal, checks, shapes


def _target(call: Call) -> Channel:
    """A channel by id or name, or the direct message with a person; where the bot may post."""
    workspace = call.workspace
    named = call.need("channel")
    if named in workspace.users:
        return workspace.direct(named, workspace.bot.id)
    found = workspace.channel(named)
    if not call.visible(found):
        raise Refusal("channel_not_found")
    if found.archived:
        raise Refusal("is_archived")
    if workspace.bot.id not in found.members and "chat:write.public" not in workspace.app.scopes:
        raise Refusal("not_in_channel")
    return found


def _content(call: Call) -> dict[str, Any]:
    """Text, blocks and attachments of a call, checked."""
    text, markdown = call.text("text"), call.text("markdown_text")
    blocks = checks.blocks(call.args.get("blocks"))
    attachments = call.json("attachments", "invalid_attachments") or []
    if not isinstance(attachments, list):
        raise Refusal("invalid_attachments")
    if markdown and (text or blocks):
        raise Refusal("markdown_text_conflict")
    if len(markdown) > checks.MARKDOWN_AT_MOST:
        raise Refusal("msg_too_long")
    if len(attachments) > 100:
        raise Refusal("too_many_attachments")
    if markdown:
        blocks, text = [{"type": "markdown", "text": markdown}], markdown
    if not text and not blocks and not attachments:
        raise Refusal("no_text")
    return {"text": text, "blocks": blocks, "attachments": attachments}


def post_message(call: Call) -> Answer:
    """chat.postMessage."""
    workspace = call.workspace
    channel = _target(call)
    content = _content(call)
    metadata = checks.metadata(call.args.get("metadata"))
    text = content.pop("text")
    cut = text[: checks.TEXT_AT_MOST]
    entry = workspace.post(
        channel,
        workspace.bot.id,
        cut,
        thread_ts=call.text("thread_ts"),
        broadcast=call.flag("reply_broadcast"),
        metadata=metadata,
        **content,
    )
    answer = {"ok": True, "channel": channel.id, "ts": entry.ts, "message": shapes.message(workspace, entry)}
    if cut != text:
        answer |= {"warning": "message_truncated", "response_metadata": {"warnings": ["message_truncated"]}}
    return answer


def post_ephemeral(call: Call) -> Answer:
    """chat.postEphemeral."""
    workspace = call.workspace
    channel = _target(call)
    if call.need("user") not in channel.members:
        raise Refusal("user_not_in_channel")
    content = _content(call)
    entry = workspace.whisper(channel, call.text("user"), thread_ts=call.text("thread_ts"), **content)
    return {"ok": True, "message_ts": entry.ts}


def _own(call: Call, error: str) -> Entry:
    channel = call.channel()
    entry = call.workspace.entry(channel, call.need("ts"))
    if entry.user != call.workspace.bot.id:
        raise Refusal(error)
    return entry


def update(call: Call) -> Answer:
    """chat.update: what is left out stays, except that a text alone replaces the blocks as well."""
    workspace = call.workspace
    entry = _own(call, "cant_update_message")
    if len(call.text("text")) > checks.TEXT_AT_MOST:
        raise Refusal("msg_too_long")
    content = _content(call)
    if "attachments" not in call.args:
        del content["attachments"]
    if "blocks" in call.args and not call.text("text"):
        del content["text"]
    if call.args.get("metadata") is not None:
        content["metadata"] = checks.metadata(call.args["metadata"])
    workspace.change(entry, by=workspace.bot.id, **content)
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
    unfurls = call.json("unfurls", "invalid_unfurls_format")
    if not unfurls:
        raise Refusal("missing_unfurls")
    if not isinstance(unfurls, Mapping):
        raise Refusal("invalid_unfurls_format")
    try:
        entry = workspace.entry(call.channel(), call.need("ts"))
    except Refusal as refused:
        codes = {"channel_not_found": "cannot_find_channel", "message_not_found": "cannot_find_message"}
        raise Refusal(codes.get(refused.error, refused.error)) from refused
    made = []
    for url, preview in unfurls.items():
        if url not in entry.text:
            raise Refusal("cannot_unfurl_url")
        blocks = workspace.with_ids(checks.blocks(preview.get("blocks")))
        made.append({**preview, "blocks": blocks, "from_url": url, "app_unfurl_url": url, "is_app_unfurl": True})
    workspace.change(entry, by=workspace.bot.id, attachments=made, edited=False)
    return {"ok": True}


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
