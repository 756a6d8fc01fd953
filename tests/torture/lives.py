"""The lives of the bot: a process that is killed at a named step or at any moment, and started again."""

import contextlib
import os
import queue
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.torture.victim import DEATHS, STEPS

ROOT = Path(__file__).parents[2]
RANDOM = "at any moment"
NO_STEP = "-"
BIRTH_SECONDS = 60.0
STOP_SECONDS = 15.0


@dataclass
class Lives:
    """Starts the bot again and again; `number` tells one life from the next, none takes more than `longest` s."""

    folder: Path
    config: Path
    environ: Mapping[str, str]
    seed: int
    longest: float
    number: int = 0
    alive: bool = False
    deaths: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.dice = random.Random(f"lives {self.seed}")
        self.steps: list[str] = []
        self.pid = 0
        self.told: queue.Queue[int] = queue.Queue()
        with (self.folder / "bot.log").open("ab") as log:
            self.nurse = subprocess.Popen(
                [sys.executable, "-m", "tests.torture.victim", self.config, self.folder],
                env={**os.environ, **self.environ},
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        threading.Thread(target=self._listen, daemon=True).start()

    def close(self) -> None:
        """End the bot if it lives, and who gave birth to it."""
        if self.alive:
            self._kill()
        assert self.nurse.stdin is not None
        self.nurse.stdin.close()
        self.nurse.wait()

    def die_until(self, moment: float) -> None:
        """Live and die until `moment` (of time.monotonic)."""
        while time.monotonic() < moment:
            if self.number % 3 == 2:
                self._one_life(NO_STEP, 0, self.dice.uniform(0.2, self.longest))
            else:
                self._one_life(self._next_step(), self.dice.choice((1, 1, 1, 2, 3)), self.longest)

    def start(self, step: str = NO_STEP, nth: int = 0) -> None:
        """A new life."""
        self.number += 1
        assert self.nurse.stdin is not None
        self.nurse.stdin.write(f"{step} {nth}\n")
        self.nurse.stdin.flush()
        self.pid = self.told.get(timeout=BIRTH_SECONDS)
        self.alive = True

    def stop(self) -> int:
        """Ask the bot to end; returns its exit code, or -9 where it had to be killed."""
        self.alive = False
        os.kill(self.pid, signal.SIGTERM)
        try:
            return self.told.get(timeout=STOP_SECONDS)
        except queue.Empty:
            return self._kill()

    def _listen(self) -> None:
        assert self.nurse.stdout is not None
        for line in self.nurse.stdout:
            self.told.put(int(line))

    def _kill(self) -> int:
        self.alive = False
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        return self.told.get(timeout=STOP_SECONDS)

    def _next_step(self) -> str:
        """Every step in turn, in an order of this seed."""
        if not self.steps:
            self.steps = self.dice.sample(STEPS, len(STEPS))
        return self.steps.pop()

    def _one_life(self, step: str, nth: int, seconds: float) -> None:
        before = self._died_at_steps()
        self.start(step, nth)
        try:
            code = self.told.get(timeout=seconds)
        except queue.Empty:
            code = self._kill()
        self.alive = False
        if code != -signal.SIGKILL:
            raise RuntimeError(f"the bot ended by itself with exit code {code}: see {self.folder / 'bot.log'}")
        after = self._died_at_steps()
        self.deaths[after[-1] if len(after) > len(before) else RANDOM] += 1

    def _died_at_steps(self) -> list[str]:
        deaths = self.folder / DEATHS
        return deaths.read_text().split() if deaths.exists() else []
