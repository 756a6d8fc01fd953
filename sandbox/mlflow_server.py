"""A real MLflow server on this machine, with a folder of its own, for the demo and the tests."""

import contextlib
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from importlib.metadata import version
from pathlib import Path
from urllib.error import HTTPError

PATIENCE = 240.0
PAUSE = 0.1
ENDPOINT = "/api/2.0/mlflow/experiments/search?max_results=1"


class MlflowServer:
    """A running `mlflow server`; `url` is its address, `log` the file it writes to."""

    def __init__(self, process: subprocess.Popen[bytes], url: str, log: Path) -> None:
        self.url = url
        self.log = log
        self.process = process

    def stop(self) -> None:
        """End it and all it started; harmless when it is over already."""
        self._signal(signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.kill()
        self._signal(signal.SIGKILL)

    def kill(self) -> None:
        """End it at once, as a crash would."""
        self._signal(signal.SIGKILL)
        self.process.wait()

    def _signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, number)


def start_mlflow(
    folder: Path,
    port: int = 0,
    cache: Path | None = None,
    environ: Mapping[str, str] | None = None,
    patience: float = PATIENCE,
    options: Sequence[str] = (),
) -> MlflowServer:
    """Start a server that keeps everything in `folder`, and wait until it answers; port 0 takes a free one.

    An empty database is kept in `cache` and copied from there, because MLflow needs seconds to make one. A
    folder that was used before is used again with its runs; `options` are more of `mlflow server`'s own. Raises
    RuntimeError when the port is taken, and with the end of the server's log when it ends or does not answer
    within `patience` seconds.
    """
    folder.mkdir(parents=True, exist_ok=True)
    database, log = folder / "mlflow.db", folder / "mlflow.log"
    spare = cache / f"mlflow-{version('mlflow')}.db" if cache else None
    fresh = not database.exists()
    if fresh and spare and spare.exists():
        shutil.copyfile(spare, database)
        fresh = False
    port = _checked(port) if port else free_port()
    url = f"http://127.0.0.1:{port}"
    with log.open("ab") as output:
        process = subprocess.Popen(
            [*_command(port, database, folder / "artifacts"), *options],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, **_environment(), **(environ or {})},
            cwd=folder,
            start_new_session=True,
        )
    server = MlflowServer(process, url, log)
    try:
        _wait(server, patience)
    except BaseException:
        server.kill()
        raise
    if fresh and spare:
        _keep(database, spare)
    return server


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def _checked(port: int) -> int:
    try:
        with socket.create_server(("127.0.0.1", port)):
            return port
    except OSError as problem:
        raise RuntimeError(f"Port {port} is not free for MLflow: {problem.strerror}.") from problem


def _command(port: int, database: Path, artifacts: Path) -> list[str]:
    where = ["--host", "127.0.0.1", "--port", str(port), "--workers", "1"]
    stores = ["--backend-store-uri", f"sqlite:///{database}", "--artifacts-destination", str(artifacts)]
    return [sys.executable, "-m", "mlflow", "server", *where, *stores]


def _environment() -> dict[str, str]:
    """Without job execution the server starts no consumers of its own (240 MB each in MLflow 3.17)."""
    return {
        "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "PYTHONUNBUFFERED": "1",
    }


def _wait(server: MlflowServer, patience: float) -> None:
    until = time.monotonic() + patience
    while not _answers(server.url):
        if server.process.poll() is not None:
            raise RuntimeError(f"The MLflow server ended (exit {server.process.returncode}). {_tail(server.log)}")
        if time.monotonic() > until:
            raise RuntimeError(f"The MLflow server did not answer within {patience:g} s. {_tail(server.log)}")
        time.sleep(PAUSE)


def _answers(url: str) -> bool:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url + ENDPOINT, timeout=5) as answer:
            return bool(answer.status == 200)
    except HTTPError as refusal:
        return refusal.code == HTTPStatus.UNAUTHORIZED  # whoever asks for credentials is there
    except OSError:
        return False


def _tail(log: Path) -> str:
    lines = log.read_text(errors="replace").strip().splitlines()[-15:]
    return "Its log ends:\n" + "\n".join(lines) if lines else "It wrote no log."


def _keep(database: Path, spare: Path) -> None:
    """Copy the fresh database while the server has it open, and show the copy only when it is whole."""
    spare.parent.mkdir(parents=True, exist_ok=True)
    part = spare.with_name(f"{spare.name}.{os.getpid()}")
    with (
        contextlib.closing(sqlite3.connect(database)) as source,
        contextlib.closing(sqlite3.connect(part)) as copy,
    ):
        source.backup(copy)
    part.replace(spare)
