"""What the app is told of commands, buttons and forms."""

from collections.abc import Mapping
from typing import Any

from sandbox.workspace import seed, shapes
from sandbox.workspace.ground import Ground
from sandbox.workspace.nouns import Channel, Entry, User, View

# Slack names conversations that have no public name by their kind.
UNNAMED = {"im": "directmessage", "group": "privategroup"}


def name_of(channel: Channel) -> str:
    """The channel's name as commands and buttons tell it."""
    return UNNAMED.get(channel.kind, channel.name)


def command(
    ground: Ground, person: User, channel: Channel, word: str, text: str, trigger: str, response_url: str
) -> dict[str, Any]:
    """A slash command; over HTTP these are the fields of a form."""
    return {
        "token": seed.VERIFICATION_TOKEN,
        "team_id": ground.team.id,
        "team_domain": ground.team.domain,
        "channel_id": channel.id,
        "channel_name": name_of(channel),
        "user_id": person.id,
        "user_name": person.name,
        "command": word,
        "text": text,
        "api_app_id": ground.app.id,
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": trigger,
    }


def _interaction(ground: Ground, kind: str, person: User) -> dict[str, Any]:
    return {
        "type": kind,
        "user": {"id": person.id, "username": person.name, "name": person.name, "team_id": ground.team.id},
        "api_app_id": ground.app.id,
        "token": seed.VERIFICATION_TOKEN,
        "team": {"id": ground.team.id, "domain": ground.team.domain},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def message_action(
    ground: Ground, person: User, entry: Entry, action: Mapping[str, Any], trigger: str, response_url: str
) -> dict[str, Any]:
    """A button or menu of a message; Slack shows the message itself only if everyone can see it."""
    channel = ground.channels[entry.channel]
    container: dict[str, Any] = {"type": "message", "message_ts": entry.ts, "channel_id": channel.id}
    container["is_ephemeral"] = bool(entry.ephemeral_to)
    if entry.thread_ts:
        container["thread_ts"] = entry.thread_ts
    made = _interaction(ground, "block_actions", person) | {"container": container, "trigger_id": trigger}
    made["channel"] = {"id": channel.id, "name": name_of(channel)}
    if not entry.ephemeral_to:
        made["message"] = shapes.message(ground, entry)
    made |= {"state": {"values": {}}, "response_url": response_url}
    return made | {"actions": [{**action, "action_ts": ground.new_ts()}]}


def view_action(
    ground: Ground, person: User, view: View, action: Mapping[str, Any], trigger: str
) -> dict[str, Any]:
    """A button or menu of a modal or home tab."""
    made = _interaction(ground, "block_actions", person)
    made |= {"container": {"type": "view", "view_id": view.id}, "trigger_id": trigger}
    made["view"] = shapes.view(ground, view)
    return made | {"actions": [{**action, "action_ts": ground.new_ts()}]}


def submission(
    ground: Ground, person: User, view: View, values: Mapping[str, Any], trigger: str
) -> dict[str, Any]:
    """A modal that was sent, with what was filled in."""
    made = _interaction(ground, "view_submission", person) | {"trigger_id": trigger}
    made["view"] = shapes.view(ground, view) | {"state": {"values": dict(values)}}
    return made | {"response_urls": []}


def closed(ground: Ground, person: User, view: View, *, cleared: bool) -> dict[str, Any]:
    """A modal that was closed without sending it."""
    made = _interaction(ground, "view_closed", person)
    return made | {"view": shapes.view(ground, view), "is_cleared": cleared}
