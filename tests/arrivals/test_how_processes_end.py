"""How a training process ends, what MLflow then calls its run, and what people are told."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from sandbox.mlflow_server import MlflowServer
from tests.fixtures.bench import Bench, Team, said

pytestmark = pytest.mark.servers

# Importing MLflow takes seconds, so it is done once: each ending is a process of its own, forked from that one.
TRAINING = """
import mlflow, os, sys

def within(name):
    with mlflow.start_run(run_name=name, experiment_id=sys.argv[1]):
        mlflow.log_metric("val_auc", 0.5)
        yield

def without(name):
    mlflow.start_run(run_name=name, experiment_id=sys.argv[1])
    yield

def raises(name, manner):
    for _ in manner(name):
        raise ValueError("nan loss")

def exits(name, manner):
    for _ in manner(name):
        sys.exit(1)

def waits(name, manner):
    for _ in manner(name):
        print(name, os.getpid(), flush=True)
        sys.stdin.read()

ENDINGS = {
    "raises-within": (raises, within),
    "exits-within": (exits, within),
    "raises-without": (raises, without),
    "exits-without": (exits, without),
    "terminated": (waits, within),
    "killed-hard": (waits, within),
}
for name, (ending, manner) in ENDINGS.items():
    if os.fork() == 0:
        ending(name, manner)
        sys.exit()
for _ in ENDINGS:
    os.wait()
"""


@pytest.fixture(scope="module")
def training(tmp_path_factory: pytest.TempPathFactory) -> Path:
    script = tmp_path_factory.mktemp("training") / "train.py"
    script.write_text(TRAINING)
    return script


def test_what_is_told_of_processes_that_end_in_every_way(
    bench: Bench, team: Team, training: Path, mlflow_server: MlflowServer
) -> None:
    bench.let_pass(timedelta(seconds=2))
    script = [sys.executable, str(training), team.experiment]
    silent = {"MLFLOW_DISABLE_TELEMETRY": "true", "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true"}
    environ = {**os.environ, **silent, "MLFLOW_TRACKING_URI": mlflow_server.url}
    with subprocess.Popen(
        script, env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None and process.stderr is not None
        waiting = dict(process.stdout.readline().decode().split() for _ in range(2))
        os.kill(int(waiting["terminated"]), signal.SIGTERM)
        os.kill(int(waiting["killed-hard"]), signal.SIGKILL)
        assert process.stderr.read().count(b"ValueError: nan loss") == 2
        assert process.wait(60) == 0
    bench.follow()
    cards = [said(card) for card in bench.cards()]

    def of(name: str) -> list[str]:
        return [card for card in cards if name in card]

    for name in ("raises-within", "exits-within"):
        assert len(of(name)) == 1
        assert "failed" in of(name)[0]
    for name in ("raises-without", "exits-without"):
        assert len(of(name)) == 1
        assert "without metrics" in of(name)[0], "MLflow calls it finished; that nothing was logged tells"
    assert of("terminated") + of("killed-hard") == [], "MLflow calls them running, and so they are, as far as seen"

    bench.let_pass(timedelta(hours=4))
    bench.follow()
    bench.follow()
    for name in ("terminated", "killed-hard"):
        assert "silent" in said(bench.card(name))
        assert "its process may be gone" in said(bench.card(name))
