"""What the sandbox says of calls that no method can understand, as Slack says it."""

from typing import Any

import httpx
import pytest
from slack_sdk import WebClient

from sandbox.server import SandboxServer
from sandbox.workspace import Workspace
from sandbox.workspace.seed import CHURN, PEOPLE

MIRA = PEOPLE[0].id
FORM = "application/x-www-form-urlencoded"


def called(server: SandboxServer, method: str, **how: Any) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {server.workspace.bot_token}", **how.pop("headers", {})}
    answer: dict[str, Any] = httpx.post(f"{server.url}/api/{method}", headers=headers, **how).json()
    return answer


@pytest.mark.parametrize(
    ("content_type", "body", "error"),
    [
        ("application/json", b"{", "invalid_json"),
        ("application/json", b"[1]", "json_not_object"),
        ("application/json; charset=klingon", b"{}", "invalid_charset"),
        ("application/xml", b"<a/>", "invalid_post_type"),
        ("", b"channel=C1", "missing_post_type"),
        (FORM, b"text=\xff", "invalid_form_data"),
        (FORM, b"text[0]=x", "invalid_array_arg"),
        (FORM, b"te-xt=x", "invalid_arg_name"),
        (FORM, b"a" * 101 + b"=x", "invalid_arg_name"),
    ],
)
def test_a_malformed_request_is_named(server: SandboxServer, content_type: str, body: bytes, error: str) -> None:
    headers = {"Content-Type": content_type} if content_type else {}
    answer = called(server, "chat.postMessage", content=body, headers=headers)
    assert (answer["ok"], answer["error"]) == (False, error)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"text": "x"}, "missing required field: channel"),
        ({"channel": "", "text": "x"}, "missing required field: channel"),
        ({"channel": 7, "text": "x"}, "must provide a string [json-pointer:/channel]"),
        ({"channel": CHURN, "text": ["x"]}, "must provide a string [json-pointer:/text]"),
        (
            {"channel": CHURN, "text": "x", "unfurl_links": "maybe"},
            "must provide a boolean [json-pointer:/unfurl_links]",
        ),
        (
            {"channel": CHURN, "text": "x", "thread_ts": 1700000000.1},
            "must provide a string [json-pointer:/thread_ts]",
        ),
    ],
)
def test_arguments_that_are_missing_or_of_another_kind_are_named(
    server: SandboxServer, arguments: dict[str, Any], told: str
) -> None:
    answer = called(server, "chat.postMessage", json=arguments)
    assert answer["error"] == "invalid_arguments"
    assert answer["response_metadata"]["messages"] == [f"[ERROR] {told}"]


def test_an_argument_without_a_meaning_is_passed_over_but_kept_in_the_log(
    client: WebClient, workspace: Workspace
) -> None:
    assert client.api_call("chat.postMessage", json={"channel": CHURN, "text": "x", "tread_ts": "1.0"})["ok"]
    (call,) = workspace.log.calls("chat.postMessage")
    assert call.ignored == ["tread_ts"]


@pytest.mark.parametrize("flag", [True, "true", "1", False, "false", "0", None])
def test_a_flag_is_said_in_any_of_slacks_ways(server: SandboxServer, flag: Any) -> None:
    assert called(server, "chat.postMessage", json={"channel": CHURN, "text": "x", "mrkdwn": flag})["ok"]


def test_a_method_that_reads_no_json_misses_what_came_as_json(server: SandboxServer) -> None:
    answer = called(server, "users.info", json={"user": MIRA})
    assert answer["response_metadata"]["messages"] == ["[ERROR] missing required field: user"]
    assert called(server, "users.info", data={"user": MIRA})["ok"]


def test_one_of_several_scopes_is_enough_and_all_are_named() -> None:
    workspace = Workspace(scopes=["groups:read"])
    with SandboxServer(workspace) as server:
        refused = called(server, "conversations.history", data={"channel": CHURN})
        assert refused["needed"] == "channels:history,groups:history,im:history,mpim:history"
        refused = called(server, "conversations.info", data={"channel": CHURN})
        assert (refused["error"], refused["needed"]) == ("missing_scope", "channels:read")
        listed = called(server, "conversations.list", data={"types": "private_channel"})
        assert listed["channels"] == []
