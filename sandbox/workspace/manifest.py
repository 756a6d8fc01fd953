"""An app as its manifest installs it: the scopes, commands and events it has here are those it asked for."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sandbox.workspace import events
from sandbox.workspace.nouns import App, Command


class WrongManifest(ValueError):
    """A manifest that Slack would not take; the text says why."""


def installed(app: App, manifest: Mapping[str, Any]) -> App:
    """The app with all that a manifest grants it; raises WrongManifest where Slack would refuse it."""
    features, settings = _part(manifest, "features"), _part(manifest, "settings")
    scopes = frozenset(_part(_part(manifest, "oauth_config"), "scopes").get("bot") or ())
    heard = frozenset(_part(settings, "event_subscriptions").get("bot_events") or ())
    commands = tuple(
        Command(str(one["command"]), str(one.get("description", "")), str(one.get("usage_hint", "")))
        for one in features.get("slash_commands") or ()
    )
    home = _part(features, "app_home")
    for event in sorted(heard):
        wanted = events.SCOPES.get(event, ())
        if wanted and scopes.isdisjoint(wanted):
            raise WrongManifest(f"the event {event} needs the scope {' or '.join(wanted)}")
    if commands and "commands" not in scopes:
        raise WrongManifest("slash commands need the scope commands")
    if not scopes:
        raise WrongManifest("an app without bot scopes has no bot token")
    return replace(
        app,
        name=str(_part(manifest, "display_information").get("name") or app.name),
        scopes=scopes,
        commands=commands,
        events=heard,
        unfurl_domains=tuple(features.get("unfurl_domains") or ()),
        home_tab=bool(home.get("home_tab_enabled")),
        messages_tab=bool(home.get("messages_tab_enabled", True)),
        messages_read_only=bool(home.get("messages_tab_read_only_enabled")),
        interactive=bool(_part(settings, "interactivity").get("is_enabled")),
    )


def _part(whole: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    part = whole.get(key)
    return part if isinstance(part, Mapping) else {}
