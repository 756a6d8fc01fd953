"""Faults ordered from the sandbox, met by slack_sdk without retries."""

import http.client
from typing import Any

import httpx
import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox.faults import Faults
from sandbox.server import SandboxServer
from sandbox.workspace import Workspace
from sandbox.workspace.seed import CHURN
from tests.sandbox.apps import Clock

POST = "chat.postMessage"


def post(client: WebClient, text: str = "card") -> Any:
    return client.chat_postMessage(channel=CHURN, text=text)


@pytest.mark.parametrize("seconds", [None, 7])
def test_too_many_requests_with_or_without_a_wait(
    client: WebClient, workspace: Workspace, seconds: float | None
) -> None:
    workspace.faults.add(POST, status=429, retry_after=seconds)
    with pytest.raises(SlackApiError) as held:
        post(client)
    assert held.value.response.status_code == 429
    assert held.value.response.headers.get("Retry-After") == (None if seconds is None else "7")
    assert workspace.messages("churn", "mira") == []
    assert post(client)["ok"]


@pytest.mark.parametrize(("when", "posted"), [("before", 0), ("after", 1)])
def test_a_server_error_before_or_after_the_message_was_taken(
    client: WebClient, workspace: Workspace, when: str, posted: int
) -> None:
    workspace.faults.add(POST, status=500, when=when)
    with pytest.raises(SlackApiError) as broken:
        post(client)
    assert broken.value.response.status_code == 500
    assert len(workspace.messages("churn", "mira")) == posted


@pytest.mark.parametrize(("when", "posted"), [("before", 0), ("after", 1)])
def test_a_connection_lost_before_or_after_the_message_was_taken(
    client: WebClient, workspace: Workspace, when: str, posted: int
) -> None:
    workspace.faults.add(POST, drop=when)
    with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
        post(client)
    assert len(workspace.messages("churn", "mira")) == posted
    assert post(client)["ok"]


def test_an_error_code_for_one_channel_as_often_as_ordered(client: WebClient, workspace: Workspace) -> None:
    workspace.join("#general")
    workspace.faults.add(POST, channel="#churn", error="restricted_action", times=2)
    assert client.chat_postMessage(channel="#general", text="elsewhere")["ok"]
    for _ in range(2):
        with pytest.raises(SlackApiError, match="restricted_action"):
            post(client)
    assert post(client)["ok"]


def test_history_may_lag_behind(client: WebClient, workspace: Workspace, clock: Clock) -> None:
    post(client)
    workspace.faults.add("conversations.history", lag=5, times=None)
    assert client.conversations_history(channel=CHURN)["messages"] == []
    clock.advance(5)
    assert len(client.conversations_history(channel=CHURN)["messages"]) == 1


def test_an_answer_that_comes_too_late_is_not_unsaid(server: SandboxServer, workspace: Workspace) -> None:
    workspace.faults.add(POST, delay=0.5, when="after")
    headers = {"Authorization": f"Bearer {workspace.bot_token}"}
    with pytest.raises(httpx.ReadTimeout):
        body = {"channel": CHURN, "text": "card"}
        httpx.post(f"{server.url}/api/{POST}", json=body, headers=headers, timeout=0.1)
    assert len(workspace.messages("churn", "mira")) == 1


def test_faults_are_ordered_over_http_too(client: WebClient, server: SandboxServer) -> None:
    order = [{"method": "*", "error": "fatal_error", "times": None}]
    assert httpx.post(f"{server.url}/sandbox/faults", json=order).json() == {"ok": True}
    for _ in range(3):
        with pytest.raises(SlackApiError, match="fatal_error"):
            client.auth_test()
    httpx.post(f"{server.url}/sandbox/faults", json=[])
    assert client.auth_test()["ok"]


@pytest.mark.parametrize(
    "rule",
    [
        {"method": POST, "colour": "red"},
        {"error": "x"},
        {"method": POST, "drop": "never"},
        {"method": POST, "times": 0},
    ],
)
def test_an_order_that_is_not_understood_is_refused(server: SandboxServer, rule: dict[str, Any]) -> None:
    answer = httpx.post(f"{server.url}/sandbox/faults", json=[rule])
    assert (answer.status_code, answer.json()["ok"]) == (400, False)


def test_the_first_rule_that_fits_is_used_up() -> None:
    faults = Faults()
    faults.add("*", error="first", times=1)
    faults.add(POST, error="second", times=1)
    taken = [faults.take(POST, frozenset({CHURN})) for _ in range(3)]
    assert [one.error if one else None for one in taken] == ["first", "second", None]
