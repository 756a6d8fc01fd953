"""Child processes that end with the demo, whatever ends it."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

STOP_SECONDS = 8.0


class Children:
    """Starts Python modules in process groups of their own, and ends all that are left."""

    def __init__(self, folder: Path) -> None:
        """Logs go to `folder`."""
        self.folder = folder
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def start(
        self, name: str, module: str, arguments: Sequence[str], environ: Mapping[str, str]
    ) -> subprocess.Popen[bytes]:
        """Start `python -m module arguments…`; what it prints goes to NAME.log."""
        with (self.folder / f"{name}.log").open("ab") as log:
            child = subprocess.Popen(
                [sys.executable, "-m", module, *arguments],
                env={**os.environ, **environ},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.running[name] = child
        return child

    def tail(self, name: str, lines: int = 15) -> str:
        """The last lines a child printed."""
        log = self.folder / f"{name}.log"
        return "\n".join(log.read_text(errors="replace").splitlines()[-lines:]) if log.exists() else ""

    def stop(self) -> None:
        """End every child with its whole group: asked first, then killed."""
        for sign in (signal.SIGTERM, signal.SIGKILL):
            for child in self.running.values():
                if child.poll() is None:
                    with contextlib.suppress(ProcessLookupError, PermissionError):
                        os.killpg(child.pid, sign)
            for child in self.running.values():
                with contextlib.suppress(subprocess.TimeoutExpired):
                    child.wait(STOP_SECONDS)
        self.running.clear()


def free_port() -> int:
    """A port of the loopback interface that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def taken(port: int) -> bool:
    """Whether somebody listens at this port of the loopback interface."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
        return False
