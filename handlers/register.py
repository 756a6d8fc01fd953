"""Everything that can arrive from Slack, handed to Bolt; the declarations below make the app manifest."""

import re
from collections.abc import Callable
from typing import Any

import structlog
from slack_bolt import Ack, App, BoltRequest, BoltResponse
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from bot.deps import Deps
from bot.manifest import Declared, SlashCommand
from bot.words import Asker
from handlers import buttons, forms, replies
from handlers.answers import notice, payload
from handlers.commands import MENU, commands, prepare

log = structlog.get_logger("slack")


def declared(command: str) -> Declared:
    """What the handlers of this module need to be declared in Slack's app manifest."""
    return Declared(
        commands=(SlashCommand(command, "Ask about training runs", usage_hint()),),
        events=("message.channels", "message.groups"),
        scopes=(
            "channels:history",
            "channels:read",
            "chat:write",
            "commands",
            "files:write",
            "groups:history",
            "groups:read",
            "im:write",
            "users:read",
        ),
    )


def usage_hint() -> str:
    """Every word with what may follow it, the six that lead first: what Slack shows behind a typed slash."""
    return " | ".join(one.brief for one in commands().values() if one.name != MENU)


def slack_app(deps: Deps) -> App:
    """A Bolt app that answers in the ack; the door has verified what it is handed."""
    commands()  # finding and reading them takes a third of a second, which is no first asker's to wait
    app = App(
        name=deps.settings.app.name,
        client=WebClient(base_url=deps.settings.slack.api_base_url, retry_handlers=[]),
        authorize=_verified,
        process_before_response=True,
        request_verification_enabled=False,
        ssl_check_enabled=False,
        token_verification_enabled=False,
    )
    app.command(deps.settings.app.command)(_command(deps))
    app.action(re.compile(".*"))(_action(deps))
    app.view(re.compile(".*"))(_view(deps))
    app.event("message")(_message(deps))
    app.event(re.compile(".*"))(_pass_over)
    app.error(_failed)
    return app


def _verified(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
    """Lets in what the door has verified.

    Bolt's own way asks Slack's auth.test at the first arrival: while that is slow or fails, so does the answer.
    """
    return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id)


def dispatch(app: App, body: dict[str, Any], headers: dict[str, str] | None = None) -> BoltResponse:
    """Hand Bolt a body that was verified and parsed at the door.

    The mode is always "socket_mode" since Bolt 1.30 reads a form that contains the word "payload" as empty.
    """
    return app.dispatch(BoltRequest(mode="socket_mode", body=body, headers=dict(headers or {})))


def only_reads(body: dict[str, Any]) -> bool:
    """Whether a body is a command that is answered from the index: it never waits for those who write."""
    return "command" in body and not prepare(str(body.get("text") or "")).slow


def _command(deps: Deps) -> Callable[..., None]:
    def command(ack: Ack, body: dict[str, Any]) -> None:
        asker = Asker(
            body.get("user_id", ""),
            body.get("user_name", ""),
            body.get("channel_id", ""),
            body.get("channel_name", ""),
        )
        prepared = prepare(body.get("text", ""))
        if prepared.slow:
            deps.queue.put("answer", {**_asked(body), "text": body.get("text", "")}, _once(body))
            ack()
            return
        try:
            answer = prepared.answer(deps, asker)
        except Exception:
            log.exception("command_failed", text_length=len(body.get("text", "")))
            answer = notice("Something went wrong with this command.", "The log of the bot says what.")
        ack(payload(deps, answer))

    return command


def _asked(body: dict[str, Any]) -> dict[str, str]:
    return {
        "user": body.get("user_id", ""),
        "name": body.get("user_name", ""),
        "channel": body.get("channel_id", ""),
        "channel_name": body.get("channel_name", ""),
        "response_url": body.get("response_url", ""),
    }


def _once(body: dict[str, Any]) -> str:
    """What makes a command or press one of its kind, signed with the rest and the same over HTTP and sockets.

    What is done for it is done once, though its request came again after a restart or at another process.
    """
    return str(body.get("trigger_id") or "")[:200]


def _action(deps: Deps) -> Callable[..., None]:
    def action(ack: Ack, body: dict[str, Any]) -> None:
        press = buttons.pressed(body)
        if press is not None and forms.opens(press):
            forms.show(deps, press, str(body.get("trigger_id") or ""))
        elif press is not None and press["response_url"] and press["action"] != "open":
            deps.queue.put("press", press, _once(body))
        ack()

    return action


def _view(deps: Deps) -> Callable[..., None]:
    def view(ack: Ack, body: dict[str, Any]) -> None:
        form = forms.sent(body)
        wrong = forms.check(form) if form is not None else None
        if wrong is not None:
            ack(response_action="errors", errors=dict(wrong.errors))
            return
        if form is not None:
            deps.queue.put(forms.TASK, form, _once(body))
        ack()

    return view


def _message(deps: Deps) -> Callable[..., None]:
    def message(ack: Ack, body: dict[str, Any]) -> None:
        replies.heard(deps, body.get("event") or {}, str(body.get("event_id") or ""))
        ack()

    return message


def _pass_over(ack: Ack) -> None:
    """Take an event that nobody here waits for: Slack sends what is refused three times more."""
    ack()


def _failed(error: Exception, body: dict[str, Any]) -> BoltResponse:
    """Tell Slack that it failed, so that events are sent again; the body is never logged."""
    log.error("arrival_failed", kind=str(body.get("type") or body.get("command") or ""), exc_info=error)
    return BoltResponse(status=500, body="")
