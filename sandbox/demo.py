"""`make demo`: a local Slack, a real MLflow server, the unchanged bot, and a story that plays between them."""

import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import yaml

from sandbox.expectations import Expectations
from sandbox.mlflow_server import start_mlflow
from sandbox.processes import Children, free_port, taken
from sandbox.server import SandboxServer
from sandbox.story import NIGHTLY, TRAINING_SECONDS, Stage, Story, digest_time
from sandbox.workspace import Workspace
from sandbox.workspace.seed import CHURN, OPS

WEBHOOK_SECRET = "demo-webhook-secret"  # noqa: S105 - opens only this machine's demo
READY_SECONDS = 60.0
CACHE = Path(".demo")
CONFIG = Path(__file__).with_name("demo.yaml")


class Missing(Exception):
    """Something the demo needs is not there; the text says what to do."""


def play(*, check: bool, port: int) -> int:
    """Play the demo until Ctrl-C, or once with `check`; returns the exit code."""
    signal.signal(signal.SIGTERM, _interrupted)
    folder = Path(tempfile.mkdtemp(prefix="rundown-demo-"))
    children = Children(folder)
    stops: list[Callable[[], None]] = [children.stop]
    try:
        return _play(folder, children, stops, check=check, port=port)
    except Missing as problem:
        say(str(problem))
        return 1
    except KeyboardInterrupt:
        say("Ending everything that was started…")
        return 0
    finally:
        for one in (signal.SIGTERM, signal.SIGINT):
            signal.signal(one, signal.SIG_IGN)
        for stop in reversed(stops):
            stop()
        shutil.rmtree(folder, ignore_errors=True)


def _play(folder: Path, children: Children, stops: list[Callable[[], None]], *, check: bool, port: int) -> int:
    if taken(port):
        raise Missing(f"Port {port} is taken. Try another: make demo PORT={port + 1}")
    workspace = Workspace()
    workspace.install(_manifest())
    for channel in (CHURN, OPS):
        workspace.join(channel)
    server = SandboxServer(workspace, port=port)
    server.start()
    stops.append(server.stop)
    say("The local Slack is up. Starting MLflow (ten seconds or so)…")
    tracker = _mlflow(folder)
    stops.append(tracker.stop)
    say(f"MLflow is up at {tracker.url}. Training the last nights’ models…")
    _history(children, tracker.url)
    say("Starting the bot…")
    door = _start_bot(folder, children, workspace, tracker.url)
    started = time.monotonic()
    say(f"\n    Open {server.url}\n")
    say("Real training runs arrive in #churn from now on; type /runs there. Ctrl-C ends everything.\n")
    stop = threading.Event()
    stops.append(stop.set)
    stage = Stage(workspace, door, WEBHOOK_SECRET, tracker.url, children, say, stop)
    story = Story(stage)
    story.start()
    if not check:
        while True:
            time.sleep(3600)
    expectations = Expectations(stage, story, server.url, started)
    missing = expectations.all()
    if missing:
        say("\nThe bot's last words:\n" + children.tail("bot", 40))
    for one in missing:
        say(f"MISSING: {one}")
    say(f"\n{len(expectations.seen)} seen, {len(missing)} missing.")
    return 1 if missing else 0


def _manifest() -> dict[str, Any]:
    """What a user would paste into Slack, so that the bot is granted no more here than there."""
    command = [sys.executable, "-m", "bot", "manifest", "--config", str(CONFIG)]
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    if made.returncode:
        raise Missing(f"`rundown manifest` ended with exit code {made.returncode}:\n{made.stderr}")
    read: dict[str, Any] = yaml.safe_load(made.stdout)
    return read


def _mlflow(folder: Path) -> Any:
    CACHE.mkdir(exist_ok=True)
    try:
        return start_mlflow(folder / "mlflow", cache=CACHE)
    except RuntimeError as problem:
        raise Missing(f"MLflow did not start: {problem}") from problem


def _history(children: Children, tracker: str) -> None:
    """Train what the team trained before the bot came: a bot that follows nothing older is told of none of it."""
    environ = {"MLFLOW_TRACKING_URI": tracker, "MLFLOW_DISABLE_TELEMETRY": "true"}
    arguments = ["history", "--experiment", NIGHTLY, "--user", "jonas"]
    if children.start("history", "sandbox.training", arguments, environ).wait(TRAINING_SECONDS):
        raise Missing(f"The trainings of the last nights ended badly:\n{children.tail('history')}")


def _start_bot(folder: Path, children: Children, workspace: Workspace, tracker: str) -> str:
    """Start `rundown serve` as a user would, pointed at the sandbox; returns the address of its door."""
    port = free_port()
    door = f"http://127.0.0.1:{port}"
    environ = {
        "SLACK_BOT_TOKEN": workspace.bot_token,
        "SLACK_APP_TOKEN": workspace.app_token,
        "SLACK_API_BASE_URL": f"{workspace.base_url}/api/",
        "MLFLOW_TRACKING_URI": tracker,
        "GITHUB_WEBHOOK_SECRET": WEBHOOK_SECRET,
        "REPORT_SECRET": WEBHOOK_SECRET,
        "DATABASE_URL": f"sqlite:///{folder / 'rundown.db'}",
        "DOOR_PORT": str(port),
        "DIGEST_AT": digest_time(datetime.now(UTC)),
    }
    bot = children.start("bot", "bot", ["serve", "--config", str(CONFIG)], environ)
    end = time.monotonic() + READY_SECONDS
    while time.monotonic() < end:
        if bot.poll() is not None:
            raise Missing(f"The bot ended with exit code {bot.returncode}:\n{children.tail('bot')}")
        if _ready(door):
            return door
        time.sleep(0.2)
    raise Missing(f"The bot was not ready after {READY_SECONDS:g} seconds:\n{children.tail('bot')}")


def _ready(door: str) -> bool:
    try:
        return httpx.get(f"{door}/readyz", timeout=2, trust_env=False).status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False


def _interrupted(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt


def say(text: str) -> None:
    """Tell the person at the terminal."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
