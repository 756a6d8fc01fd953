"""Socket Mode of the sandbox, with slack_sdk's own client and with Bolt at the other end."""

import json
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from typing import Any

import httpx
import pytest
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect as connected

from sandbox.arrivals.socket_mode import CONNECTIONS_AT_MOST
from sandbox.server import SandboxServer
from sandbox.workspace import Workspace
from sandbox.workspace.seed import BOT, CHURN
from tests.sandbox.apps import Clock, SocketApp

Connect = Callable[[], SocketApp]
websocket = partial(connected, proxy=None, close_timeout=1)


def test_a_command_is_answered_to_the_person_in_its_ack(app: SocketApp, workspace: Workspace) -> None:
    app.answers = lambda request: {"text": "no runs yet"}
    assert workspace.type("mira", "churn", "/runs latest  churn").ok
    (message,) = workspace.messages("churn", "mira")
    assert (message["text"], message["ephemeral"], message["user"]) == ("no runs yet", True, BOT.id)
    assert workspace.messages("churn", "jonas") == []
    payload = app.arrived[0].payload
    assert (payload["command"], payload["text"]) == ("/runs", "latest  churn")
    assert (payload["channel_id"], payload["channel_name"], payload["user_name"]) == (CHURN, "churn", "mira")


def test_a_command_is_answered_to_all_if_the_app_says_so(app: SocketApp, workspace: Workspace) -> None:
    app.answers = lambda request: {"text": "one run", "response_type": "in_channel"}
    workspace.type("mira", "churn", "/runs")
    (message,) = workspace.messages("churn", "jonas")
    assert (message["text"], message["ephemeral"], message["bot_id"]) == ("one run", False, "B0RUNDOWN1")


def test_a_command_works_where_the_bot_is_no_member(app: SocketApp, workspace: Workspace) -> None:
    app.answers = lambda request: {"text": "hello"}
    assert workspace.type("mira", "model-review", "/runs").ok
    assert app.arrived[0].payload["channel_name"] == "privategroup"
    assert workspace.messages("model-review", "mira")[-1]["text"] == "hello"


def test_markup_characters_of_a_command_arrive_as_entities(app: SocketApp, workspace: Workspace) -> None:
    workspace.type("mira", "churn", "/runs search metrics.auc > 0.9 & a < b")
    assert app.arrived[0].payload["text"] == "search metrics.auc &gt; 0.9 &amp; a &lt; b"


def test_a_command_without_an_app_fails_visibly(server: SandboxServer, workspace: Workspace) -> None:
    outcome = workspace.type("mira", "churn", "/runs")
    assert outcome.error == "/runs failed with the error dispatch_failed"
    (message,) = workspace.messages("churn", "mira")
    assert (message["text"], message["ephemeral"]) == (outcome.error, True)


def test_a_command_that_is_not_acknowledged_in_time_fails(app: SocketApp, workspace: Workspace) -> None:
    app.silent, workspace.ack_limit = True, 0.2
    assert workspace.type("mira", "churn", "/runs").error == "/runs failed because the app did not respond"


def test_an_ack_with_broken_blocks_is_told_to_the_person(app: SocketApp, workspace: Workspace) -> None:
    app.answers = lambda request: {"blocks": [{"type": "nonsense"}]}
    assert workspace.type("mira", "churn", "/runs").error == "/runs failed with the error invalid_command_response"


def test_commands_are_refused_in_threads_and_unknown_ones_everywhere(app: SocketApp, workspace: Workspace) -> None:
    parent = workspace.type("mira", "churn", "card").ts
    refused = workspace.type("mira", "churn", "/runs", thread_ts=parent)
    assert (refused.ok, refused.error) == (False, "/runs is not supported in threads.")
    assert workspace.type("mira", "churn", "/nonsense").error == "/nonsense is not a valid command."
    app.event("message")
    assert [one.type for one in app.arrived] == ["events_api"]


