"""Whoever cannot prove where a request comes from changes nothing, breaks nothing and holds nothing up."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.doors.asgi import ask
from tests.doors.house import (
    FORM,
    JSON,
    SECRETS,
    House,
    button,
    command,
    event,
    github_headers,
    gitlab_headers,
    house,
    slack_headers,
    workflow_run,
)

# The deadline for bodies is 0.2 s here; the rest is patience with a busy machine.
LIVELY = 5.0
SLACK, GITHUB, GITLAB = "/slack/events", "/webhooks/github", "/webhooks/gitlab"
DOORS = (SLACK, GITHUB, GITLAB)
PATHS = (
    *DOORS,
    "/ci/report",
    "/healthz",
    "/readyz",
    "/metrics",
    "/slack/events/",
    "/",
    "//",
    "/%2e%2e/",
    "/é\ud7ff",
)
BODIES = {"command": command(), "button": button(), "event": event(), "delivery": workflow_run()}


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[House]:
    """A house that only strangers come to."""
    made = house(tmp_path_factory.mktemp("stranger"), sqlite_template, body_seconds=0.2)
    made.thread()
    yield made
    made.close()


def attempts(home: House, raw: bytes) -> Iterator[tuple[str, dict[str, str]]]:
    """Everything somebody may try who does not know the secrets, or has seen one signed request long ago."""
    now = int(home.now().timestamp())
    old = str(now - 3600)
    yield "no signature", {}
    yield "another secret", slack_headers(raw, str(now), "another secret")
    yield "an empty secret", slack_headers(raw, str(now), "")
    yield "an hour ago", slack_headers(raw, old)
    yield "an hour ago, dated now", {**slack_headers(raw, old), "x-slack-request-timestamp": str(now)}
    yield "another body", slack_headers(raw + b" ", str(now))
    yield "another delivery", github_headers(raw + b" ")
    yield "another webhook secret", github_headers(raw, secret="another secret")
    yield "an empty webhook secret", github_headers(raw, secret="")
    yield "another token", gitlab_headers(secret="another token")
    yield "an empty token", gitlab_headers(secret="")
    yield "SHA-1", {**github_headers(raw), "x-hub-signature-256": "", "x-hub-signature": "sha1=" + "0" * 40}


@pytest.mark.parametrize("name", BODIES)
def test_nothing_unauthenticated_changes_a_row(stranger: House, name: str) -> None:
    raw, before = BODIES[name], stranger.rows()
    for path in PATHS:
        for sentence, headers in attempts(stranger, raw):
            for kind in (FORM, JSON):
                for method in ("POST", "GET", "PUT"):
                    answer = ask(stranger.web, raw, {**headers, "content-type": kind}, path=path, method=method)
                    assert answer.status < 500, (path, sentence)
                    if path in DOORS and method == "POST":
                        assert answer.status == HTTPStatus.UNAUTHORIZED, (path, sentence)
    assert stranger.rows() == before


names = st.sampled_from(
    [
        b"content-type",
        b"content-length",
        b"transfer-encoding",
        b"host",
        b"x-slack-request-timestamp",
        b"x-slack-signature",
        b"x-slack-retry-num",
        b"x-hub-signature-256",
        b"x-github-event",
        b"x-gitlab-token",
        b"webhook-signature",
        b"x-github-delivery",
        b"x-forwarded-host",
    ]
)
values = st.binary(max_size=40) | st.sampled_from(
    [
        b"application/json",
        FORM.encode(),
        b"chunked",
        b"v0=",
        b"sha256=",
        b"[::",
        b"9" * 5000,
        b"1700000000",
        b"\xb2",
    ]
)


@settings(max_examples=200, deadline=None)
@given(
    path=st.sampled_from(PATHS) | st.text(max_size=20).map(lambda text: "/" + text),
    method=st.sampled_from(["POST", "GET", "HEAD", "OPTIONS", "DELETE", "PATCH"]),
    headers=st.lists(st.tuples(names, values), max_size=8),
    pieces=st.lists(st.binary(max_size=200) | st.sampled_from([*BODIES.values()]), max_size=4),
    query=st.binary(max_size=20),
    endless=st.booleans(),
)
@example(path=SLACK, method="POST", headers=[(b"host", b"[::")], pieces=[], query=b"\xff", endless=False)
@example(path=SLACK, method="POST", headers=[(b"content-length", b"9" * 5000)], pieces=[], query=b"", endless=True)
def test_no_request_of_a_stranger_breaks_the_door_or_holds_it_up(
    stranger: House,
    path: str,
    method: str,
    headers: list[tuple[bytes, bytes]],
    pieces: list[bytes],
    query: bytes,
    endless: bool,
) -> None:
    answer = ask(
        stranger.web, pieces, headers, path=path, method=method, query=query, endless=endless, at_most=LIVELY
    )
    assert answer.status < 500


@pytest.fixture(scope="module")
def address(stranger: House) -> Iterator[tuple[str, int]]:
    """Where the strangers' house listens."""
    with stranger.listening() as client:
        yield client.base_url.host, client.base_url.port or 0


def say(address: tuple[str, int], raw: bytes, *, whole: bool = True) -> bytes:
    """What the door answers to these bytes, `whole` until it hangs up; TimeoutError when it does not."""
    with socket.create_connection(address, timeout=LIVELY) as connection:
        connection.sendall(raw)
        said = part = connection.recv(65536)
        while part and whole:
            part = connection.recv(65536)
            said += part
    return said


