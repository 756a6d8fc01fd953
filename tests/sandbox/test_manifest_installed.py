"""An app in the sandbox has what its manifest asked for, and nothing else."""

import copy
from pathlib import Path
from typing import Any

import pytest
import yaml
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox.workspace import Workspace
from sandbox.workspace.manifest import WrongManifest
from sandbox.workspace.seed import BOT, CHURN, PEOPLE
from tests.sandbox.apps import SocketApp

MIRA = PEOPLE[0].id
MANIFEST: dict[str, Any] = yaml.safe_load((Path(__file__).parents[2] / "manifest.yaml").read_text())


def changed(*path: str, to: Any) -> dict[str, Any]:
    made = copy.deepcopy(MANIFEST)
    part = made
    for key in path[:-1]:
        part = part.setdefault(key, {})
    part[path[-1]] = to
    return made


def error(call: Any, **arguments: Any) -> str:
    with pytest.raises(SlackApiError) as refused:
        call(**arguments)
    return str(refused.value.response["error"])


def test_the_committed_manifest_is_one_that_slack_takes(workspace: Workspace) -> None:
    workspace.install(MANIFEST)
    assert workspace.app.scopes == set(MANIFEST["oauth_config"]["scopes"]["bot"])
    assert [one.command for one in workspace.app.commands] == ["/runs"]
    assert workspace.app.events == set(MANIFEST["settings"]["event_subscriptions"]["bot_events"])


def test_a_scope_that_was_not_asked_for_is_not_there(client: WebClient, workspace: Workspace) -> None:
    ts = client.chat_postMessage(channel=CHURN, text="card")["ts"]
    workspace.install(MANIFEST)
    with pytest.raises(SlackApiError) as refused:
        client.reactions_add(channel=CHURN, timestamp=ts, name="eyes")
    answer = refused.value.response
    assert (answer["error"], answer["needed"]) == ("missing_scope", "reactions:write")
    assert answer["provided"] == ",".join(sorted(MANIFEST["oauth_config"]["scopes"]["bot"]))


def test_an_event_that_was_not_subscribed_to_is_not_told(app: SocketApp, workspace: Workspace) -> None:
    workspace.install(MANIFEST)
    workspace.type("mira", "churn", "@rundown hello")
    app.event("message")
    (message,) = workspace.messages("churn", "mira")
    workspace.react("mira", message, "eyes")
    workspace.type("mira", "churn", "the last")
    app.wait(lambda one: one.payload["event"].get("text") == "the last")
    assert {one.payload["event"]["type"] for one in app.arrived} == {"message"}


def test_a_command_is_the_one_of_the_manifest(app: SocketApp, workspace: Workspace) -> None:
    workspace.install(changed("features", "slash_commands", to=[{"command": "/training", "description": "x"}]))
    assert workspace.type("mira", "churn", "/runs").error == "/runs is not a valid command."
    assert workspace.type("mira", "churn", "/training latest").ok


@pytest.mark.parametrize(
    ("path", "to", "why"),
    [
        (("oauth_config", "scopes", "bot"), ["commands"], "message.channels needs the scope channels:history"),
        (("oauth_config", "scopes", "bot"), ["channels:history", "groups:history"], "need the scope commands"),
        (("settings", "event_subscriptions", "bot_events"), ["app_mention"], "needs the scope app_mentions:read"),
    ],
)
def test_a_manifest_that_forgets_a_scope_is_refused(
    workspace: Workspace, path: tuple[str, ...], to: list[str], why: str
) -> None:
    before = workspace.app
    with pytest.raises(WrongManifest, match=why):
        workspace.install(changed(*path, to=to))
    assert workspace.app == before


def test_a_home_tab_exists_if_the_manifest_says_so(client: WebClient, workspace: Workspace) -> None:
    home = {"user_id": MIRA, "view": {"type": "home", "blocks": []}}
    workspace.install(MANIFEST)
    assert error(client.views_publish, **home) == "not_enabled"
    workspace.install(changed("features", "app_home", "home_tab_enabled", to=True))
    assert client.views_publish(**home)["ok"]


def test_an_app_is_written_to_only_if_it_wants_to(client: WebClient, workspace: Workspace) -> None:
    direct = workspace.direct(MIRA, BOT.id).id
    assert workspace.type("mira", direct, "hello").ok
    workspace.install(MANIFEST)
    assert not workspace.type("mira", direct, "hello").ok
    assert client.chat_postMessage(channel=direct, text="a reminder")["ok"]
    workspace.install(changed("features", "app_home", "messages_tab_enabled", to=False))
    assert error(client.chat_postMessage, channel=direct, text="a reminder") == "messages_tab_disabled"


def test_buttons_work_if_the_app_is_interactive(client: WebClient, workspace: Workspace, app: SocketApp) -> None:
    button = {"type": "button", "action_id": "ask", "text": {"type": "plain_text", "text": "Show"}}
    client.chat_postMessage(channel=CHURN, text="card", blocks=[{"type": "actions", "elements": [button]}])
    (message,) = workspace.messages("churn", "mira")
    workspace.install(MANIFEST)
    assert workspace.press("mira", message, "Show").ok
    workspace.install(changed("settings", "interactivity", "is_enabled", to=False))
    assert not workspace.press("mira", message, "Show").ok