def test_an_answer_may_come_by_response_url_up_to_five_times(app: SocketApp, workspace: Workspace) -> None:
    workspace.type("mira", "churn", "/runs")
    url = app.arrived[0].payload["response_url"]
    assert httpx.post(url, json={"text": "to you"}).text == "ok"
    assert httpx.post(url, json={"text": "to all", "response_type": "in_channel"}).status_code == 200
    assert [one["text"] for one in workspace.messages("churn", "jonas")] == ["to all"]
    assert [one["text"] for one in workspace.messages("churn", "mira")] == ["to you", "to all"]
    for _ in range(3):
        httpx.post(url, json={"text": "again"})
    refused = httpx.post(url, json={"text": "too often"})
    assert (refused.status_code, refused.json()["error"]) == (404, "used_url")


def test_a_response_url_ends_after_half_an_hour(app: SocketApp, workspace: Workspace, clock: Any) -> None:
    workspace.type("mira", "churn", "/runs")
    clock.advance(30 * 60 + 1)
    refused = httpx.post(app.arrived[0].payload["response_url"], json={"text": "late"})
    assert (refused.status_code, refused.json()["error"]) == (404, "expired_url")


def test_an_answer_with_broken_blocks_uses_nothing_up(app: SocketApp, workspace: Workspace) -> None:
    workspace.type("mira", "churn", "/runs")
    url = app.arrived[0].payload["response_url"]
    for _ in range(6):
        refused = httpx.post(url, json={"blocks": [{"type": "nonsense"}]})
        assert (refused.status_code, refused.json()["error"]) == (400, "invalid_blocks")
    assert httpx.post(url, json={"text": "well"}).status_code == 200


def test_an_event_comes_in_its_whole_envelope(app: SocketApp, workspace: Workspace) -> None:
    ts = workspace.type("mira", "churn", "@rundown show it").ts
    app.event("app_mention")
    said = app.wait(lambda one: one.payload["event"]["type"] == "message").payload
    assert (said["type"], said["api_app_id"], said["team_id"]) == ("event_callback", "A0RUNDOWN1", "T0SANDBOX1")
    assert said["authorizations"][0]["user_id"] == BOT.id
    assert said["event_id"].startswith("Ev")
    assert said["event_time"] == int(workspace.now())
    event = said["event"]
    assert (event["channel"], event["channel_type"], event["ts"]) == (CHURN, "channel", ts)
    assert event["text"] == f"<@{BOT.id}> show it"
    assert event["blocks"][0]["elements"][0]["elements"][0] == {"type": "user", "user_id": BOT.id}


def test_an_event_nobody_acknowledges_comes_again_with_the_same_id(app: SocketApp, workspace: Workspace) -> None:
    app.silent, workspace.ack_limit = True, 0.1
    workspace.type("mira", "churn", "hello")
    app.wait(lambda one: one.retry_attempt == 3)
    assert [one.retry_attempt for one in app.arrived] == [0, 1, 2, 3]
    assert [one.retry_reason for one in app.arrived] == ["", "timeout", "timeout", "timeout"]
    assert len({one.payload["event_id"] for one in app.arrived}) == 1
    assert len({one.envelope_id for one in app.arrived}) == 4


def test_an_event_comes_again_at_once_after_a_minute_and_after_five(
    app: SocketApp, workspace: Workspace, clock: Clock
) -> None:
    app.silent, workspace.ack_limit, workspace.retry_after = True, 0.05, (0.0, 60.0, 300.0)
    workspace.type("mira", "churn", "hello")
    app.wait(lambda one: one.retry_attempt == 1)
    for attempt, wait in ((2, 60.0), (3, 300.0)):
        clock.advance(wait - 1)
        assert [one.retry_attempt for one in app.arrived] == list(range(attempt))
        clock.advance(1)
        app.wait(lambda one, wanted=attempt: one.retry_attempt == wanted)


def test_an_app_has_ten_connections_and_the_eleventh_is_told_so(
    server: SandboxServer, workspace: Workspace
) -> None:
    tickets = [server.sockets.ticket() for _ in range(CONNECTIONS_AT_MOST + 1)]
    address = f"ws://{server.host}:{server.port}/link/?ticket="
    with ExitStack() as open_ones:
        lines = [open_ones.enter_context(websocket(address + ticket)) for ticket in tickets[:-1]]
        hellos = [json.loads(line.recv()) for line in lines]
        assert {one["type"] for one in hellos} == {"hello"}
        assert [one["num_connections"] for one in hellos] == list(range(1, CONNECTIONS_AT_MOST + 1))
        with websocket(address + tickets[-1]) as eleventh:
            told = json.loads(eleventh.recv())
            assert (told["type"], told["reason"]) == ("disconnect", "too_many_websockets")
            with pytest.raises(ConnectionClosed):
                eleventh.recv()
        assert workspace.connections == CONNECTIONS_AT_MOST
        with pytest.raises(InvalidStatus), websocket(address + tickets[0]):
            pass


