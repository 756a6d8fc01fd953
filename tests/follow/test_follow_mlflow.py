"""A real MLflow server is followed over REST: real runs, real edits, a real crash, and servers in trouble."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from bot.edges.mlflow import RestTracker
from bot.facts.runs import Event, Status
from bot.ports.store import Store
from bot.settings import TrackerSettings
from sandbox.mlflow_server import MlflowServer, start_mlflow
from tests.follow.world import HOUR, MINUTE, SECOND, FollowWorld, WallClock, begin, fake_world
from tests.servers.mlflow import MlflowHand
from tests.servers.scripted import Asked, Said, Scripted, scripted_server

pytestmark = [pytest.mark.servers, pytest.mark.timeout(300)]

CRASHING = """
import mlflow, sys
mlflow.start_run(run_name="long one", experiment_id=sys.argv[1])
mlflow.log_metric("loss", 0.7)
print(mlflow.active_run().info.run_id, flush=True)
sys.stdin.read()
"""


class Gate:
    """Stands before a real server: lets everything through, or does to it what a test says."""

    def __init__(self, url: str) -> None:
        self.client = httpx.Client(base_url=url, trust_env=False, timeout=60)
        self.shut: Said | None = None

    def __call__(self, asked: Asked) -> Said:
        if self.shut is not None:
            return self.shut
        content_type = {"content-type": "application/json"}
        answer = self.client.request(asked.method, asked.path, content=asked.body, headers=content_type)
        return Said(answer.content, answer.status_code, {"date": answer.headers["date"]})


@pytest.fixture
def gate(mlflow_server: MlflowServer) -> Iterator[Gate]:
    gate = Gate(mlflow_server.url)
    yield gate
    gate.client.close()


@pytest.fixture
def door(gate: Gate) -> Iterator[Scripted]:
    with scripted_server() as server:
        server.script = gate
        yield server


@pytest.fixture
def world(store: Store, door: Scripted, mlflow_hand: MlflowHand) -> Iterator[FollowWorld]:
    """A real server, followed since its first tick, with an old run in it."""
    hand = mlflow_hand
    experiment = hand.create_experiment("churn")
    world, tracker = real_world(store, door.url, hand)
    world.experiment = experiment
    world.old = hand.create_run(experiment, started=world.clock.now - HOUR)  # type: ignore[attr-defined]
    hand.end(world.old, ended=world.clock.now - HOUR)  # type: ignore[attr-defined]
    world.settle()
    with store.read() as unit:
        followed_from = unit.trackers.get("main").followed_from
    assert followed_from is not None
    while tracker.server_time() < followed_from:
        tracker.probe()
    yield world
    tracker.close()


def real_world(store: Store, url: str, hand: object = None) -> tuple[FollowWorld, RestTracker]:
    settings = TrackerSettings(name="main", uri=url, timeout=timedelta(seconds=20))
    tracker = RestTracker(settings)
    return FollowWorld(store, tracker, hand, WallClock()), tracker  # type: ignore[arg-type]


@pytest.mark.parametrize("status", ["FINISHED", "FAILED", "KILLED"])
def test_a_run_starts_and_ends(world: FollowWorld, status: str) -> None:
    run_id = begin(world, name="lr-0.1", tags={"mlflow.user": "jdoe"})
    world.hand.log(run_id, "auc", 0.5)
    world.tick()
    world.hand.log(run_id, "auc", 0.75, step=1)
    world.hand.param(run_id, "lr", "0.1")
    world.hand.end(run_id, status, ended=world.clock.now)
    for _ in range(3):
        assert world.tick(MINUTE / 2).error == ""
    assert world.loud(run_id) == [Event.STARTED, Event(status.lower())]
    run = world.known(run_id).run
    assert (run.status, run.name, run.owner, run.params["lr"]) == (Status(status), "lr-0.1", "jdoe", "0.1")
    assert run.metrics["auc"].value == 0.75


def test_history_is_known_and_quiet(world: FollowWorld) -> None:
    old = world.old  # type: ignore[attr-defined]
    assert world.loud(old) == []
    assert world.known(old).run.status is Status.FINISHED
    world.hand.tag(old, "mlflow.note.content", "in the end it was good")
    for _ in range(2):
        world.tick(MINUTE)
    assert world.loud(old) == [Event.EDITED]


def test_edits_deletion_restoring_and_reopening_are_each_seen_once(world: FollowWorld) -> None:
    run_id = begin(world)
    world.hand.end(run_id, ended=world.clock.now)
    world.tick()
    for act, event in (
        (lambda: world.hand.tag(run_id, "team", "growth"), Event.EDITED),
        (lambda: world.hand.log(run_id, "auc", "NaN"), Event.EDITED),
        (lambda: world.hand.delete(run_id), Event.DELETED),
        (lambda: world.hand.restore(run_id), Event.RESTORED),
        (lambda: world.hand.reopen(run_id), Event.REOPENED),
        (lambda: world.hand.end(run_id, "FAILED", ended=world.clock.now), Event.FAILED),
    ):
        world.told.clear()
        act()
        for _ in range(2):
            world.tick(MINUTE)
        assert world.loud(run_id) == [event]


def test_the_runs_of_a_sweep_know_their_parent(world: FollowWorld) -> None:
    parent = begin(world, name="sweep")
    children = [begin(world, tags={"mlflow.parentRunId": parent}) for _ in range(3)]
    world.hand.end(children[0], "FAILED", ended=world.clock.now)
    world.tick()
    assert {world.known(child).run.parent_id for child in children} == {parent}
    assert world.known(parent).run.parent_id == ""
    assert world.loud(children[0]) == [Event.STARTED, Event.FAILED]


def test_a_training_process_that_is_killed_stalls(world: FollowWorld, mlflow_server: MlflowServer) -> None:
    script = [sys.executable, "-c", CRASHING, world.experiment]
    environ = {**os.environ, "MLFLOW_TRACKING_URI": mlflow_server.url, "MLFLOW_DISABLE_TELEMETRY": "true"}
    with subprocess.Popen(
        script, env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
    ) as training:
        assert training.stdout is not None
        run_id = training.stdout.readline().decode().strip()
        world.tick()
        os.kill(training.pid, signal.SIGKILL)
        training.wait(30)
    assert world.loud(run_id) == [Event.STARTED]
    world.tick(2 * HOUR)
    assert world.loud(run_id) == [Event.STARTED]
    world.tick(HOUR)
    world.tick(HOUR)
    assert world.loud(run_id) == [Event.STARTED, Event.STALLED]
    assert world.known(run_id).run.status is Status.RUNNING


@pytest.mark.parametrize(
    ("shut", "words"),
    [
        (Said(drop=True), "broke off"),
        (Said(b"<html>Bad gateway</html>", 502, {"content-type": "text/html"}), "HTTP 502"),
        (Said(b"<html>Welcome!</html>", 200, {"content-type": "text/html"}), "web page"),
        (Said(b'{"runs": {"a": 1}, "experiments": 3}'), "no list"),
        (Said(b"Invalid Host header", 403), "--allowed-hosts"),
    ],
)
def test_a_server_in_trouble_is_told_once_and_caught_up_with(
    world: FollowWorld, gate: Gate, shut: Said, words: str
) -> None:
    run_id = begin(world)
    world.tick()
    gate.shut = shut
    world.hand.end(run_id, "FAILED", ended=world.clock.now)
    errors = {world.tick(MINUTE).error for _ in range(3)}
    assert len(errors) == 1
    assert words in errors.pop()
    assert list(world.notices()) == ["tracker:main"]
    assert world.loud(run_id) == [Event.STARTED]
    gate.shut = None
    assert world.tick().error == ""
    assert world.notices() == {}
    assert world.loud(run_id) == [Event.STARTED, Event.FAILED]


def test_a_server_that_hangs_is_left_and_another_is_followed_meanwhile(store: Store) -> None:
    with scripted_server() as hanging:
        hanging.script = lambda _: Said(hang=True)
        settings = TrackerSettings(name="slow", uri=hanging.url).model_copy(update={"timeout": SECOND / 5})
        tracker = RestTracker(settings)
        slow = FollowWorld(store, tracker, None, WallClock())  # type: ignore[arg-type]
        good = fake_world(store, "good")
        good.settle()
        assert "did not answer in time" in slow.tick().error
        assert good.tick().error == ""
        tracker.close()


def test_a_server_that_does_not_start_says_why(tmp_path: Path) -> None:
    with scripted_server() as other, pytest.raises(RuntimeError, match="is not free"):
        start_mlflow(tmp_path, port=int(other.url.rpartition(":")[2]))
    with pytest.raises(RuntimeError, match=r"(?s)ended.*Its log ends:.*Python"):
        start_mlflow(tmp_path, environ={"PYTHONHOME": "/nowhere"})
    with pytest.raises(RuntimeError, match="did not answer within"):
        start_mlflow(tmp_path, patience=0.01)