@settings(max_examples=60, deadline=None)
@given(
    start=st.sampled_from(
        [
            b"POST /slack/events HTTP/1.1\r\n",
            b"POST /webhooks/github HTTP/1.1\r\n",
            b"POST /webhooks/gitlab HTTP/1.1\r\n",
            b"GET /readyz ",
            b"\xff\xfe\x00\r\n",
        ]
    ),
    lines=st.lists(st.tuples(names, values.filter(lambda value: b"\n" not in value)), max_size=5),
    rest=st.binary(max_size=100),
)
@example(start=b"POST /slack/events?\xff HTTP/1.1\r\n", lines=[(b"host", b"[::")], rest=b"")
@example(start=b"POST /slack/events HTTP/1.1\r\n", lines=[(b"transfer-encoding", b"chunked")], rest=b"zz\r\n")
def test_no_bytes_on_the_wire_break_the_door_or_hold_it_up(
    address: tuple[str, int], start: bytes, lines: list[tuple[bytes, bytes]], rest: bytes
) -> None:
    raw = start + b"".join(name + b": " + value + b"\r\n" for name, value in lines) + b"\r\n" + rest
    assert say(address, raw, whole=False)[:10] in (b"", b"HTTP/1.1 2", b"HTTP/1.1 4")


def test_a_body_that_is_refused_is_not_waited_for(address: tuple[str, int]) -> None:
    for path in DOORS:
        head = f"POST {path} HTTP/1.1\r\nhost: {address[0]}\r\n"
        said = say(address, f"{head}content-length: 30000000\r\n\r\nx".encode())
        assert said.startswith(b"HTTP/1.1 413"), "answered at once, and hung up"
        said = say(address, f"{head}transfer-encoding: chunked\r\n\r\n1\r\nx\r\n".encode())
        assert said.startswith(b"HTTP/1.1 408"), "answered when the deadline was over, and hung up"


def test_one_slow_stranger_after_another_keeps_nobody_waiting(stranger: House, address: tuple[str, int]) -> None:
    head = f"POST {SLACK} HTTP/1.1\r\nhost: {address[0]}\r\ncontent-length: 100\r\n\r\nx".encode()
    slow = [socket.create_connection(address, timeout=LIVELY) for _ in range(100)]
    try:
        for connection in slow:
            connection.sendall(head)
        raw = command("help")
        signed = "".join(f"{name}: {value}\r\n" for name, value in stranger.slack(raw).items())
        request = (
            f"POST {SLACK} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{signed}content-length: {len(raw)}\r\n\r\n"
        )
        assert say(address, request.encode() + raw).startswith(b"HTTP/1.1 200")
    finally:
        for connection in slow:
            connection.close()


def test_a_redirect_never_follows_the_senders_host(stranger: House) -> None:
    answer = ask(stranger.web, b"", [(b"host", b"evil.example.com")], path="/healthz/", method="GET")
    assert (answer.status, "location" in answer.headers) == (HTTPStatus.NOT_FOUND, False)


def test_health_and_metrics_answer_though_the_database_is_broken(home: House) -> None:
    with home.broken("notices"):
        assert ask(home.web, b"", {}, path="/healthz", method="GET").status == HTTPStatus.OK
        page = ask(home.web, b"", {}, path="/metrics", method="GET")
        assert page.status == HTTPStatus.OK
        assert b"rundown_database_up 0.0" in page.body
    assert b"rundown_database_up 1.0" in ask(home.web, b"", {}, path="/metrics", method="GET").body


TALKATIVE = """
import sys
from pathlib import Path
from bot import logs
from tests.doors.asgi import ask
from tests.doors.house import *

logs.configure(plain=False)
home = house(Path(sys.argv[1]), Path(sys.argv[2]))
home.thread()
word = "a-word-of-the-body"
strange = {**slack_headers(b"x", "1700000000"), "x-slack-signature": "v0=" + word}
broken = b"{" + word.encode()
for raw, kind in ((command(word), FORM), (button(word), FORM), (event(text=word), JSON), (broken, JSON)):
    ask(home.web, raw, {**strange, "content-type": kind})
    ask(home.web, raw, home.slack(raw, kind))
    with home.broken():
        ask(home.web, raw + b" ", home.slack(raw + b" ", kind))
zoneless = workflow_run(name=word, updated_at="2026-11-23T11:59:00")
for raw in (workflow_run(name=word), workflow_run(id=word), zoneless):
    ask(home.web, raw, github_headers(raw, secret=word), path="/webhooks/github")
    ask(home.web, raw, github_headers(raw), path="/webhooks/github")
    with home.broken():
        ask(home.web, raw + b" ", github_headers(raw + b" "), path="/webhooks/github")
for raw in (pipeline(name=word), pipeline(status=[word]), pipeline(created_at=word), broken):
    ask(home.web, raw, gitlab_headers(secret=word), path="/webhooks/gitlab")
    ask(home.web, raw, gitlab_headers(), path="/webhooks/gitlab")
    with home.broken():
        ask(home.web, raw + b" ", gitlab_headers(), path="/webhooks/gitlab")
home.close()
"""


def test_logs_hold_no_secret_and_no_body(tmp_path: Path, sqlite_template: Path) -> None:
    script = [sys.executable, "-c", TALKATIVE, str(tmp_path), str(sqlite_template)]
    done = subprocess.run(script, capture_output=True, text=True, check=False, timeout=100)
    assert done.returncode == 0, done.stderr
    assert "turned_away" in done.stderr
    assert "arrival_failed" in done.stderr
    for secret in (*SECRETS, "a-word-of-the-body", "secretpath"):
        assert secret not in done.stderr + done.stdout
