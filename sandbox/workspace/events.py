"""Which events reach the app, and the envelope they come in."""

from typing import Any

from sandbox.workspace import seed
from sandbox.workspace.ground import Ground
from sandbox.workspace.nouns import Arrival, Channel

# Event to the scopes of which one lets an app hear it; Slack's reference of each event.
SCOPES: dict[str, tuple[str, ...]] = {
    "app_home_opened": (),
    "app_mention": ("app_mentions:read",),
    "link_shared": ("links:read",),
    "member_joined_channel": ("channels:read", "groups:read"),
    "message.channels": ("channels:history",),
    "message.groups": ("groups:history",),
    "message.im": ("im:history",),
    "reaction_added": ("reactions:read",),
    "reaction_removed": ("reactions:read",),
}
MESSAGES = {"channel": "message.channels", "group": "message.groups", "im": "message.im"}


def send(ground: Ground, event: dict[str, Any], channel: Channel | None = None) -> None:
    """Let the app know, if it asked for the event, may hear it and is in the channel."""
    if not _heard(ground, event, channel):
        return
    envelope = outer(ground, event)
    ground.events_sent.append(envelope)
    if ground.outbound is not None:
        ground.outbound(Arrival("events_api", envelope))


def _heard(ground: Ground, event: dict[str, Any], channel: Channel | None) -> bool:
    kind = str(event["type"])
    name = MESSAGES[channel.kind] if kind == "message" and channel else kind
    if name not in ground.app.events:
        return False
    wanted = SCOPES.get(name, ())
    if name == "member_joined_channel":
        wanted = ("groups:read",) if channel and channel.private else ("channels:read",)
    if wanted and ground.app.scopes.isdisjoint(wanted):
        return False
    # Links of the app's own domains are told from every public channel; is_bot_user_member says whether it is in.
    anywhere = kind == "link_shared" and channel is not None and channel.kind == "channel"
    return channel is None or anywhere or ground.bot.id in channel.members


def outer(ground: Ground, event: dict[str, Any]) -> dict[str, Any]:
    """The event_callback around one event."""
    return {
        "token": seed.VERIFICATION_TOKEN,
        "team_id": ground.team.id,
        "context_team_id": ground.team.id,
        "context_enterprise_id": None,
        "api_app_id": ground.app.id,
        "event": event,
        "type": "event_callback",
        "event_id": ground.new_id("Ev"),
        "event_time": int(ground.now()),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": ground.team.id,
                "user_id": ground.bot.id,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
        "event_context": ground.new_id("4-"),
    }
