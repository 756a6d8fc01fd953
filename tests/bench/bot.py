"""`rundown serve` as a process of its own: started, waited for, looked at, ended."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import httpx

from sandbox.processes import free_port

PATIENCE = 60.0
PAUSE = 0.01


class Bot:
    """A running bot; `ready_in` are the seconds from its start to a ready /readyz."""

    def __init__(self, folder: Path, settings: str, environ: Mapping[str, str]) -> None:
        self.port = free_port()
        (folder / "app.yaml").write_text(f"door: {{port: {self.port}}}\n{settings}")
        self.log = folder / "bot.log"
        began = time.perf_counter()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bot", "serve", "--config", str(folder / "app.yaml")],
                env={**os.environ, **environ},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        try:
            self._wait(began + PATIENCE)
        except BaseException:
            self.end()
            raise
        self.ready_in = time.perf_counter() - began

    def _wait(self, until: float) -> None:
        with httpx.Client(trust_env=False) as client:
            while time.perf_counter() < until:
                if self.process.poll() is not None:
                    break
                try:
                    if client.get(f"http://127.0.0.1:{self.port}/readyz").is_success:
                        return
                except httpx.TransportError:
                    pass
                time.sleep(PAUSE)
        raise RuntimeError(f"the bot is not ready:\n{self.log.read_text()[-2000:]}")

    def megabytes(self, *, peak: bool = False) -> float:
        """The memory it holds now, or held at most, as Linux counts it (VmRSS and VmHWM)."""
        name = "VmHWM:" if peak else "VmRSS:"
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith(name):
                return int(line.split()[1]) / 1000
        raise RuntimeError(f"this system does not tell {name} of a process")

    def end(self) -> None:
        """Ask it to end, and wait."""
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
