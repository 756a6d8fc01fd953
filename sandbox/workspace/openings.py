"""What an arrival opens for the app: a trigger for a view, and a response_url for answers."""

import secrets
from collections.abc import Mapping
from typing import Any

from sandbox.workspace import checks, events, shapes
from sandbox.workspace.nouns import Channel, Entry, Hook, View
from sandbox.workspace.refusal import Refusal
from sandbox.workspace.talk import Talk

TRIGGER_SECONDS = 3.0
HOOK_SECONDS, HOOK_USES = 30 * 60, 5
VIEWS_AT_MOST = 3


class Openings(Talk):
    """Talk, with the views people have open."""

    def __init__(self, **how: Any) -> None:
        super().__init__(**how)
        self.modals: dict[str, list[View]] = {}
        self.homes: dict[str, View] = {}
        self._triggers: dict[str, tuple[str, float]] = {}
        self._redeemed: set[str] = set()
        self._hooks: dict[str, Hook] = {}

    def trigger(self, user: str) -> str:
        """A trigger_id: good once, for three seconds."""
        made = f"{self.new_id('')}.{self.team.id[1:]}.{secrets.token_hex(16)}"
        with self.changed:
            self._triggers[made] = (user, self.now())
        return made

    def redeem(self, trigger: str) -> str:
        """Whose trigger it is; refused with invalid_, expired_ or exchanged_trigger_id."""
        with self.changed:
            if trigger in self._redeemed:
                raise Refusal("exchanged_trigger_id")
            user, made_at = self._triggers.get(trigger, ("", 0.0))
            if not user:
                raise Refusal("invalid_trigger_id")
            if self.now() - made_at > TRIGGER_SECONDS:
                raise Refusal("expired_trigger_id")
            self._redeemed.add(trigger)
            return user

    def response_url(self, kind: str, channel: Channel, user: str, ts: str = "") -> str:
        """An address for answers: five uses within thirty minutes."""
        hook = Hook(f"{self.new_id('')}/{secrets.token_urlsafe(18)}", channel.id, user, self.now(), ts)
        with self.changed:
            self._hooks[hook.id] = hook
        return f"{self.base_url}/{kind}/{self.team.id}/{hook.id}"

    def answer_hook(self, hook_id: str, payload: Mapping[str, Any]) -> None:
        """Take what came to a response_url; refused with expired_url, used_url, no_text or invalid_blocks."""
        with self.changed:
            hook = self._hooks.get(hook_id)
            if hook is None or self.now() - hook.made_at > HOOK_SECONDS:
                raise Refusal("expired_url")
            if hook.uses >= HOOK_USES:
                raise Refusal("used_url")
            self.answer(self.channels[hook.channel], hook.user, payload, hook.ts)
            hook.uses += 1

    def answer(self, channel: Channel, user: str, payload: Mapping[str, Any], ts: str = "") -> Entry | None:
        """Show an answer to a command or button: to the person or, with in_channel, to all; `ts` was acted on."""
        blocks = checks.blocks(payload.get("blocks"), long=True)
        text = str(payload.get("text") or "")[: checks.TEXT_AT_MOST]
        original = channel.ephemerals.get(ts) or channel.entries.get(ts)
        if _true(payload.get("delete_original")):
            if original is not None:
                self.remove(original)
            return None
        attachments = list(checks.parsed(payload.get("attachments"), "invalid_attachments") or [])
        if not text and not blocks and not attachments:
            raise Refusal("no_text")
        if original is not None and _true(payload.get("replace_original")):
            self.change(original, by=self.bot.id, text=text, blocks=blocks, attachments=attachments)
            return original
        thread = str(payload.get("thread_ts") or "")
        if payload.get("response_type") == "in_channel":
            return self.post(channel, self.bot.id, text, blocks=blocks, thread_ts=thread, attachments=attachments)
        return self.whisper(channel, user, text, blocks=blocks, thread_ts=thread, attachments=attachments)

    def open_view(self, trigger: str, body: Mapping[str, Any], *, push: bool = False) -> View:
        """Open a modal, or push one upon the stack that is open."""
        with self.changed:
            user = self.redeem(trigger)
            self._unused(body)
            stack = self.modals.setdefault(user, [])
            if push and not stack:
                raise Refusal("not_found")
            if push and len(stack) >= VIEWS_AT_MOST:
                raise Refusal("push_limit_reached")
            if not push:
                stack.clear()
            return self._stacked(user, body)

    def update_view(self, view_id: str, external_id: str, body: Mapping[str, Any], expected: str) -> View:
        """Change a view that is open; refused with not_found or hash_conflict."""
        with self.changed:
            found = self.view_by_id(view_id, external_id)
            if expected and expected != found.hash:
                raise Refusal("hash_conflict")
            self._unused(body, found)
            self._replaced(found, body)
            return found

    def publish(self, user: str, body: Mapping[str, Any], expected: str) -> View:
        """Set somebody's home tab; refused with not_enabled or hash_conflict."""
        with self.changed:
            if not self.app.home_tab:
                raise Refusal("not_enabled")
            found = self.homes.get(user)
            self._unused(body, found)
            if found is None:
                made = self.new_id("V")
                found = self.homes[user] = View(made, user, self._body(body), self._hash(), made)
                self._tell_view("view_opened", found)
            else:
                if expected and expected != found.hash:
                    raise Refusal("hash_conflict")
                self._replaced(found, body)
            return found

    def view_by_id(self, view_id: str, external_id: str = "") -> View:
        """An open view; refused with not_found."""
        for view in self._every_view():
            if view_id == view.id or (external_id and external_id == view.body.get("external_id")):
                return view
        raise Refusal("not_found")

    def _every_view(self) -> list[View]:
        return [view for stack in self.modals.values() for view in stack] + list(self.homes.values())

    def _unused(self, body: Mapping[str, Any], own: View | None = None) -> None:
        external = body.get("external_id")
        if external and any(
            view.body.get("external_id") == external for view in self._every_view() if view is not own
        ):
            raise Refusal("duplicate_external_id")

    def view(self, user: str) -> View | None:
        """The modal a person has in front of them."""
        stack = self.modals.get(self.user(user).id)
        return stack[-1] if stack else None

    def open_views(self, user: str) -> tuple[list[dict[str, Any]], dict[str, Any] | None]:
        """The modals a person has open, the front one last, and their home tab."""
        with self.changed:
            home = self.homes.get(user)
            modals = [shapes.view(self, view) for view in self.modals.get(user, [])]
            return modals, shapes.view(self, home) if home else None

    def close_views(self, user: str, *, all_of_them: bool) -> list[View]:
        """Take the front view, or all, off a person's screen; returns what was closed."""
        with self.changed:
            stack = self.modals.get(user, [])
            closed = [stack.pop() for _ in range(len(stack) if all_of_them else min(1, len(stack)))]
            for view in closed:
                self._tell_view("view_closed", view)
            return closed

    def after_submission(self, view: View, body: Any) -> Mapping[str, str]:
        """Do what the app answered to a submission; returns its errors per block."""
        action = body.get("response_action") if isinstance(body, dict) else None
        if action == "errors":
            return {str(block): str(text) for block, text in dict(body.get("errors") or {}).items()}
        with self.changed:
            if action == "update":
                self._replaced(view, checks.view(body.get("view")))
            elif action == "push":
                self._stacked(view.user, checks.view(body.get("view")))
            else:
                self.close_views(view.user, all_of_them=action == "clear")
        return {}

    def opened_home(self, user: str) -> None:
        """A person looks at the app's home tab."""
        home = self.homes.get(user)
        event: dict[str, Any] = {
            "type": "app_home_opened",
            "user": user,
            "channel": self.direct(user, self.bot.id).id,
        }
        event |= {"tab": "home", "event_ts": self.new_ts()}
        events.send(self, event | ({"view": shapes.view(self, home)} if home else {}))

    def _stacked(self, user: str, body: Mapping[str, Any]) -> View:
        stack = self.modals.setdefault(user, [])
        made = self.new_id("V")
        root, previous = (stack[0].id, stack[-1].id) if stack else (made, "")
        view = View(made, user, self._body(body), self._hash(), root, previous)
        stack.append(view)
        self._tell_view("view_opened", view)
        return view

    def _replaced(self, view: View, body: Mapping[str, Any]) -> None:
        view.body, view.hash = self._body(body), self._hash()
        self._tell_view("view_updated", view)

    def _body(self, body: Mapping[str, Any]) -> dict[str, Any]:
        return {**body, "blocks": self.with_ids(body.get("blocks") or [])}

    def _hash(self) -> str:
        return f"{int(self.now())}.{secrets.token_hex(4)}"

    def _tell_view(self, kind: str, view: View) -> None:
        self.tell({"type": kind, "view": shapes.view(self, view)}, only=view.user)


def _true(value: Any) -> bool:
    return value is True or str(value).lower() == "true"
