"""The page's JSON API: what a browser reads, hears and does."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from slack_sdk import WebClient

from sandbox.server import SandboxServer
from sandbox.workspace import Workspace
from sandbox.workspace.seed import BOT, CHURN, PEOPLE
from tests.sandbox.apps import SocketApp

MIRA, JONAS, LENA = PEOPLE[0].id, PEOPLE[1].id, PEOPLE[-1].id


@pytest.fixture
def page(server: SandboxServer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url) as browser:
        yield browser


class Stream:
    """One browser's event stream, read in a thread."""

    def __init__(self, url: str, person: str) -> None:
        self.events: list[dict[str, Any]] = []
        self.ended = threading.Event()
        self.heard = threading.Condition()
        self.opened = threading.Event()
        threading.Thread(target=self._read, args=(f"{url}/sandbox/stream?as={person}",), daemon=True).start()
        assert self.opened.wait(5)

    def _read(self, url: str) -> None:
        with httpx.stream("GET", url, timeout=30) as answer:
            for line in answer.iter_lines():
                self.opened.set()
                if line.startswith("data: "):
                    with self.heard:
                        self.events.append(json.loads(line.removeprefix("data: ")))
                        self.heard.notify_all()
        self.ended.set()

    def wait(self, kind: str) -> dict[str, Any]:
        def found() -> list[dict[str, Any]]:
            return [one for one in self.events if one["type"] == kind]

        with self.heard:
            assert self.heard.wait_for(found, 5), self.events
            return found()[0]


def test_the_state_shows_a_person_what_they_may_see(page: httpx.Client, workspace: Workspace) -> None:
    workspace.type("jonas", "churn", "hello")
    state = page.get("/sandbox/state", params={"as": MIRA}).json()
    assert (state["me"], state["bot"]["id"], state["connected"]) == (MIRA, BOT.id, False)
    assert state["commands"][0]["command"] == "/runs"
    churn = next(one for one in state["channels"] if one["name"] == "churn")
    assert (churn["unread"], churn["is_im"], BOT.id in churn["member_ids"]) == (1, False, True)
    assert {one["user"] for one in state["channels"] if one["is_im"]} == {BOT.id, JONAS}
    guest = page.get("/sandbox/state", params={"as": LENA}).json()
    assert [one["name"] for one in guest["channels"] if not one["is_im"]] == ["churn"]


def test_reading_a_channel_clears_what_is_unread(page: httpx.Client, workspace: Workspace) -> None:
    ts = workspace.type("jonas", "churn", "hello").ts
    page.post("/sandbox/read", json={"as": MIRA, "channel": CHURN, "ts": ts})
    state = page.get("/sandbox/state", params={"as": MIRA}).json()
    assert next(one for one in state["channels"] if one["id"] == CHURN)["unread"] == 0


def test_nobody_unknown_looks_in(page: httpx.Client) -> None:
    answer = page.get("/sandbox/state", params={"as": "U0NOBODY00"})
    assert (answer.status_code, answer.json()["error"]) == (404, "user_not_found")


def test_a_person_says_replies_edits_reacts_and_removes(page: httpx.Client) -> None:
    where = {"as": MIRA, "channel": CHURN}
    said = page.post("/sandbox/say", json=where | {"text": "frist"}).json()
    page.post("/sandbox/say", json=where | {"text": "a reply", "thread_ts": said["ts"]})
    page.post("/sandbox/edit", json=where | {"ts": said["ts"], "text": "first"})
    page.post("/sandbox/react", json=where | {"ts": said["ts"], "name": "eyes", "on": True})
    (shown,) = page.get("/sandbox/messages", params={"as": JONAS, "channel": CHURN}).json()["messages"]
    assert (shown["text"], shown["channel"], shown["ephemeral"], shown["reply_count"]) == (
        "first",
        CHURN,
        False,
        1,
    )
    assert shown["edited"]["user"] == MIRA
    assert shown["reactions"] == [{"name": "eyes", "users": [MIRA], "count": 1}]
    thread = page.get("/sandbox/messages", params={"as": JONAS, "channel": CHURN, "thread_ts": said["ts"]}).json()
    assert [one["text"] for one in thread["messages"]] == ["first", "a reply"]
    assert page.post("/sandbox/remove", json=where | {"ts": thread["messages"][1]["ts"]}).json()["ok"]
    assert page.post("/sandbox/remove", json=where | {"ts": said["ts"], "as": JONAS}).json()["ok"] is False


def test_a_command_that_fails_is_told_once_in_the_answer(page: httpx.Client) -> None:
    answer = page.post("/sandbox/say", json={"as": MIRA, "channel": CHURN, "text": "/runs"}).json()
    assert answer == {"ok": False, "error": "/runs failed with the error dispatch_failed"}
    assert page.get("/sandbox/messages", params={"as": MIRA, "channel": CHURN}).json()["messages"] == []


