"""Talk in a workspace: messages posted, whispered, changed, removed and reacted to."""

import copy
import uuid
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from sandbox.workspace import events, seed, shapes
from sandbox.workspace.composing import Composed
from sandbox.workspace.ground import Ground
from sandbox.workspace.nouns import Block, Channel, Entry
from sandbox.workspace.refusal import Refusal

KEEP: Any = object()
# Different emoji on one message, and those one person may add; from memory of Slack's help pages, not checked.
EMOJI_AT_MOST, REACTIONS_AT_MOST = 50, 23


class Talk(Ground):
    """A ground where messages live; every change reaches the listeners and, as an event, the app."""

    def post(
        self,
        channel: Channel,
        user: str,
        text: str,
        *,
        blocks: Iterable[Mapping[str, Any]] = (),
        thread_ts: str = "",
        broadcast: bool = False,
        composed: Composed | None = None,
        **more: Any,
    ) -> Entry:
        """Put a message into a channel or, with `thread_ts`, below its parent; refused with thread_not_found."""
        with self.changed:
            parent = self._parent(channel, thread_ts)
            entry = Entry(channel.id, self.new_ts(), user, text, self.now(), bot=user == self.bot.id, **more)
            entry.blocks = self.with_ids(blocks)
            if not entry.bot:
                entry.client_msg_id = str(uuid.uuid5(uuid.NAMESPACE_OID, f"{channel.id}/{entry.ts}"))
            channel.entries[entry.ts] = entry
            if parent is not None:
                entry.thread_ts, entry.broadcast = parent.ts, broadcast
                entry.subtype = "thread_broadcast" if broadcast else entry.subtype
                parent.replies.append(entry)
            channel.read[user] = entry.ts
            self.tell(
                {"type": "message", "channel": channel.id, "message": shapes.told(self, entry)}, channel=channel
            )
            if parent is not None:
                self._tell_changed(parent)
            self._send_message(channel, entry)
            if composed is not None:
                self._send_named(channel, entry, composed)
            return entry

    def whisper(
        self,
        channel: Channel,
        to: str,
        text: str,
        *,
        user: str = "",
        blocks: Iterable[Mapping[str, Any]] = (),
        **more: Any,
    ) -> Entry:
        """Show a message to one person only; by the app unless `user` says who."""
        with self.changed:
            who = user or self.bot.id
            self._parent(channel, str(more.get("thread_ts") or ""))
            entry = Entry(channel.id, self.new_ts(), who, text, self.now(), bot=who == self.bot.id, **more)
            entry.ephemeral_to, entry.blocks = to, self.with_ids(blocks)
            channel.ephemerals[entry.ts] = entry
            self.tell({"type": "message", "channel": channel.id, "message": shapes.told(self, entry)}, only=to)
            return entry

    def change(
        self,
        entry: Entry,
        *,
        by: str,
        text: str = KEEP,
        blocks: Iterable[Mapping[str, Any]] = KEEP,
        attachments: list[Block] = KEEP,
        metadata: Mapping[str, Any] | None = KEEP,
        edited: bool = True,
    ) -> None:
        """Replace what a message says; what is not given stays."""
        with self.changed:
            before = copy.deepcopy(shapes.message(self, entry))
            entry.text = entry.text if text is KEEP else text
            entry.blocks = entry.blocks if blocks is KEEP else self.with_ids(blocks)
            entry.attachments = entry.attachments if attachments is KEEP else attachments
            entry.metadata = entry.metadata if metadata is KEEP else metadata
            if edited:
                entry.edited = {"user": by, "ts": self.new_ts()}
            self._tell_changed(entry)
            if not entry.ephemeral_to:
                self._send_hidden(
                    entry, "message_changed", message=shapes.message(self, entry), previous_message=before
                )

    def remove(self, entry: Entry) -> None:
        """Delete a message; the parent of a thread leaves a tombstone behind."""
        with self.changed:
            channel = self.channels[entry.channel]
            before = shapes.message(self, entry)
            if entry.replies:
                entry.subtype, entry.text, entry.user = "tombstone", "This message was deleted.", seed.SLACKBOT
                entry.blocks, entry.attachments, entry.files = [], [], []
                entry.bot, entry.metadata, entry.reactions = False, None, {}
                self._tell_changed(entry)
            else:
                (channel.ephemerals if entry.ephemeral_to else channel.entries).pop(entry.ts, None)
                gone: dict[str, Any] = {"type": "message_deleted", "channel": channel.id, "ts": entry.ts}
                gone["message"] = before | {
                    "channel": channel.id,
                    "deleted": True,
                    "ephemeral": bool(entry.ephemeral_to),
                }
                self.tell(gone, channel=None if entry.ephemeral_to else channel, only=entry.ephemeral_to)
                parent = channel.entries.get(entry.thread_ts) if entry.is_reply else None
                if parent is not None and entry in parent.replies:
                    parent.replies.remove(entry)
                    self._tell_changed(parent)
            if not entry.ephemeral_to:
                self._send_hidden(entry, "message_deleted", deleted_ts=entry.ts, previous_message=before)

    def reaction(self, entry: Entry, user: str, name: str, on: bool) -> None:
        """Add or take back a reaction; refused with already_reacted, no_reaction or not_reactable."""
        with self.changed:
            if entry.ephemeral_to:
                raise Refusal("not_reactable")
            users = entry.reactions.get(name, [])
            if on == (user in users):
                raise Refusal("already_reacted" if on else "no_reaction")
            if on:
                self._room_for(entry, user, name)
                entry.reactions[name] = [*users, user]
            else:
                users.remove(user)
            if not entry.reactions[name]:
                del entry.reactions[name]
            channel = self.channels[entry.channel]
            told = {"type": "reaction", "channel": channel.id, "ts": entry.ts, "message": shapes.told(self, entry)}
            self.tell(told, channel=channel)
            event = {
                "type": "reaction_added" if on else "reaction_removed",
                "user": user,
                "reaction": name,
                "item": {"type": "message", "channel": channel.id, "ts": entry.ts},
                "item_user": entry.user,
                "event_ts": self.new_ts(),
            }
            events.send(self, event, channel)

    def _room_for(self, entry: Entry, user: str, name: str) -> None:
        if self.channels[entry.channel].archived:
            raise Refusal("is_archived")
        others = [users for emoji, users in entry.reactions.items() if emoji != name]
        if len(others) >= EMOJI_AT_MOST:
            raise Refusal("too_many_emoji")
        if sum(user in users for users in others) >= REACTIONS_AT_MOST:
            raise Refusal("too_many_reactions")

    def enter(self, channel: Channel, user: str) -> bool:
        """Make somebody a member; False if they were one."""
        with self.changed:
            if user in channel.members:
                return False
            channel.members.append(user)
            joined = {"type": "member_joined_channel", "user": user, "channel": channel.id}
            joined |= {
                "channel_type": "G" if channel.private else "C",
                "team": self.team.id,
                "event_ts": self.new_ts(),
            }
            events.send(self, joined, channel)
            self.tell({"type": "channel", "channel": channel.id}, channel=channel)
            return True

    def with_ids(self, blocks: Iterable[Mapping[str, Any]]) -> list[Block]:
        """Copies of blocks where every block and every element has the id that Slack would give it."""
        made = copy.deepcopy([dict(block) for block in blocks])
        for block in made:
            block.setdefault("block_id", self.new_id("b"))
            for element in elements(block):
                if element.get("type") not in ("mrkdwn", "plain_text", "image"):
                    element.setdefault("action_id", self.new_id("a"))
        return made

    def _parent(self, channel: Channel, thread_ts: str) -> Entry | None:
        if not thread_ts:
            return None
        parent = channel.entries.get(thread_ts)
        if parent is None:
            raise Refusal("thread_not_found")
        if parent.is_reply:
            raise Refusal("cannot_reply_to_message")
        return parent

    def _tell_changed(self, entry: Entry) -> None:
        channel = self.channels[entry.channel]
        told = {"type": "message_changed", "channel": channel.id, "message": shapes.told(self, entry)}
        self.tell(told, channel=None if entry.ephemeral_to else channel, only=entry.ephemeral_to)

    def _send_message(self, channel: Channel, entry: Entry) -> None:
        event = shapes.message(self, entry)
        event |= {"channel": channel.id, "event_ts": entry.ts, "channel_type": channel.kind}
        events.send(self, event, channel)

    def _send_hidden(self, entry: Entry, subtype: str, **what: Any) -> None:
        channel = self.channels[entry.channel]
        ts = self.new_ts()
        event = {"type": "message", "subtype": subtype, "channel": channel.id, "hidden": True, **what}
        events.send(self, event | {"ts": ts, "event_ts": ts, "channel_type": channel.kind}, channel)

    def _send_named(self, channel: Channel, entry: Entry, composed: Composed) -> None:
        if self.bot.id in composed.mentions and not channel.direct:
            event = shapes.message(self, entry) | {
                "type": "app_mention",
                "channel": channel.id,
                "event_ts": entry.ts,
            }
            events.send(self, event, channel)
        shared = [{"domain": domain, "url": url} for url in composed.urls if (domain := self.unfurls(url))]
        if shared:
            event = {"type": "link_shared", "user": entry.user, "channel": channel.id, "message_ts": entry.ts}
            event |= {"thread_ts": entry.thread_ts} if entry.thread_ts else {}
            event |= {"links": shared, "source": "conversations_history", "unfurl_id": f"{channel.id}-{entry.ts}"}
            event |= {"is_bot_user_member": self.bot.id in channel.members, "event_ts": self.new_ts()}
            events.send(self, event, channel)

    def unfurls(self, url: str) -> str:
        """The app's domain that an address belongs to, empty if it is of none."""
        host = urlsplit(url).hostname or ""
        domains = self.app.unfurl_domains
        return next((domain for domain in domains if host == domain or host.endswith(f".{domain}")), "")


def elements(block: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What can be pressed, chosen or filled in within a block."""
    if block.get("type") in ("actions", "context_actions"):
        return list(block.get("elements") or [])
    single = block.get("accessory") or block.get("element")
    return [single] if isinstance(single, dict) else []
