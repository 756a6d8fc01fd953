"""GitLab's deliveries become cards as GitHub's do, and what a webhook lost is found through the real edges."""

import json
from collections.abc import Iterator
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.facts.pipelines import Outcome
from tests.ci.payloads import build, pipeline
from tests.fakes.ci_hosts import COMMIT, Runs
from tests.fixtures.bench import SECRET, SETTINGS, Bench, Team, said
from tests.servers.ci_host import TOKEN, CiServer
from tests.servers.scripted import scripted_server

PATH = "acme/churn"
LINE = "FAILED tests/a.py::test_a - assert 2 == 3"


def send(bench: Bench, body: dict[str, Any]) -> httpx.Response:
    """A delivery of GitLab."""
    headers = {"x-gitlab-token": SECRET, "content-type": "application/json"}
    with httpx.Client(trust_env=False) as client:
        return client.post(f"{bench.address}/webhooks/gitlab", content=json.dumps(body), headers=headers)


def told(bench: Bench, number: int, status: str, minute: int, *builds: dict[str, Any]) -> dict[str, Any]:
    """A pipeline's event, dated so many minutes ago."""
    created, ended = (bench.now() - timedelta(minutes=ago) for ago in (minute + 1, minute))
    dates = {"created_at": f"{created:%Y-%m-%d %H:%M:%S} UTC", "finished_at": f"{ended:%Y-%m-%d %H:%M:%S} UTC"}
    return pipeline([one | dates | {"started_at": None} for one in builds], id=number, status=status, **dates)


def test_a_failing_pipeline_of_gitlab_is_a_card_and_a_reply_to_its_run(bench: Bench, team: Team) -> None:
    team.train("calm-owl", mlflow__source__git__commit=COMMIT)
    bench.follow()
    body = told(bench, 31, "failed", 1, build(1, "success"), build(2, "failed", failure_reason="script_failure"))
    assert send(bench, body).status_code == HTTPStatus.OK
    bench.send()
    card = said(bench.card("started failing"))
    assert "started failing" in card
    assert "job 2" in card
    assert "job 1" not in card
    assert any("gitlab.example" in reply for reply in bench.thread(bench.card("calm-owl")))


def test_a_pipeline_of_gitlab_is_fixed_by_the_next_one(bench: Bench) -> None:
    send(bench, told(bench, 31, "failed", 3))
    send(bench, told(bench, 32, "success", 1, build(2, "failed", allow_failure=True)))
    bench.send()
    assert any("fixed" in said(card) for card in bench.cards())


@pytest.fixture(params=["github", "gitlab"])
def asking(request: pytest.FixtureRequest, tmp_path: Path, mlflow_server: Any) -> Iterator[tuple[Bench, Runs]]:
    """A bot that may ask a host, and what was run there."""
    runs = Runs()
    with scripted_server() as server:
        server.script = CiServer({PATH: runs})
        settings = f"{SETTINGS}ci: {{{request.param}: {{url: '{server.url}', repositories: [{PATH}]}}}}\n"
        environ = {"GITHUB_TOKEN": TOKEN} if request.param == "github" else {"GITLAB_TOKEN": TOKEN}
        bench = Bench(tmp_path, mlflow_server.url, settings=settings, environ=environ)
        yield bench, runs
        bench.close()


def test_what_a_webhook_lost_is_told_once(asking: tuple[Bench, Runs]) -> None:
    bench, runs = asking
    created = bench.now() - timedelta(minutes=20)
    failed = {"unit": Outcome.FAILED, "lint": Outcome.PASSED}
    runs.run(7, Outcome.FAILED, created.replace(microsecond=0), **failed).error = LINE
    for _ in range(3):
        bench.works.lost_pipelines.look(bench.now())
        bench.work()
        bench.send()
        bench.let_pass(timedelta(hours=1))
    card = said(bench.card("started failing"))
    assert "started failing" in card
    assert "unit" in card
    assert LINE in card
    assert len(bench.cards()) == 1
