"""Slack's Web API: every call either did it, definitely did not, or says that nobody knows."""

import http.client
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from slack_sdk import WebClient
from slack_sdk.web import SlackResponse
from slack_sdk.webhook import WebhookClient

from bot.edges.slack_answers import SERVER_ERROR, asked, pages, tried, webhook_error
from bot.edges.slack_files import uploaded
from bot.facts.messages import Picture
from bot.ports.errors import SlackRefused, SlackUnclear
from bot.ports.slack import Blocks, Posted, SlackChannel, SlackUser

METADATA_EVENT = "rundown_post"
CHANNEL_TYPES = "public_channel,private_channel"


class SlackEdge:
    """bot.ports.slack.Slack over slack_sdk, without the SDK's retries: a retried post is posted twice."""

    def __init__(self, token: str, base_url: str, timeout: float) -> None:
        """`base_url` ends with /api/; `timeout` is in seconds, for each wait on the socket."""
        self.timeout = timeout
        self.client = WebClient(token=token, base_url=base_url, timeout=int(timeout), retry_handlers=[])
        self._posted_to: dict[str, str] = {}

    def post(
        self, channel: str, text: str, blocks: Blocks, *, key: str, thread_ts: str = "", broadcast: bool = False
    ) -> Posted:
        """Post a message that carries `key` in its metadata; never tried twice by itself."""
        thread: dict[str, Any] = {"thread_ts": thread_ts, "reply_broadcast": broadcast} if thread_ts else {}
        answer = asked(
            partial(
                self.client.chat_postMessage,
                channel=channel,
                text=text,
                blocks=[dict(block) for block in blocks] or None,
                metadata=_metadata(key),
                unfurl_links=False,
                unfurl_media=False,
                **thread,
            )
        )
        self._posted_to[channel] = str(answer["channel"])
        return Posted(str(answer["channel"]), str(answer["ts"]))

    def edit(self, channel_id: str, ts: str, text: str, blocks: Blocks, *, key: str) -> None:
        """Replace what a message shows (chat.update)."""
        asked(
            partial(
                self.client.chat_update,
                channel=channel_id,
                ts=ts,
                text=text,
                blocks=[dict(block) for block in blocks],
                metadata=_metadata(key),
            )
        )

    def find(self, channel: str, key: str, *, oldest: float, thread_ts: str = "") -> Posted | None:
        """The bot's own message with this metadata key, posted after `oldest` (Unix seconds), if there is one.

        It is looked for where the channel's last message went, and, before it counts as missing, where the
        channel's name leads now: names are listed 20 times a minute at most, history is read 50 times.
        """
        before = self._posted_to.get(channel, "")
        ts = self._look(before, key, oldest, thread_ts) if before else ""
        if ts:
            return Posted(before, ts)
        now = self._channel_id(channel)
        ts = self._look(now, key, oldest, thread_ts) if now != before else ""
        return Posted(now, ts) if ts else None

    def respond(self, response_url: str, payload: Mapping[str, Any]) -> None:
        """Answer a command or button by its response_url (5 uses, 30 minutes)."""
        hook = WebhookClient(response_url, timeout=int(self.timeout), retry_handlers=[])
        answer = tried(partial(hook.send_dict, dict(payload)))
        if answer.status_code >= SERVER_ERROR:
            raise SlackUnclear(f"response_url answered {answer.status_code}")
        if answer.status_code != http.client.OK:
            raise SlackRefused(webhook_error(answer))

    def whisper(self, channel_id: str, user: str, text: str, blocks: Blocks, *, thread_ts: str = "") -> None:
        """Show something in a channel to one person only (chat.postEphemeral)."""
        asked(
            partial(
                self.client.chat_postEphemeral,
                channel=channel_id,
                user=user,
                text=text,
                blocks=[dict(block) for block in blocks] or None,
                thread_ts=thread_ts or None,
            )
        )

    def upload(self, channel_id: str, picture: Picture, *, thread_ts: str = "") -> None:
        """Put a picture into a channel, by its id, as a message of its own; never tried twice by itself."""
        uploaded(self.client, picture, self.timeout, channel_id=channel_id, thread_ts=thread_ts)

    def open_view(self, trigger_id: str, view: Mapping[str, Any]) -> None:
        """Open a modal; the trigger is good for 3 seconds, once."""
        asked(partial(self.client.views_open, trigger_id=trigger_id, view=dict(view)))

    def open_direct(self, user: str) -> str:
        """The channel id of the direct message with a person."""
        answer = asked(partial(self.client.conversations_open, users=user))
        return str(answer["channel"]["id"])

    def react(self, channel_id: str, ts: str, emoji: str) -> None:
        """Add a reaction; having it already is fine."""
        try:
            asked(partial(self.client.reactions_add, channel=channel_id, timestamp=ts, name=emoji))
        except SlackRefused as refused:
            if refused.error != "already_reacted":
                raise

    def permalink(self, channel_id: str, ts: str) -> str:
        """The address of a message."""
        answer = asked(partial(self.client.chat_getPermalink, channel=channel_id, message_ts=ts))
        return str(answer["permalink"])

    def user(self, user: str) -> SlackUser:
        """One person."""
        person = asked(partial(self.client.users_info, user=user))["user"]
        profile = person.get("profile") or {}
        return SlackUser(
            id=str(person["id"]),
            name=str(profile.get("display_name") or person.get("real_name") or person.get("name") or ""),
            email=str(profile.get("email") or ""),
            timezone=str(person.get("tz") or "UTC"),
            guest=any(person.get(mark) for mark in ("is_restricted", "is_ultra_restricted", "is_stranger")),
        )

    def channels(self) -> Sequence[SlackChannel]:
        """The channels the bot can see, members or not."""
        listing = partial(self.client.conversations_list, types=CHANNEL_TYPES, limit=999)
        return [_channel(one) for answer in pages(listing) for one in answer.get("channels") or []]

    def scopes(self) -> frozenset[str]:
        """The scopes the bot's token has (the X-OAuth-Scopes header of auth.test)."""
        response = asked(self.client.auth_test)
        listed = next((str(v) for name, v in response.headers.items() if name.lower() == "x-oauth-scopes"), "")
        return frozenset(scope.strip() for scope in listed.split(",") if scope.strip())

    def _look(self, channel_id: str, key: str, oldest: float, thread_ts: str) -> str:
        look: dict[str, Any] = {"oldest": f"{oldest:.6f}", "limit": 200, "include_all_metadata": True}
        for answer in pages(partial(self._history, channel_id, thread_ts, **look)):
            for message in answer.get("messages") or []:
                if _key_of(message) == key:
                    return str(message["ts"])
        return ""

    def _history(self, channel_id: str, thread_ts: str, **look: Any) -> SlackResponse:
        if thread_ts:
            return self.client.conversations_replies(channel=channel_id, ts=thread_ts, **look)
        return self.client.conversations_history(channel=channel_id, **look)

    def _channel_id(self, channel: str) -> str:
        """History is asked by id only, posts may name a channel."""
        if not channel.startswith("#"):
            return self.open_direct(channel) if channel.startswith(("U", "W")) else channel
        for one in self.channels():
            if one.name == channel[1:]:
                return one.id
        raise SlackRefused("channel_not_found")


def _metadata(key: str) -> dict[str, Any]:
    return {"event_type": METADATA_EVENT, "event_payload": {"key": key}}


def _key_of(message: Mapping[str, Any]) -> str:
    metadata = message.get("metadata") or {}
    if metadata.get("event_type") != METADATA_EVENT:
        return ""
    return str((metadata.get("event_payload") or {}).get("key") or "")


def _channel(one: Mapping[str, Any]) -> SlackChannel:
    return SlackChannel(
        id=str(one["id"]),
        name=str(one.get("name") or ""),
        member=bool(one.get("is_member")),
        archived=bool(one.get("is_archived")),
        private=bool(one.get("is_private")),
    )
