"""Where a message goes and what it holds, checked as the three methods check that write one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.web_api.call import Answer, Call
from sandbox.workspace import Channel, Refusal, checks
from sandbox.workspace.nouns import Block

ATTACHMENTS_AT_MOST = 100
TRUNCATED = "message_truncated"
# Codes that a method's reference does not have, and what it says instead.
INSTEAD: Mapping[str, Mapping[str, str]] = {
    "chat.postMessage": {"msg_too_long": "invalid_arguments", "invalid_attachments": "invalid_arguments"},
    "chat.postEphemeral": {
        "invalid_metadata_format": "invalid_arguments",
        "invalid_metadata_schema": "invalid_arguments",
        "metadata_too_large": "invalid_arguments",
        "msg_blocks_too_long": "invalid_blocks",
    },
    "chat.update": {"msg_blocks_too_long": "invalid_blocks"},
}


@dataclass(slots=True)
class Content:
    """Text, blocks, attachments and metadata; `truncated` says that the text was longer."""

    text: str = ""
    blocks: list[Block] = field(default_factory=list)
    attachments: list[Block] = field(default_factory=list)
    metadata: dict[str, Any] | None = None
    truncated: bool = False

    @property
    def warning(self) -> Answer:
        """What the answer says of a text that was cut."""
        return {"warning": TRUNCATED, "response_metadata": {"warnings": [TRUNCATED]}} if self.truncated else {}


def target(call: Call) -> Channel:
    """A channel by id or name, or the direct message with a person; where the bot may post."""
    workspace = call.workspace
    named = call.need("channel")
    if named in workspace.users:
        found = workspace.direct(named, workspace.bot.id)
    else:
        found = workspace.channel(named)
    if not call.visible(found):
        raise Refusal("channel_not_found")
    if found.archived:
        raise Refusal("is_archived")
    if found.direct and not workspace.app.messages_tab:
        raise Refusal("messages_tab_disabled")
    if workspace.bot.id not in found.members and "chat:write.public" not in workspace.app.scopes:
        raise Refusal("not_in_channel")
    return found


def content(call: Call) -> Content:
    """What a call wants to say; refused with the codes of its method."""
    try:
        return _content(call)
    except Refusal as refused:
        error = INSTEAD[call.method].get(refused.error, refused.error)
        raise Refusal(error, **refused.details) from refused


def _content(call: Call) -> Content:
    text, markdown = call.text("text"), call.text("markdown_text")
    blocks = checks.blocks(call.args.get("blocks"))
    attachments = call.json("attachments", "invalid_attachments") or []
    if not isinstance(attachments, list):
        raise Refusal("invalid_attachments")
    if markdown and (text or blocks):
        raise Refusal("markdown_text_conflict")
    if len(markdown) > checks.MARKDOWN_AT_MOST:
        raise Refusal("msg_too_long")
    if len(attachments) > ATTACHMENTS_AT_MOST:
        raise Refusal("too_many_attachments")
    if markdown:
        blocks, text = [{"type": "markdown", "text": markdown}], markdown
    if not text and not blocks and not attachments:
        raise Refusal("no_text")
    metadata = checks.metadata(call.args.get("metadata"))
    cut = text[: checks.TEXT_AT_MOST]
    return Content(cut, blocks, attachments, metadata, truncated=cut != text)
