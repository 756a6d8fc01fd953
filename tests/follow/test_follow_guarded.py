"""A real MLflow server that lets in whom it knows, keeps workspaces apart and minds the name it is called by."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from bot.edges.mlflow import RestTracker
from bot.facts.runs import Event
from bot.ports.errors import TrackerRefused
from bot.ports.store import Store
from bot.settings import TrackerSettings
from sandbox.mlflow_server import MlflowServer, start_mlflow
from tests.follow.world import MINUTE, FollowWorld, WallClock, begin
from tests.servers.mlflow import MlflowHand
from tests.servers.scripted import Asked, Said, scripted_server

pytestmark = [pytest.mark.servers, pytest.mark.special, pytest.mark.timeout(300)]

ADMIN = ("admin", "a-long-password-of-tests")
BOT = ("rundown", "another-password-of-tests")
WORKSPACE = "growth"
OPTIONS = ("--app-name", "basic-auth", "--enable-workspaces")
CREDENTIALS = {"username": BOT[0], "password": SecretStr(BOT[1])}


@dataclass
class Guarded:
    """The server, what people do in its one workspace, and what its administrator allows the bot."""

    server: MlflowServer
    hand: MlflowHand
    url: str

    def admin(self, path: str, workspace: str = WORKSPACE, **content: Any) -> None:
        headers = {"x-mlflow-workspace": workspace}
        answer = self.hand.client.post(f"{self.url}/api/{path}", json=content, headers=headers)
        assert answer.is_success, answer.text

    def permit(self, act: str) -> None:
        about = {"username": BOT[0], "resource_type": "experiment", "resource_id": "*", "permission": "READ"}
        self.admin(f"3.0/mlflow/users/permissions/{act}", **about)


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Guarded]:
    """One server for all these tests, because it needs long to start."""
    assert request.config.cache is not None
    environ = {"MLFLOW_FLASK_SERVER_SECRET_KEY": "of-the-tests", "MLFLOW_AUTH_ADMIN_PASSWORD": ADMIN[1]}
    folder, cache = tmp_path_factory.mktemp("guarded"), request.config.cache.mkdir("mlflow")
    server = start_mlflow(folder, cache=cache, environ=environ, options=OPTIONS)
    hand = MlflowHand(server.url, ADMIN, WORKSPACE)
    made = Guarded(server, hand, server.url)
    try:
        made.admin("3.0/mlflow/workspaces", "default", name=WORKSPACE)
        made.admin("2.0/mlflow/users/create", username=BOT[0], password=BOT[1])
        made.permit("grant")
        yield made
    finally:
        hand.close()
        server.stop()


def follow(store: Store, guarded: Guarded, **settings: Any) -> FollowWorld:
    """A follower with these settings of its tracker."""
    given = {"name": "main", "uri": guarded.url, "timeout": timedelta(seconds=20), **settings}
    return FollowWorld(store, RestTracker(TrackerSettings.model_construct(**given)), guarded.hand, WallClock())


def test_the_runs_of_a_workspace_are_followed_by_whom_it_lets_in(store: Store, guarded: Guarded) -> None:
    world = follow(store, guarded, **CREDENTIALS, workspace=WORKSPACE)
    world.settle()
    world.experiment = guarded.hand.create_experiment("churn")
    ended, running = begin(world), begin(world)
    guarded.hand.end(ended, "FAILED", ended=world.clock.now)
    assert world.tick(MINUTE).error == ""
    assert world.loud(ended) == [Event.STARTED, Event.FAILED]
    with pytest.raises(TrackerRefused, match="Give it EDIT on the experiments"):
        world.tracker.set_tag(ended, "reviewed", "yes")

    guarded.permit("revoke")
    world.tick(MINUTE)
    guarded.permit("grant")
    guarded.hand.end(running, "KILLED", ended=world.clock.now)
    assert world.tick(MINUTE).error == ""
    assert world.loud(ended) == [Event.STARTED, Event.FAILED], "what it may read no more was not deleted"
    assert world.loud(running) == [Event.STARTED, Event.KILLED]


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({}, r"HTTP 401.*Set username and password"),
        ({"username": BOT[0], "password": SecretStr("wrong")}, r"HTTP 401.*Set username and password"),
        ({"token": SecretStr("of-a-proxy")}, r"HTTP 401.*Set username and password"),
        ({**CREDENTIALS, "workspace": "grwoth"}, r"does not know this workspace.*Correct its workspace"),
    ],
    ids=["nobody", "wrong password", "token", "wrong workspace"],
)
def test_who_is_not_let_in_is_told_once_how_to_mend_it(
    store: Store, guarded: Guarded, settings: dict[str, Any], words: str
) -> None:
    world = follow(store, guarded, **settings)
    errors = {world.tick(MINUTE).error for _ in range(3)}
    assert len(errors) == 1
    with pytest.raises(TrackerRefused, match=words):
        world.tracker.probe()
    assert list(world.notices()) == ["tracker:main"]
    assert world.messages() == 1
    assert "password-of-tests" not in errors.pop()


def test_other_workspaces_are_not_seen(store: Store, guarded: Guarded) -> None:
    guarded.hand.create_experiment("churn")
    world = follow(store, guarded, username=ADMIN[0], password=SecretStr(ADMIN[1]))
    assert [one.name for one in world.tracker.experiments()] == ["Default"]


def test_a_server_that_is_called_by_a_name_it_does_not_know(store: Store, guarded: Guarded) -> None:
    with scripted_server() as door, httpx.Client(base_url=guarded.url, trust_env=False, timeout=60) as client:

        def by_another_name(asked: Asked) -> Said:
            headers = {"host": "mlflow.example.com", "content-type": "application/json"}
            answer = client.request(asked.method, asked.path, content=asked.body, headers=headers)
            kind = answer.headers["content-type"]
            return Said(answer.content, answer.status_code, {"date": answer.headers["date"], "content-type": kind})

        door.script = by_another_name
        world = follow(store, guarded, uri=door.url)
        error = world.tick().error
    assert f"--allowed-hosts {door.url.removeprefix('http://')}" in error
    assert list(world.notices()) == ["tracker:main"]
