"""Slack's app manifest keeps to Slack's rules, asks for no scope too many, and is the one that is committed."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.manifest import EVENT_SCOPES, SCOPES, Declared, Shortcut, SlashCommand, manifest, manifest_yaml
from bot.settings import AppSettings, Settings, load_app
from handlers.register import declared
from sandbox.workspace.seed import COMMANDS

ROOT = Path(__file__).parents[2]
HTTP = AppSettings(mode="http", public_url="https://bot.example.com")
SHORTCUT = Shortcut("Save to run notes", "message", "save", "Keep this reply with the run")
FULL = Declared(
    commands=(SlashCommand("/runs", "Ask about training runs", "latest | help"),),
    events=("message.channels", "app_mention"),
    scopes=("chat:write",),
    shortcuts=(SHORTCUT,),
)

# Slack's rules: key → (required, what it holds). https://docs.slack.dev/reference/app-manifest
TEXT, FLAG, TEXTS = "text", "flag", "texts"
SHAPE: dict[str, Any] = {
    "display_information": {"name": (True, TEXT, 35), "description": (False, TEXT, 140)},
    "features": {
        "app_home": {
            "home_tab_enabled": (False, FLAG, 0),
            "messages_tab_enabled": (False, FLAG, 0),
            "messages_tab_read_only_enabled": (False, FLAG, 0),
        },
        "bot_user": {"display_name": (True, TEXT, 80), "always_online": (False, FLAG, 0)},
        "shortcuts": [
            {
                "name": (True, TEXT, 24),
                "type": (True, TEXT, 7),
                "callback_id": (True, TEXT, 255),
                "description": (True, TEXT, 150),
            }
        ],
        "slash_commands": [
            {
                "command": (True, TEXT, 32),
                "description": (True, TEXT, 2000),
                "usage_hint": (False, TEXT, 1000),
                "should_escape": (False, FLAG, 0),
                "url": (False, TEXT, 3000),
            }
        ],
    },
    "oauth_config": {"scopes": {"bot": (True, TEXTS, 255)}},
    "settings": {
        "event_subscriptions": {"request_url": (False, TEXT, 3000), "bot_events": (False, TEXTS, 100)},
        "interactivity": {"is_enabled": (True, FLAG, 0), "request_url": (False, TEXT, 3000)},
        "org_deploy_enabled": (False, FLAG, 0),
        "socket_mode_enabled": (False, FLAG, 0),
        "token_rotation_enabled": (False, FLAG, 0),
    },
}
MOST = {"shortcuts": 10, "slash_commands": 50}


def complaints(made: Any, shape: Any, where: str = "") -> Iterator[str]:
    """What of a manifest Slack's rules forbid."""
    if isinstance(shape, tuple):
        _, kind, most = shape
        if kind == FLAG and not isinstance(made, bool):
            yield f"{where} is not true or false"
        if kind == TEXT and not (isinstance(made, str) and 1 <= len(made) <= most):
            yield f"{where} is not a text of 1 to {most} characters"
        if kind == TEXTS and not (len(set(made)) == len(made) <= most):
            yield f"{where} has too many entries, or one twice"
        return
    if isinstance(shape, list):
        if not 1 <= len(made) <= MOST[where.rpartition(".")[2]]:
            yield f"{where} has too few or too many entries"
        for one in made:
            yield from complaints(one, shape[0], where)
        return
    for key in made.keys() - shape.keys():
        yield f"{where}.{key} is unknown to Slack"
    for key, inner in shape.items():
        if key in made:
            yield from complaints(made[key], inner, f"{where}.{key}")
        elif isinstance(inner, tuple) and inner[0]:
            yield f"{where}.{key} is missing"


def addresses(made: Any) -> list[str]:
    if isinstance(made, dict):
        return [url for key, value in made.items() for url in ([value] if "url" in key else addresses(value))]
    return [url for one in made for url in addresses(one)] if isinstance(made, list) else []


def names(text: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return text.filter(lambda name: bool(name.strip()))


APPS = st.builds(
    AppSettings,
    name=names(st.text(min_size=1, max_size=35)),
    command=st.from_regex(r"/[a-z0-9][a-z0-9_-]{0,30}", fullmatch=True),
    mode=st.sampled_from(["socket", "http"]),
    public_url=st.just("https://bot.example.com"),
    description=names(st.text(min_size=1, max_size=140)),
)


@given(APPS, st.sampled_from([FULL, Declared((), (), ("chat:write",))]))
def test_every_manifest_keeps_to_slacks_rules(app: AppSettings, wanted: Declared) -> None:
    made = manifest(app, wanted)
    assert list(complaints(made, SHAPE)) == []
    assert yaml.safe_load(manifest_yaml(app, wanted)) == made


@pytest.mark.parametrize(
    "broken",
    [
        {"display_information": {"name": "x" * 36}},
        {"display_information": {}},
        {"features": {"slash_commands": []}},
        {"features": {"bot_user": {"display_name": "a", "always_online": "yes"}}},
        {"oauth_config": {"scopes": {"bot": ["commands", "commands"]}}},
        {"surprise": 1},
    ],
)
def test_the_rules_do_forbid(broken: dict[str, Any]) -> None:
    assert list(complaints(broken, SHAPE))


def test_socket_mode_has_no_addresses() -> None:
    made = manifest(Settings(), FULL)
    assert made["settings"]["socket_mode_enabled"] is True
    assert addresses(made) == []


def test_in_http_mode_everything_arrives_at_one_address() -> None:
    made = manifest(Settings(app=HTTP), FULL)
    assert made["settings"]["socket_mode_enabled"] is False
    assert addresses(made) == ["https://bot.example.com/slack/events"] * 3


def test_scopes_are_those_of_the_handlers_and_their_events_and_no_other() -> None:
    made = manifest(Settings(), FULL)
    assert made["oauth_config"]["scopes"]["bot"] == [
        "app_mentions:read",
        "channels:history",
        "chat:write",
        "commands",
    ]


def test_every_scope_and_event_that_is_declared_has_its_reason() -> None:
    real = declared("/runs")
    assert set(real.scopes) <= SCOPES.keys()
    assert set(real.events) <= EVENT_SCOPES.keys()
    assert set(EVENT_SCOPES.values()) <= SCOPES.keys()


def test_a_reason_names_a_method_that_the_bot_calls() -> None:
    source = (ROOT / "bot/edges/slack.py").read_text(encoding="utf-8")
    for scope in declared("/runs").scopes:
        methods = re.findall(r"\b(?:chat|conversations|users|reactions)\.\w+", SCOPES[scope])
        called = [method for method in methods if method.replace(".", "_", 1) in source]
        assert methods == called, f"{scope} is asked for, but not all of {methods} are called"


def test_the_committed_manifest_is_the_one_of_app_yaml_and_the_handlers() -> None:
    app = load_app(ROOT / "app.yaml", {})
    written = manifest_yaml(app, declared(app.command))
    path = ROOT / "manifest.yaml"
    if os.environ.get("RUNDOWN_WRITE_GOLDEN") == "1":
        path.write_text(written, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == written, "run: rundown manifest > manifest.yaml"


def test_the_sandboxs_command_is_the_manifests() -> None:
    (real,) = declared("/runs").commands
    (here,) = COMMANDS
    assert (here.command, here.description) == (real.command, real.description)
    assert here.usage_hint == real.usage_hint, "USAGE in sandbox/workspace/seed.py is what the page completes"
