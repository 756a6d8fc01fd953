"""Slack's app manifest, made from what the handlers declare and the `app:` block of app.yaml."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from bot.settings import AppSettings, Settings

# Why Rundown asks for a scope: the method or event of Slack's reference that needs it.
SCOPES: Mapping[str, str] = {
    "app_mentions:read": "hears when it is mentioned (event app_mention)",
    "channels:history": "hears replies in threads of public channels (event message.channels) and finds messages "
    "of which nobody knows whether they arrived (conversations.history)",
    "channels:read": "finds public channels by name and sees whether it is a member (conversations.list)",
    "chat:write": "posts and edits cards, and answers privately (chat.postMessage, chat.update)",
    "commands": "answers its slash command",
    "files:write": "puts up pictures of curves (files.getUploadURLExternal, files.completeUploadExternal)",
    "groups:history": "does the same in private channels (event message.groups, conversations.history)",
    "groups:read": "finds private channels it was invited to (conversations.list)",
    "im:history": "hears direct messages (event message.im)",
    "im:write": "opens direct messages (conversations.open)",
    "links:read": "sees links to MLflow (event link_shared)",
    "links:write": "shows cards for links to MLflow (chat.unfurl)",
    "reactions:read": "sees reactions to replies (event reaction_added)",
    "reactions:write": "confirms with a reaction (reactions.add)",
    "users:read": "knows people's names and time zones (users.info)",
    "users:read.email": "joins MLflow users to Slack people by e-mail (users.lookupByEmail)",
}
EVENT_SCOPES: Mapping[str, str] = {
    "app_mention": "app_mentions:read",
    "link_shared": "links:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
}
FIRST_LINE = (
    "# Slack's app manifest, made by `rundown manifest` from app.yaml and the handlers that exist: do not edit.\n"
    "# Paste it at https://api.slack.com/apps, Create New App, From a manifest.\n"
)


@dataclass(frozen=True, slots=True)
class SlashCommand:
    """A slash command that a handler answers."""

    command: str
    description: str
    usage_hint: str = ""


@dataclass(frozen=True, slots=True)
class Shortcut:
    """A message or global shortcut that a handler answers; `type` is message or global."""

    name: str
    type: str
    callback_id: str
    description: str


@dataclass(frozen=True, slots=True)
class Declared:
    """What the handlers that exist need of Slack."""

    commands: tuple[SlashCommand, ...]
    events: tuple[str, ...]
    scopes: tuple[str, ...]
    shortcuts: tuple[Shortcut, ...] = ()


def needed_scopes(declared: Declared) -> tuple[str, ...]:
    """The bot scopes that the declared handlers need, those of their events included, in order."""
    needed = {*declared.scopes, *(EVENT_SCOPES[event] for event in declared.events if event in EVENT_SCOPES)}
    if declared.commands or declared.shortcuts:
        needed.add("commands")
    return tuple(sorted(needed))


def manifest(settings: Settings | AppSettings, declared: Declared) -> dict[str, Any]:
    """The manifest of the Slack app, for the mode that `app:` names.

    In http mode everything arrives at {public_url}/slack/events; in socket mode there are no addresses.
    """
    app = settings.app if isinstance(settings, Settings) else settings
    url = f"{app.public_url}/slack/events" if app.mode == "http" else ""
    features: dict[str, Any] = {
        "app_home": {
            "home_tab_enabled": False,
            "messages_tab_enabled": True,
            "messages_tab_read_only_enabled": True,
        },
        "bot_user": {"display_name": _one_line(app.name), "always_online": True},
    }
    if declared.shortcuts:
        features["shortcuts"] = [_shortcut(shortcut) for shortcut in declared.shortcuts]
    if declared.commands:
        features["slash_commands"] = [_command(command, url) for command in declared.commands]
    settled: dict[str, Any] = {}
    if declared.events:
        settled["event_subscriptions"] = {**_at("request_url", url), "bot_events": sorted(declared.events)}
    settled["interactivity"] = {"is_enabled": True, **_at("request_url", url)}
    return {
        "display_information": {"name": _one_line(app.name), "description": _one_line(app.description)},
        "features": features,
        "oauth_config": {"scopes": {"bot": list(needed_scopes(declared))}},
        "settings": {
            **settled,
            "org_deploy_enabled": False,
            "socket_mode_enabled": app.mode == "socket",
            "token_rotation_enabled": False,
        },
    }


def _one_line(text: str) -> str:
    """Names as Slack shows them: control characters and line breaks of any script become spaces."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split()) or "Rundown"


def manifest_yaml(settings: Settings | AppSettings, declared: Declared) -> str:
    """The manifest as the text of manifest.yaml."""
    made = manifest(settings, declared)
    return FIRST_LINE + yaml.safe_dump(made, sort_keys=False, allow_unicode=True, width=100)


def _command(command: SlashCommand, url: str) -> dict[str, Any]:
    made: dict[str, Any] = {"command": command.command, "description": command.description}
    if command.usage_hint:
        made["usage_hint"] = command.usage_hint
    return {**made, "should_escape": False, **_at("url", url)}


def _shortcut(shortcut: Shortcut) -> dict[str, Any]:
    return {
        "name": shortcut.name,
        "type": shortcut.type,
        "callback_id": shortcut.callback_id,
        "description": shortcut.description,
    }


def _at(key: str, url: str) -> dict[str, str]:
    return {key: url} if url else {}
