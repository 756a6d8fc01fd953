"""What CI providers deliver is taken once, passed over, or refused, as their pages in docs/ say."""

import base64
import hashlib
import json
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlencode

import pytest

from handlers.doors import WEBHOOK_BODY_BYTES
from tests.ci.payloads import signed
from tests.doors.asgi import Answer, ask
from tests.doors.house import FORM, House, github_headers, gitlab_headers, house, pipeline, workflow_run

GITHUB, GITLAB = "/webhooks/github", "/webhooks/gitlab"
KEY = hashlib.sha256(b"a signing token").digest()


def counted(home: House) -> dict[str, float]:
    """Deliveries by "provider answer", as Prometheus is told."""
    page = ask(home.web, b"", {}, path="/metrics", method="GET").body.decode()
    lines = [line for line in page.splitlines() if line.startswith("rundown_webhooks_total{")]
    found: dict[str, float] = {}
    for line in lines:
        labels, _, value = line.removeprefix("rundown_webhooks_total{").partition("} ")
        pairs = dict(label.split("=") for label in labels.split(","))
        found[f"{pairs['provider']} {pairs['answer']}".replace('"', "")] = float(value)
    return found


def test_pipelines_of_both_providers_are_kept(home: House) -> None:
    raw = workflow_run()
    assert ask(home.web, raw, github_headers(raw), path=GITHUB).status == HTTPStatus.OK
    assert ask(home.web, pipeline(), gitlab_headers(), path=GITLAB).status == HTTPStatus.OK
    with home.works.store.read() as unit:
        assert unit.pipelines.course("pipeline:gitlab:acme/churn:31") is not None
    assert len(home.rows()["pipelines"]) == 2


def test_a_delivery_in_a_form_is_the_same_delivery(home: House) -> None:
    raw = urlencode({"payload": workflow_run().decode()}).encode()
    for kind in (FORM, f"{FORM}; charset=utf-8"):
        answer = ask(home.web, raw, {**github_headers(raw), "content-type": kind}, path=GITHUB)
        assert answer.status == HTTPStatus.OK
    assert len(home.rows()["pipelines"]) == 1


@pytest.mark.parametrize("raw", [b"", b"a=b", b"payload=", b"payload=%5B%5D", b"payload=%FF", b"&" * 300 + b"x=1"])
def test_a_form_without_a_payload_is_refused(home: House, raw: bytes) -> None:
    before = home.rows()
    answer = ask(home.web, raw, {**github_headers(raw), "content-type": FORM}, path=GITHUB)
    assert answer.status == HTTPStatus.BAD_REQUEST
    assert home.rows() == before


def test_an_event_that_nobody_follows_is_accepted_and_counted(home: House) -> None:
    before = home.rows()
    raw = json.dumps({"action": "created"}).encode()
    for _ in range(2):
        star = {**github_headers(raw), "x-github-event": "star"}
        answer = ask(home.web, raw, star, path=GITHUB)
    raw = json.dumps({"object_kind": "push"}).encode()
    assert ask(home.web, raw, gitlab_headers(), path=GITLAB).status == HTTPStatus.ACCEPTED
    assert answer.status == HTTPStatus.ACCEPTED
    assert counted(home) == {"github 202": 2, "gitlab 202": 1}
    assert home.rows() == before


def test_a_ping_is_answered(home: House) -> None:
    raw = json.dumps({"zen": "Keep it simple.", "hook_id": 1}).encode()
    answer = ask(home.web, raw, {**github_headers(raw), "x-github-event": "ping"}, path=GITHUB)
    assert (answer.status, answer.body) == (HTTPStatus.OK, b"taken\n")


def test_a_retry_of_gitlab_is_taken_once_and_two_events_of_one_request_are_two(home: House) -> None:
    shared = {"x-gitlab-event-uuid": "one-request"}
    first, second = pipeline(status="running"), pipeline(id=32)
    said = [
        ask(home.web, first, {**gitlab_headers("k-1"), **shared}, path=GITLAB).body,
        ask(home.web, first, {**gitlab_headers("k-1"), **shared}, path=GITLAB).body,
        ask(home.web, second, {**gitlab_headers("k-2"), **shared}, path=GITLAB).body,
    ]
    assert said == [b"taken\n", b"seen before\n", b"taken\n"]
    assert len(home.rows()["pipelines"]) == 2


@pytest.mark.parametrize("path", [GITHUB, GITLAB])
def test_what_is_too_large_is_refused_and_counted(home: House, path: str) -> None:
    before = home.rows()
    raw = b" " * (WEBHOOK_BODY_BYTES + 1)
    headers = {**github_headers(raw), **gitlab_headers()}
    assert ask(home.web, raw, headers, path=path).status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    assert home.rows() == before
    assert counted(home) == {f"{path.rsplit('/', maxsplit=1)[-1]} 413": 1}


def test_what_is_signed_but_unreadable_is_refused_and_not_kept(home: House) -> None:
    before = home.rows()
    raw = workflow_run(head_sha=None)
    answer = ask(home.web, raw, github_headers(raw), path=GITHUB)
    assert (answer.status, b"workflow_run.head_sha" in answer.body) == (HTTPStatus.UNPROCESSABLE_ENTITY, True)
    assert home.rows() == before


class Signing(House):
    """A house where GitLab signs."""

    def more_environment(self) -> Mapping[str, str]:
        return {"GITLAB_SIGNING_TOKEN": f"whsec_{base64.b64encode(KEY).decode()}"}


def test_a_signed_delivery_of_gitlab_is_taken_once_and_not_after_five_minutes(
    tmp_path: Path, sqlite_template: Path
) -> None:
    home = house(tmp_path, sqlite_template, kind=Signing)

    def sent(headers: dict[str, str]) -> Answer:
        return ask(home.web, raw, headers, path=GITLAB)

    raw = pipeline()
    good = signed(raw, KEY, home.now())
    old = signed(raw, KEY, home.now().replace(year=2020))
    assert sent(gitlab_headers()).status == HTTPStatus.UNAUTHORIZED, "a token is no signature"
    assert sent(old).status == HTTPStatus.UNAUTHORIZED
    assert [sent(good).body, sent(good).body] == [b"taken\n", b"seen before\n"]
    home.close()


class Closed(House):
    """A house where neither GitHub nor GitLab has a secret."""

    def more_environment(self) -> Mapping[str, str]:
        return {"GITHUB_WEBHOOK_SECRET": "", "GITLAB_WEBHOOK_TOKEN": ""}


@pytest.mark.parametrize(("path", "name"), [(GITHUB, b"GITHUB_WEBHOOK_SECRET"), (GITLAB, b"GITLAB_WEBHOOK_TOKEN")])
def test_without_a_secret_the_door_says_what_to_set_and_reads_nothing(
    tmp_path: Path, sqlite_template: Path, path: str, name: bytes
) -> None:
    home = house(tmp_path, sqlite_template, kind=Closed)
    answer = ask(home.web, workflow_run(), github_headers(workflow_run(), secret=""), path=path)
    assert (answer.status, name in answer.body, answer.read) == (HTTPStatus.NOT_FOUND, True, 0)
    home.close()
