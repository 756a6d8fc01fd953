"""Signed HTTP arrivals, received by a small web server that checks them with slack_sdk and Bolt."""

import contextlib
import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest
from slack_bolt import App, BoltRequest
from slack_sdk import WebClient
from slack_sdk.signature import Clock as VerifierClock
from slack_sdk.signature import SignatureVerifier

from sandbox.server import SandboxServer
from sandbox.workspace import Refusal, Workspace
from tests.sandbox.apps import Clock

Answer = tuple[int, str, str]


class Received:
    """One request: `form` and `json` are its body, read either way."""

    def __init__(self, path: str, headers: dict[str, str], body: bytes) -> None:
        self.path, self.headers, self.body = path, headers, body

    @property
    def form(self) -> dict[str, str]:
        return {key: value[0] for key, value in parse_qs(self.body.decode(), keep_blank_values=True).items()}

    @property
    def json(self) -> dict[str, Any]:
        return dict(json.loads(self.form["payload"] if self.body.startswith(b"payload=") else self.body))


class Endpoint:
    """A request URL: keeps what it got and answers with (status, content type, body) of `answers`."""

    def __init__(self) -> None:
        self.received: list[Received] = []
        self.answers: Callable[[Received], Answer] = self.challenge
        self.headers: dict[str, str] = {}
        self.heard = threading.Condition()
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                got = Received(self.path, {key.lower(): value for key, value in self.headers.items()}, body)
                with endpoint.heard:
                    endpoint.received.append(got)
                    endpoint.heard.notify_all()
                status, kind, text = endpoint.answers(got)
                self.send_response(status)
                self.send_header("Content-Type", kind)
                for name, value in endpoint.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(text.encode())))
                self.end_headers()
                with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                    self.wfile.write(text.encode())

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/slack/events"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    @staticmethod
    def challenge(got: Received) -> Answer:
        if got.headers["content-type"] == "application/json" and "challenge" in got.json:
            return 200, "text/plain", str(got.json["challenge"])
        return 200, "text/plain", ""

    def wait(self, count: int) -> list[Received]:
        with self.heard:
            assert self.heard.wait_for(lambda: len(self.received) >= count, 5), self.received
            return list(self.received)


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    made = Endpoint()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def http_server(workspace: Workspace, clock: Clock, endpoint: Endpoint) -> Iterator[SandboxServer]:
    with SandboxServer(workspace, clock=clock) as server:
        server.use_http(endpoint.url)
        endpoint.received.clear()
        yield server


def genuine(workspace: Workspace, clock: Clock, got: Received) -> bool:
    verifier = SignatureVerifier(workspace.signing_secret, clock=_Now(clock))
    return verifier.is_valid_request(got.body, got.headers)


class _Now(VerifierClock):
    def __init__(self, clock: Clock) -> None:
        self.clock = clock

    def now(self) -> float:
        return self.clock()


def test_a_command_comes_as_a_signed_form(
    http_server: SandboxServer, workspace: Workspace, clock: Clock, endpoint: Endpoint
) -> None:
    endpoint.answers = lambda got: (200, "application/json", '{"text": "no runs yet"}')
    assert workspace.type("mira", "churn", "/runs show payload stats").ok
    (got,) = endpoint.received
    assert genuine(workspace, clock, got)
    assert got.headers["content-type"] == "application/x-www-form-urlencoded"
    assert (got.form["command"], got.form["text"]) == ("/runs", "show payload stats")
    assert workspace.messages("churn", "mira")[-1]["text"] == "no runs yet"


def test_a_plain_text_answer_is_shown_to_the_person(
    http_server: SandboxServer, workspace: Workspace, endpoint: Endpoint
) -> None:
    endpoint.answers = lambda got: (200, "text/plain", "plainly")
    workspace.type("mira", "churn", "/runs")
    (message,) = workspace.messages("churn", "mira")
    assert (message["text"], message["ephemeral"]) == ("plainly", True)


def test_a_button_comes_as_a_payload_in_a_form(
    http_server: SandboxServer, workspace: Workspace, clock: Clock, endpoint: Endpoint
) -> None:
    button = {
        "type": "button",
        "action_id": "ask",
        "text": {"type": "plain_text", "text": "Show"},
        "value": "show 1",
    }
    channel = workspace.channel("churn")
    workspace.post(channel, workspace.bot.id, "card", blocks=[{"type": "actions", "elements": [button]}])
    endpoint.wait(1)
    endpoint.received.clear()
    assert workspace.press("mira", workspace.messages("churn", "mira")[0], "Show").ok
    (got,) = endpoint.received
    assert genuine(workspace, clock, got)
    assert got.json["actions"][0]["value"] == "show 1"


