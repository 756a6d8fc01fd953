"""Tracking servers that misbehave: what RestTracker says of them, and how soon."""

import json
import socket
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import SecretStr

from bot.edges.mlflow import RestTracker
from bot.facts.runs import Experiment
from bot.ports.errors import EdgeError, RunMissing, TrackerDown, TrackerRefused
from bot.settings import TrackerSettings
from tests.servers.scripted import Asked, Said, Scripted, scripted_server

T0 = datetime(2026, 3, 1, 12, tzinfo=UTC)
HERE = [Experiment("main", "1", "churn")]


@pytest.fixture
def server() -> Iterator[Scripted]:
    with scripted_server() as server:
        yield server


def tracker(uri: str, *, max_bytes: int = 10**6, **more: Any) -> RestTracker:
    timeout = more.pop("timeout", timedelta(seconds=5))
    settings = TrackerSettings(name="main", uri=uri, **more).model_copy(update={"timeout": timeout})
    return RestTracker(settings, max_bytes=max_bytes)


def always(server: Scripted, body: bytes | object = b"{}", status: int = 200, **more: Any) -> None:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    server.script = lambda _: Said(content, status, **more)


def error(code: str, message: str) -> dict[str, str]:
    return {"error_code": code, "message": message}


HTML = {"content-type": "text/html"}


@pytest.mark.parametrize(
    ("said", "kind", "words"),
    [
        (Said(b"You are not authenticated", 401), TrackerRefused, "username and password"),
        (
            Said(b"Invalid Host header - possible DNS rebinding attack", 403),
            TrackerRefused,
            "--allowed-hosts 127.",
        ),
        (Said(json.dumps(error("PERMISSION_DENIED", "no")).encode(), 403), TrackerRefused, "Give it READ"),
        (Said(b"<html>nginx</html>", 404, HTML), TrackerRefused, "There is no MLflow API at http://127.0.0.1"),
        (Said(b"", 302, {"location": "https://login.example.com/?next=1"}), TrackerRefused, "login.example.com"),
        (Said(json.dumps(error("BAD_REQUEST", "what?")).encode(), 400), TrackerRefused, "It said: what?"),
        (Said(b"slow down", 429), TrackerDown, "HTTP 429"),
        (Said(b"<h1>oops</h1>", 503, HTML), TrackerDown, "HTTP 503"),
        (Said(b"<html>Welcome</html>", 200, HTML), TrackerDown, "web page instead of MLflow's API"),
        (Said(b'{"experiments": [', 200), TrackerDown, "not JSON, or only half of it"),
        (Said(b"[1, 2]", 200), TrackerDown, "a JSON object"),
        (Said(b'{"experiments": {"a": 1}}', 200), TrackerDown, "no list"),
        (Said(b'{"experiments": [], "next_page_token": 7}', 200), TrackerDown, "in a circle"),
        (Said(b'{"experiments": []}', 200, promised=500), TrackerDown, "broke off"),
        (Said(drop=True), TrackerDown, "broke off"),
        (Said(b"\xff\xfe\x00", 200), TrackerDown, "not JSON"),
    ],
)
def test_each_kind_of_trouble_has_its_own_sentence(
    server: Scripted, said: Said, kind: type[EdgeError], words: str
) -> None:
    server.script = lambda _: said
    with pytest.raises(kind, match=None) as trouble:
        tracker(server.url).experiments()
    assert words in str(trouble.value)
    assert str(trouble.value).isprintable()


def test_an_unknown_workspace_is_named(server: Scripted) -> None:
    always(server, error("RESOURCE_DOES_NOT_EXIST", "Workspace 'x' not found"), 404)
    with pytest.raises(TrackerRefused, match="workspace"):
        tracker(server.url, workspace="x").experiments()
    assert server.asked[0].headers["x-mlflow-workspace"] == "x"


