"""What people of a workspace do: type, press, fill in, react, edit, and look."""

import json
from collections.abc import Mapping
from concurrent.futures import TimeoutError as NoAnswer
from typing import Any

from sandbox.workspace import forms, payloads, seed, shapes
from sandbox.workspace.composing import composed, escaped
from sandbox.workspace.manifest import installed
from sandbox.workspace.nouns import Ack, Arrival, Channel, Entry, Outcome, View
from sandbox.workspace.openings import Openings
from sandbox.workspace.refusal import Refusal

GRACE_SECONDS = 5.0
NO_ACK = "operation_timeout"
TURNED_OFF = "Sending messages to this app has been turned off."
NOT_INTERACTIVE = "This app is not set up for buttons and forms."
Seen = dict[str, Any]


class Workspace(Openings):
    """A workspace and its people: `user` and `channel` are ids or names, a `message` is one that `messages` gave.

    Everything a person does returns an Outcome, whose error is what they would be shown.
    """

    def install(self, manifest: Mapping[str, Any]) -> None:
        """Install the app anew, as its manifest says; raises WrongManifest where Slack would refuse it."""
        with self.changed:
            self.app = installed(self.app, manifest)
            self.changed.notify_all()

    def join(self, channel: str, user: str = "") -> None:
        """Invite the bot, or somebody, into a channel."""
        self.enter(self.channel(channel), self.user(user).id if user else self.bot.id)

    def type(self, user: str, channel: str, text: str, *, thread_ts: str = "", quiet: bool = False) -> Outcome:
        """Write a message, or a slash command if the text begins with "/"; `quiet` whispers no complaint."""
        person, place = self.user(user), self.channel(channel)
        if not self.sees(person.id, place):
            return Outcome(False, "channel_not_found")
        if text.startswith("/"):
            trouble = self._command(person.id, place, text, thread_ts)
            if trouble and not quiet:
                self.whisper(place, person.id, trouble, user=seed.SLACKBOT, thread_ts=thread_ts)
            return Outcome(not trouble, trouble)
        if not text.strip():
            return Outcome(False, "no_text")
        if place.archived:
            return Outcome(False, "is_archived")
        if self._turned_off(place):
            return Outcome(False, TURNED_OFF)
        names = {one.name: one.id for one in self.users.values()}
        channels = {one.name: one.id for one in self.channels.values() if one.name}
        made = composed(text, names, channels)
        blocks = made.blocks(self.new_id("b"))
        try:
            entry = self.post(place, person.id, made.text, blocks=blocks, thread_ts=thread_ts, composed=made)
        except Refusal as refused:
            return Outcome(False, refused.error)
        return Outcome(True, ts=entry.ts)

    def reply(self, user: str, message: Mapping[str, Any], text: str) -> Outcome:
        """Write into the thread of a message."""
        return self.type(user, message["channel"], text, thread_ts=message.get("thread_ts") or message["ts"])

    def press(
        self, user: str, message: Mapping[str, Any], action: str, *, block_id: str = "", chosen: Any = None
    ) -> Outcome:
        """Press a button or choose from a menu, named by its action_id or by what stands on it.

        `message` may also be a view; `chosen` is the option of a menu, its value or its text, and by default
        the one that `action` names.
        """
        person = self.user(user)
        if not self.app.interactive:
            return Outcome(False, NOT_INTERACTIVE)
        try:
            if "ts" not in message:
                view = self.view_by_id(message["id"])
                block, element = forms.find(view.body["blocks"], action, block_id)
                done = forms.action(block, element, action if chosen is None else chosen)
                payload = payloads.view_action(self, person, view, done, self.trigger(person.id))
            else:
                entry = self.seen(person.id, message["channel"], message["ts"])
                block, element = forms.find(entry.blocks, action, block_id)
                done = forms.action(block, element, action if chosen is None else chosen)
                hook = self.response_url("actions", self.channels[entry.channel], person.id, entry.ts)
                payload = payloads.message_action(self, person, entry, done, self.trigger(person.id), hook)
        except Refusal as refused:
            return Outcome(False, refused.error)
        ack = self._sent(Arrival("interactive", payload))
        return Outcome(not ack.error, ack.error)

    def submit(self, user: str, values: Mapping[str, Any], view: View | None = None) -> Outcome:
        """Send the form in front of a person (or `view`); `values` name inputs by label, action_id or block_id."""
        person = self.user(user)
        front = view or self.view(user)
        if front is None:
            return Outcome(False, "not_found")
        try:
            filled, missing = forms.state(shapes.view(self, front), values)
            if missing:
                return Outcome(False, "missing", errors=missing)
            payload = payloads.submission(self, person, front, filled, self.trigger(person.id))
            ack = self._sent(Arrival("interactive", payload))
            errors = {} if ack.error else self.after_submission(front, ack.body)
        except Refusal as refused:
            return Outcome(False, refused.error)
        return Outcome(not ack.error and not errors, ack.error, errors=errors)

    def close(self, user: str, *, all_of_them: bool = False) -> Outcome:
        """Close the form in front of a person; the app is told if the view asked for it."""
        person = self.user(user)
        gone = self.close_views(person.id, all_of_them=all_of_them)
        for view in gone:
            if view.body.get("notify_on_close"):
                payload = payloads.closed(self, person, view, cleared=all_of_them)
                self._sent(Arrival("interactive", payload))
        return Outcome(bool(gone), "" if gone else "not_found")

    def react(self, user: str, message: Mapping[str, Any], name: str, *, on: bool = True) -> Outcome:
        """Add or take back a reaction."""
        try:
            entry = self.seen(self.user(user).id, message["channel"], message["ts"])
            self.reaction(entry, self.user(user).id, name.strip(":"), on)
        except Refusal as refused:
            return Outcome(False, refused.error)
        return Outcome(True)

    def edit(self, user: str, message: Mapping[str, Any], text: str) -> Outcome:
        """Change one's own message."""
        try:
            entry = self._own(user, message)
        except Refusal as refused:
            return Outcome(False, refused.error)
        made = composed(text, {one.name: one.id for one in self.users.values()}, {})
        self.change(entry, by=entry.user, text=made.text, blocks=made.blocks(self.new_id("b")))
        return Outcome(True, ts=entry.ts)

    def take_back(self, user: str, message: Mapping[str, Any]) -> Outcome:
        """Delete one's own message; anybody may dismiss what was shown to them only."""
        try:
            self.remove(self._own(user, message))
        except Refusal as refused:
            return Outcome(False, refused.error)
        return Outcome(True)

    def read(self, user: str, channel: str, ts: str) -> None:
        """Have read a channel up to a message."""
        with self.changed:
            self.channel(channel).read[self.user(user).id] = ts

    def messages(self, channel: str, as_user: str) -> list[Seen]:
        """What a person sees in a channel, oldest first, with what was shown to them only; threads are closed."""
        return self._shown(channel, as_user, lambda entry: entry.at_channel_level)

    def thread(self, channel: str, ts: str, as_user: str = "") -> list[Seen]:
        """A parent and its replies, oldest first."""
        someone = as_user or self.channel(channel).members[0]
        return self._shown(channel, someone, lambda entry: ts in (entry.ts, entry.thread_ts))

    def seen(self, user: str, channel: str, ts: str) -> Entry:
        """A message this person sees; refused with channel_not_found or message_not_found."""
        place = self.channel(channel)
        if not self.sees(user, place):
            raise Refusal("channel_not_found")
        whispered = place.ephemerals.get(ts)
        if whispered is not None and whispered.ephemeral_to == user:
            return whispered
        return self.entry(place, ts)

    def _shown(self, channel: str, as_user: str, wanted: Any) -> list[Seen]:
        person, place = self.user(as_user).id, self.channel(channel)
        with self.changed:
            if not self.sees(person, place):
                return []
            mine = [entry for entry in place.ephemerals.values() if entry.ephemeral_to == person]
            everything = sorted([*place.entries.values(), *mine], key=lambda entry: entry.ts)
            return [json.loads(json.dumps(shapes.told(self, entry))) for entry in everything if wanted(entry)]

    def _own(self, user: str, message: Mapping[str, Any]) -> Entry:
        person = self.user(user).id
        entry = self.seen(person, message["channel"], message["ts"])
        if entry.user != person and not entry.ephemeral_to:
            raise Refusal("cant_update_message")
        return entry

    def _turned_off(self, channel: Channel) -> bool:
        """Is this the app's own conversation, and does the app not want to be written to?"""
        open_to_all = self.app.messages_tab and not self.app.messages_read_only
        return channel.direct and self.bot.id in channel.members and not open_to_all

    def _command(self, person: str, channel: Channel, text: str, thread_ts: str) -> str:
        """Give the app a command and show its answer; returns what went wrong, in words."""
        word, _, rest = text.partition(" ")
        if word not in {one.command for one in self.app.commands}:
            return f"{word} is not a valid command."
        if thread_ts:
            return f"{word} is not supported in threads."
        hook = self.response_url("commands", channel, person)
        # Slack sends the three characters that control its markup as entities, in commands too.
        typed = escaped(rest.strip())
        arrival = payloads.command(self, self.users[person], channel, word, typed, self.trigger(person), hook)
        ack = self._sent(Arrival("slash_commands", arrival))
        error = ack.error
        if not error and ack.body:
            body = {"text": ack.body} if isinstance(ack.body, str) else ack.body
            try:
                if any(body.get(part) for part in ("text", "blocks", "attachments")):
                    self.answer(channel, person, body)
            except (AttributeError, Refusal):
                error = "invalid_command_response"
        if error == NO_ACK:
            return f"{word} failed because the app did not respond"
        return f"{word} failed with the error {error}" if error else ""

    def _sent(self, arrival: Arrival) -> Ack:
        if self.outbound is None:
            return Ack(error="dispatch_failed")
        try:
            return self.outbound(arrival).result(self.ack_limit + GRACE_SECONDS)
        except NoAnswer:
            return Ack(error=NO_ACK)