@pytest.mark.parametrize("status", [404, 500])
def test_a_command_that_is_not_answered_with_200_fails(
    http_server: SandboxServer, workspace: Workspace, endpoint: Endpoint, status: int
) -> None:
    endpoint.answers = lambda got: (status, "text/plain", "unhandled request")
    assert workspace.type("mira", "churn", "/runs").error == "/runs failed with the error dispatch_failed"
    assert len(endpoint.received) == 1


def test_a_command_that_is_answered_too_late_fails(
    http_server: SandboxServer, workspace: Workspace, endpoint: Endpoint
) -> None:
    release = threading.Event()
    workspace.ack_limit = 0.2
    endpoint.answers = lambda got: (200, "text/plain", str(release.wait(5)))
    assert workspace.type("mira", "churn", "/runs").error == "/runs failed because the app did not respond"
    release.set()


def test_an_event_that_fails_comes_again_with_number_and_reason(
    http_server: SandboxServer, workspace: Workspace, endpoint: Endpoint
) -> None:
    endpoint.answers = lambda got: (500 if len(endpoint.received) < 3 else 200, "text/plain", "")
    workspace.type("mira", "churn", "hello")
    first, second, third = endpoint.wait(3)
    assert "x-slack-retry-num" not in first.headers
    told = [(one.headers["x-slack-retry-num"], one.headers["x-slack-retry-reason"]) for one in (second, third)]
    assert told == [("1", "http_error"), ("2", "http_error")]
    assert len({one.json["event_id"] for one in (first, second, third)}) == 1


def test_an_app_may_refuse_further_tries(
    http_server: SandboxServer, workspace: Workspace, endpoint: Endpoint
) -> None:
    endpoint.headers = {"X-Slack-No-Retry": "1"}
    endpoint.answers = lambda got: (500, "text/plain", "")
    workspace.type("mira", "churn", "once")
    endpoint.wait(1)
    endpoint.headers = {}
    workspace.type("mira", "churn", "four times")
    said = [got.json["event"]["text"] for got in endpoint.wait(5)]
    assert said == ["once", *["four times"] * 4]


@pytest.mark.parametrize(("hops", "arrives"), [(2, True), (3, False)])
def test_two_redirects_are_followed(
    http_server: SandboxServer, workspace: Workspace, endpoint: Endpoint, hops: int, arrives: bool
) -> None:
    def answers(got: Received) -> Answer:
        done = got.path.count("+")
        endpoint.headers = {} if done == hops else {"Location": f"{got.path}+"}
        return (200 if done == hops else 308), "text/plain", ""

    endpoint.answers = answers
    assert workspace.type("mira", "churn", "/runs").ok is arrives
    assert len(endpoint.received) == min(hops, 2) + 1


def test_a_request_url_is_used_only_after_it_gave_the_challenge_back(
    server: SandboxServer, workspace: Workspace, endpoint: Endpoint
) -> None:
    endpoint.answers = lambda got: (200, "text/plain", "something else")
    with pytest.raises(Refusal, match="url_verification_failed"):
        server.use_http(endpoint.url)
    workspace.type("mira", "churn", "hello")
    assert [one.json["type"] for one in endpoint.received] == ["url_verification"]


def test_bolt_accepts_what_is_signed(workspace: Workspace, endpoint: Endpoint) -> None:
    workspace = Workspace()
    with SandboxServer(workspace) as server:
        client = WebClient(token=workspace.bot_token, base_url=f"{server.url}/api/")
        bolt = App(client=client, signing_secret=workspace.signing_secret, process_before_response=True)

        @bolt.command("/runs")
        def runs(ack: Any, command: Any) -> None:
            ack(f"you asked for {command['text']}")

        def dispatch(got: Received) -> Answer:
            request = BoltRequest(body=got.body.decode(), headers=dict(got.headers))
            answer = bolt.dispatch(request)
            return answer.status, answer.first_headers().get("content-type", "text/plain"), answer.body

        endpoint.answers = dispatch
        server.use_http(endpoint.url)
        assert workspace.type("mira", "churn", "/runs latest").ok
    assert workspace.messages("churn", "mira")[-1]["text"] == "you asked for latest"


def test_people_see_that_the_app_can_be_reached(http_server: SandboxServer) -> None:
    state = httpx.get(f"{http_server.url}/sandbox/state", trust_env=False).json()
    assert state["connected"] is True
