"""The files of logged models, of MLflow 3's and of older ones, on a real server."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from bot.edges.mlflow import RestTracker
from bot.settings import TrackerSettings
from sandbox.mlflow_server import MlflowServer
from tests.servers.mlflow import MlflowHand
from tests.servers.scripted import Asked, Said, Scripted, scripted_server

pytestmark = [pytest.mark.servers, pytest.mark.timeout(300)]
NAMES = ("requirements.txt", "conda.yaml")


@dataclass
class World:
    tracker: RestTracker
    hand: MlflowHand
    run_id: str

    def files(self) -> dict[str, bytes]:
        return dict(self.tracker.model_files(self.run_id, NAMES, 1000))


@pytest.fixture
def world(mlflow_server: MlflowServer, mlflow_hand: MlflowHand) -> Iterator[World]:
    tracker = RestTracker(TrackerSettings(name="main", uri=mlflow_server.url))
    run_id = mlflow_hand.create_run(
        mlflow_hand.create_experiment("churn"), started=datetime(2026, 3, 1, tzinfo=UTC)
    )
    yield World(tracker, mlflow_hand, run_id)
    tracker.close()


def test_a_logged_model_of_mlflow_3_is_read_where_it_is_kept(world: World) -> None:
    world.hand.model(world.run_id, "model", requirements__txt=b"numpy==2\n", conda__yaml=b"name: x\n")
    assert world.files() == {"requirements.txt": b"numpy==2\n", "conda.yaml": b"name: x\n"}


def test_of_several_models_the_latest_counts_and_then_the_first_by_name(world: World) -> None:
    for name, step in (("b", 7), ("a", 7), ("0", 3)):
        world.hand.model(world.run_id, name, step, requirements__txt=f"{name}=={step}".encode())
    assert world.files() == {"requirements.txt": b"a==7"}


def test_a_model_without_these_files_has_none(world: World) -> None:
    world.hand.model(world.run_id, "model", MLmodel=b"flavors: {}")
    assert world.files() == {}


def test_the_tag_of_older_clients_says_where_the_model_is(world: World) -> None:
    for folder in ("aa", "deep/er"):
        world.hand.artifact(world.run_id, f"{folder}/MLmodel", b"flavors: {}")
        world.hand.artifact(world.run_id, f"{folder}/requirements.txt", folder.encode())
    assert world.files() == {"requirements.txt": b"aa"}
    history = json.dumps([{"artifact_path": "aa"}, {"artifact_path": "deep/er"}])
    world.hand.tag(world.run_id, "mlflow.log-model.history", history)
    assert world.files() == {"requirements.txt": b"deep/er"}


@pytest.fixture
def server() -> Iterator[Scripted]:
    with scripted_server() as made:
        yield made


@pytest.mark.parametrize("history", ["", "{", "7", '[{"artifact_path": 7}]', "[[]]"])
@pytest.mark.parametrize("outputs", ["7", '{"model_outputs": [1, {"step": "x"}]}', '{"model_outputs": {}}'])
def test_what_means_nothing_is_no_model(server: Scripted, history: str, outputs: str) -> None:
    tags = json.dumps([{"key": "mlflow.log-model.history", "value": history}, 7])

    def script(asked: Asked) -> Said:
        return Said(f'{{"run": {{"outputs": {outputs}, "data": {{"tags": {tags}}}}}, "files": [7]}}'.encode())

    server.script = script
    tracker = RestTracker(TrackerSettings(name="main", uri=server.url))
    assert tracker.model_files("a" * 32, NAMES, 100) == {}
    tracker.close()