def test_an_ack_of_another_envelope_acknowledges_nothing(server: SandboxServer, workspace: Workspace) -> None:
    workspace.ack_limit = 0.3
    address = f"ws://{server.host}:{server.port}/link/?ticket={server.sockets.ticket()}"
    with websocket(address) as line:
        line.recv()
        line.send("no json")
        line.send(json.dumps({"envelope_id": "guess"}))
        assert not workspace.type("mira", "churn", "/runs").ok
        envelope = json.loads(line.recv())
        assert (envelope["type"], envelope["accepts_response_payload"]) == ("slash_commands", True)


def test_a_warning_leaves_the_connection_open(server: SandboxServer, workspace: Workspace) -> None:
    address = f"ws://{server.host}:{server.port}/link/?ticket={server.sockets.ticket()}"
    with websocket(address) as line:
        assert json.loads(line.recv())["connection_info"] == {"app_id": "A0RUNDOWN1"}
        server.refresh("warning")
        assert json.loads(line.recv())["reason"] == "warning"
        assert workspace.connections == 1
        server.refresh("link_disabled")
        assert json.loads(line.recv())["reason"] == "link_disabled"
        with pytest.raises(ConnectionClosed):
            line.recv()


def test_a_refresh_makes_the_client_come_again(
    app: SocketApp, server: SandboxServer, workspace: Workspace
) -> None:
    server.refresh()
    assert workspace.connections == 0
    workspace.wait_for(lambda: workspace.connections == 1, 10)
    app.answers = lambda request: {"text": "still here"}
    assert workspace.type("mira", "churn", "/runs").ok


def test_arrivals_take_turns_between_connections(connect: Connect, workspace: Workspace) -> None:
    one, other = connect(), connect()
    for _ in range(4):
        workspace.type("mira", "churn", "/runs")
    assert (len(one.arrived), len(other.arrived)) == (2, 2)


def test_a_ticket_opens_one_connection(server: SandboxServer, workspace: Workspace) -> None:
    client = WebClient(base_url=f"{server.url}/api/")
    url = client.apps_connections_open(app_token=workspace.app_token)["url"]
    assert url.startswith("ws://127.0.0.1:")
    answer = httpx.get(
        f"{server.url}/link/?ticket=guess", headers={"Connection": "Upgrade", "Upgrade": "websocket"}
    )
    assert answer.status_code >= 400


def test_an_app_made_with_bolt_works_unchanged(server: SandboxServer, workspace: Workspace) -> None:
    client = WebClient(token=workspace.bot_token, base_url=f"{server.url}/api/")
    bolt = App(client=client)

    @bolt.command("/runs")
    def runs(ack: Any, command: Any) -> None:
        ack(f"you asked for {command['text']}")

    @bolt.event("app_mention")
    def mention(say: Any, event: Any) -> None:
        say(text="here", thread_ts=event["ts"])

    handler = SocketModeHandler(bolt, workspace.app_token)
    handler.connect()
    try:
        workspace.wait_for(lambda: workspace.connections)
        assert workspace.type("mira", "churn", "/runs latest").ok
        assert workspace.messages("churn", "mira")[-1]["text"] == "you asked for latest"
        asked = workspace.type("mira", "churn", "@rundown").ts
        workspace.wait_for(lambda: len(workspace.thread("churn", asked)) == 2)
        assert workspace.thread("churn", asked)[1]["text"] == "here"
    finally:
        handler.close()


@pytest.mark.parametrize("where", ["general", "model-review"])
def test_what_is_said_where_the_bot_is_not_stays_there(app: SocketApp, workspace: Workspace, where: str) -> None:
    workspace.type("mira", where, "secret")
    workspace.type("mira", "churn", "open")
    assert app.event("message")["text"] == "open"