def test_pressing_and_sending_go_to_the_app(
    page: httpx.Client, app: SocketApp, client: WebClient, workspace: Workspace
) -> None:
    text = {"type": "plain_text", "text": "Ask"}
    blocks = [
        {"type": "actions", "block_id": "b", "elements": [{"type": "button", "action_id": "ask", "text": text}]}
    ]
    ts = client.chat_postMessage(channel=CHURN, text="card", blocks=blocks)["ts"]
    press = {"as": MIRA, "channel": CHURN, "ts": ts, "block_id": "b", "action_id": "ask"}
    assert page.post("/sandbox/press", json=press).json() == {"ok": True}
    trigger = app.wait(lambda one: one.type == "interactive").payload["trigger_id"]
    field = {
        "type": "input",
        "block_id": "why",
        "label": text,
        "element": {"type": "plain_text_input", "action_id": "a"},
    }
    modal = {"type": "modal", "title": text, "submit": text, "blocks": [field]}
    view = client.views_open(trigger_id=trigger, view=modal)["view"]
    assert page.get("/sandbox/views", params={"as": MIRA}).json()["modals"][0]["id"] == view["id"]
    empty = page.post("/sandbox/submit", json={"as": MIRA, "view_id": view["id"], "values": {}}).json()
    assert list(empty["errors"]) == ["why"]
    filled = {"as": MIRA, "view_id": view["id"], "values": {"why": {"a": {"value": "x"}}}}
    assert page.post("/sandbox/submit", json=filled).json() == {"ok": True}
    assert workspace.view("mira") is None


def test_each_stream_hears_what_its_person_may_hear(server: SandboxServer, client: WebClient) -> None:
    mira, jonas = Stream(server.url, MIRA), Stream(server.url, JONAS)
    client.chat_postEphemeral(channel=CHURN, user=MIRA, text="only you")
    ts = client.chat_postMessage(channel=CHURN, text="card")["ts"]
    client.reactions_add(channel=CHURN, timestamp=ts, name="eyes")
    client.chat_update(channel=CHURN, ts=ts, text="changed")
    client.chat_delete(channel=CHURN, ts=ts)
    assert mira.wait("message")["message"]["text"] == "only you"
    assert jonas.wait("message")["message"]["text"] == "card"
    assert jonas.wait("reaction")["message"]["reactions"][0]["count"] == 1
    assert jonas.wait("message_changed")["message"]["text"] == "changed"
    assert jonas.wait("message_deleted")["message"]["ts"] == ts


def test_a_reply_is_heard_together_with_its_parents_new_count(server: SandboxServer, workspace: Workspace) -> None:
    ts = workspace.type("mira", "churn", "card").ts
    stream = Stream(server.url, JONAS)
    workspace.type("mira", "churn", "a reply", thread_ts=ts)
    assert stream.wait("message")["message"]["thread_ts"] == ts
    changed = stream.wait("message_changed")["message"]
    assert (changed["ts"], changed["reply_count"]) == (ts, 1)


def test_the_app_coming_is_heard(server: SandboxServer, connect: Any) -> None:
    stream = Stream(server.url, MIRA)
    connect()
    assert stream.wait("presence")["connected"] is True


def test_streams_end_when_the_server_stops(workspace: Workspace) -> None:
    with SandboxServer(workspace) as server:
        stream = Stream(server.url, MIRA)
    assert stream.ended.wait(5)


def test_the_log_tells_every_call(page: httpx.Client, client: WebClient) -> None:
    client.chat_postMessage(channel="#churn", text="x")
    (call,) = page.get("/sandbox/log", params={"method": "chat.postMessage"}).json()["calls"]
    assert (call["ok"], call["error"], call["channel"]) == (True, "", CHURN)


def test_the_page_loads_nothing_from_elsewhere(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "js").mkdir()
    (tmp_path / "index.html").write_text("<!doctype html>")
    (tmp_path / "js" / "app.js").write_text("export {};")
    (tmp_path.parent / "secret.html").write_text("no")
    with SandboxServer(workspace, page=tmp_path) as server, httpx.Client(base_url=server.url) as page:
        index = page.get("/")
        assert index.headers["content-security-policy"].startswith("default-src 'self'")
        assert index.headers["content-type"].startswith("text/html")
        assert page.get("/page/js/app.js").headers["content-type"].startswith("text/javascript")
        assert page.get("/page/%2e%2e/secret.html").status_code == 404
        assert page.get("/page/nothing.js").status_code == 404


def test_other_hosts_and_forms_are_turned_away(page: httpx.Client) -> None:
    assert page.get("/sandbox/state", headers={"Host": "evil.example"}).status_code == 400
    assert page.post("/sandbox/say", data={"as": MIRA, "channel": CHURN, "text": "x"}).status_code == 415
    foreign = {"Origin": "https://evil.example"}
    assert page.post("/sandbox/faults", json=[], headers=foreign).status_code == 403
    assert page.post("/sandbox/faults", json=[], headers={"Origin": str(page.base_url)}).status_code == 200


def test_a_taken_port_is_an_error(server: SandboxServer) -> None:
    with pytest.raises(OSError, match="in use"):
        SandboxServer(Workspace(), port=server.port).start()


def test_a_server_starts_and_stops_again_on_the_same_workspace(workspace: Workspace) -> None:
    for text in ("one", "two"):
        with SandboxServer(workspace) as server:
            client = WebClient(token=workspace.bot_token, base_url=f"{server.url}/api/")
            client.chat_postMessage(channel=CHURN, text=text)
    assert [one["text"] for one in workspace.messages("churn", "mira")] == ["one", "two"]
