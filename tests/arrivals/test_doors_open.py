"""The doors as the outside meets them: over HTTP, signed or not, and over Socket Mode."""

import json
import threading
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlencode

import httpx

from bot.settings import load_settings
from bot.wiring import wire
from handlers.doors import SLACK_BODY_BYTES
from handlers.serving import Serving
from sandbox.arrivals.signed_http import signed
from sandbox.mlflow_server import MlflowServer
from sandbox.server import SandboxServer
from sandbox.workspace import Workspace
from sandbox.workspace.seed import CHURN
from tests.fixtures.bench import MIRA, Bench, Team, said

COMMAND = {
    "command": "/runs",
    "text": "help payload",
    "user_id": MIRA,
    "channel_id": CHURN,
    "channel_name": "payload",
}


def post(
    bench: Bench, body: bytes, kind: str = "application/x-www-form-urlencoded", **headers: str
) -> httpx.Response:
    with httpx.Client(trust_env=False) as client:
        return client.post(
            f"{bench.address}/slack/events", content=body, headers={"content-type": kind, **headers}
        )


def signature(bench: Bench, body: bytes) -> dict[str, str]:
    return signed(bench.slack.signing_secret, body, int(bench.now().timestamp()))


def test_health_readiness_and_metrics_are_told(bench: Bench) -> None:
    bench.follow()
    with httpx.Client(base_url=bench.address, trust_env=False) as client:
        assert client.get("/healthz").text == "ok\n"
        assert client.get("/readyz").status_code == HTTPStatus.OK
        page = client.get("/metrics").text
    assert 'rundown_tracker_up{tracker="main"} 1.0' in page
    assert "rundown_outbox_backlog 0.0" in page


def test_a_command_that_says_payload_is_answered_in_the_ack(bench: Bench) -> None:
    body = urlencode(COMMAND).encode()
    answer = post(bench, body, **signature(bench, body))
    assert answer.status_code == HTTPStatus.OK
    assert answer.json()["response_type"] == "ephemeral"


def test_the_first_command_is_answered_while_slacks_api_is_away(bench: Bench) -> None:
    bench.sandbox.stop()
    body = urlencode(COMMAND).encode()
    answer = post(bench, body, **signature(bench, body))
    assert answer.status_code == HTTPStatus.OK
    assert answer.json()["response_type"] == "ephemeral"


def test_the_same_signed_request_is_taken_once(bench: Bench) -> None:
    body = urlencode(COMMAND).encode()
    headers = signature(bench, body)
    assert [post(bench, body, **headers).status_code for _ in range(3)] == [
        HTTPStatus.OK,
        HTTPStatus.CONFLICT,
        HTTPStatus.CONFLICT,
    ]


def test_the_unsigned_the_old_and_the_huge_are_turned_away(bench: Bench) -> None:
    body = urlencode(COMMAND).encode()
    assert post(bench, body).status_code == HTTPStatus.UNAUTHORIZED
    stale = signed(bench.slack.signing_secret, body, int(bench.now().timestamp()) - 600)
    assert post(bench, body, **stale).status_code == HTTPStatus.UNAUTHORIZED
    huge = b"x" * (SLACK_BODY_BYTES + 1)
    assert post(bench, huge).status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    for broken in (b"{", b"\xff\xfe", b"[" * 1000):
        assert post(bench, broken, "application/json").status_code == HTTPStatus.UNAUTHORIZED, "not even parsed"
        assert (
            post(bench, broken, "application/json", **signature(bench, broken)).status_code
            == HTTPStatus.BAD_REQUEST
        )


def test_slack_finds_the_address_by_its_challenge(bench: Bench) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "c-1", "token": "t"}).encode()
    answer = post(bench, body, "application/json", **signature(bench, body))
    assert answer.json() == {"challenge": "c-1"}


def test_an_event_that_is_sent_again_is_heard_once(bench: Bench, team: Team) -> None:
    team.train("calm-owl")
    bench.follow()
    thread_ts = bench.card("calm-owl")["ts"]
    for text in ("first", "second", "third"):
        event = {
            "type": "message",
            "channel": CHURN,
            "user": MIRA,
            "ts": "1.2",
            "thread_ts": thread_ts,
            "text": text,
        }
        envelope = {
            "type": "event_callback",
            "event_id": "Ev1",
            "team_id": bench.slack.team.id,
            "api_app_id": bench.slack.app.id,
            "event": event,
        }
        body = json.dumps(envelope).encode()
        assert post(bench, body, "application/json", **signature(bench, body)).status_code == HTTPStatus.OK
    with bench.works.store.read() as unit:
        assert [reply.text for reply in unit.discussion.of_thread(CHURN, thread_ts)] == ["first"]


def test_the_whole_process_answers_over_socket_mode(tmp_path: Path, mlflow_server: MlflowServer) -> None:
    workspace = Workspace()
    workspace.join(CHURN)
    config = tmp_path / "app.yaml"
    config.write_text(f"trackers: [{{name: main, uri: '{mlflow_server.url}'}}]\ndoor: {{port: 0}}\n")
    with SandboxServer(workspace) as sandbox:
        environ = {
            "SLACK_BOT_TOKEN": workspace.bot_token,
            "SLACK_APP_TOKEN": workspace.app_token,
            "SLACK_API_BASE_URL": f"{sandbox.url}/api/",
            "DATABASE_URL": f"sqlite:///{tmp_path / 'rundown.db'}",
        }
        works = wire(load_settings(config, environ))
        works.store.upgrade()
        serving = Serving(works)
        running = threading.Thread(target=serving.run)
        running.start()
        try:
            assert workspace.wait_for(lambda: workspace.connections, 20)
            assert workspace.type(MIRA, CHURN, "/runs help").ok
            answer = workspace.wait_for(
                lambda: [one for one in workspace.messages(CHURN, MIRA) if one.get("ephemeral")], 10
            )
            assert "latest" in said(answer[0])
        finally:
            serving.door.should_exit = True
            running.join(30)
        assert not running.is_alive()