def test_a_missing_run_is_not_trouble_with_the_tracker(server: Scripted) -> None:
    def script(asked: Asked) -> Said:
        missing = Said(json.dumps(error("RESOURCE_DOES_NOT_EXIST", "Run not found")).encode(), 404)
        return missing if "runs/get" in asked.path else Said()

    server.script = script
    with pytest.raises(RunMissing):
        tracker(server.url).get("a" * 32)


def test_a_server_that_hangs_is_left_in_time(server: Scripted) -> None:
    server.script = lambda _: Said(hang=True)
    began = time.monotonic()
    with pytest.raises(TrackerDown, match="did not answer in time"):
        tracker(server.url, timeout=timedelta(seconds=0.2)).experiments()
    assert time.monotonic() - began < 5


def test_a_server_that_drips_its_answer_is_left_in_time(server: Scripted) -> None:
    always(server, b" " * 2000, drip=0.05)
    began = time.monotonic()
    with pytest.raises(TrackerDown, match=r"took longer than 0\.3 s"):
        tracker(server.url, timeout=timedelta(seconds=0.3)).experiments()
    assert time.monotonic() - began < 5


def test_nobody_at_the_address_is_trouble_that_may_pass() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(TrackerDown, match="cannot be reached"):
        tracker(f"http://127.0.0.1:{port}").experiments()


def test_stores_that_are_no_servers_are_refused_with_a_way_out(server: Scripted) -> None:
    settings = TrackerSettings(name="main", uri=server.url).model_copy(update={"uri": "sqlite:///mlflow.db"})
    with pytest.raises(TrackerRefused, match="by http:// or https://"):
        RestTracker(settings)


def test_a_password_is_sent_as_basic_and_stands_in_no_error(server: Scripted) -> None:
    always(server, b"no", 401)
    with pytest.raises(TrackerRefused) as trouble:
        tracker(server.url, username="bot", password=SecretStr("hunter2-canary")).experiments()
    assert server.asked[0].headers["authorization"].startswith("Basic ")
    assert "hunter2" not in str(trouble.value) + repr(trouble.value.__cause__)


def test_a_token_is_sent_as_bearer(server: Scripted) -> None:
    tracker(server.url, token=SecretStr("t0k")).experiments()
    assert server.asked[0].headers["authorization"] == "Bearer t0k"


def test_a_server_without_a_clock_is_told_so(server: Scripted) -> None:
    always(server, b"{}", headers={"date": ""})
    with pytest.raises(TrackerDown, match="does not tell the time"):
        tracker(server.url).server_time()


def test_the_clock_is_that_of_the_server(server: Scripted) -> None:
    always(server, b"{}", headers={"date": "Sun, 01 Mar 2026 12:00:00 GMT"})
    assert tracker(server.url).server_time() == T0


@pytest.mark.parametrize("slow_when", ["keep-alive", "close"])
def test_the_cheaper_way_to_connect_is_taken(server: Scripted, slow_when: str) -> None:
    def script(asked: Asked) -> Said:
        how = "close" if asked.headers.get("connection") == "close" else "keep-alive"
        if how == slow_when:
            server.over.wait(0.05)
        return Said()

    server.script = script
    one = tracker(server.url)
    one.experiments()
    server.asked.clear()
    one.experiments()
    closes = server.asked[0].headers.get("connection") == "close"
    assert closes == (slow_when == "keep-alive")


def test_a_lost_kept_connection_is_no_trouble(server: Scripted) -> None:
    one = tracker(server.url)
    one.experiments()
    drops = iter([Said(drop=True)])
    server.script = lambda _: next(drops, Said())
    assert list(one.experiments()) == []


def test_a_write_is_asked_once_only(server: Scripted) -> None:
    one = tracker(server.url)
    one.experiments()
    server.script = lambda _: Said(drop=True)
    server.asked.clear()
    with pytest.raises(TrackerDown):
        one.set_tag("a" * 32, "k", "v")
    assert len(server.asked) == 1
