"""`rundown serve` between a real MLflow server and the sandbox: its start, its memory, and how soon it tells."""

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from sandbox.server import SandboxServer
from sandbox.workspace import Workspace
from sandbox.workspace.seed import CHURN, PEOPLE
from tests.bench.bot import Bot
from tests.bench.figures import Line, at_most, median, told
from tests.bench.mlflow_store import mlflow_with
from tests.servers.mlflow import MlflowHand

STARTS = 3
RUNS = 15
POLL = 2.0
GOLDEN = 0.618034
IDLE_SECONDS = 10
SETTINGS = """
trackers: [{name: main, uri: "MLFLOW", poll: 2s}]
cards: {early_failure: 0s}
channels:
  "#churn": [{experiments: ["bench-*"], post: [finished]}]
"""


def measure() -> Iterator[Line]:
    """Starts with the default tracker, sandbox and SQLite; the last start goes on and is given runs."""
    workspace = Workspace(post_burst=None)
    workspace.join(CHURN)
    with mlflow_with(0) as server, SandboxServer(workspace) as sandbox, TemporaryDirectory() as folder:
        environ = {
            "SLACK_BOT_TOKEN": workspace.bot_token,
            "SLACK_APP_TOKEN": workspace.app_token,
            "SLACK_API_BASE_URL": f"{sandbox.url}/api/",
            "DATABASE_URL": f"sqlite:///{Path(folder) / 'rundown.db'}",
        }
        hand = MlflowHand(server.url)
        experiments = [hand.create_experiment(f"bench-{number}") for number in range(RUNS)]
        starts = []
        for _ in range(STARTS):
            with started(Path(folder), SETTINGS.replace("MLFLOW", server.url), environ) as bot:
                starts.append(bot.ready_in)
        with started(Path(folder), SETTINGS.replace("MLFLOW", server.url), environ) as bot:
            time.sleep(IDLE_SECONDS)
            yield at_most("from the process’s start to /readyz, median", median(starts), 4, " s")
            yield at_most(f"memory when idle for {IDLE_SECONDS} s", bot.megabytes(), 200, " MB")
            # Far from one another each time, so that no drift of the polls keeps step with them.
            phases = [number * GOLDEN % 1 for number in range(RUNS)]
            waits = [_wait(workspace, hand, *pair) for pair in zip(experiments, phases, strict=True)]
            yield told("memory after that", bot.megabytes(), " MB")
        hand.close()
    yield at_most(f"a run’s end to its card, polled every {POLL:g} s, median", median(waits), POLL / 2 + 0.3, " s")
    yield told("the same, longest", max(waits), " s")


@contextmanager
def started(folder: Path, settings: str, environ: dict[str, str]) -> Iterator[Bot]:
    """A bot for as long as it is wanted."""
    bot = Bot(folder, settings, environ)
    try:
        yield bot
    finally:
        bot.end()


def _wait(workspace: Workspace, hand: MlflowHand, experiment: str, phase: float) -> float:
    """End a run at a moment of the poll; the seconds until its card stood in the channel."""
    name = f"run-of-{experiment}"
    run = hand.create_run(experiment, name, started=datetime.now(UTC))
    hand.log(run, "auc", 0.9)
    now = time.time() / POLL
    time.sleep((math.ceil(now) + 1 + phase - now) * POLL)
    ended = time.time()
    hand.end(run, ended=datetime.fromtimestamp(ended, UTC))

    def card() -> str:
        found = [one["ts"] for one in workspace.messages(CHURN, PEOPLE[0].id) if name in one["text"]]
        return str(found[0]) if found else ""

    return float(workspace.wait_for(card, 30)) - ended
