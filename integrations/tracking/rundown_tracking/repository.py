"""git asked about one folder, in processes side by side that end when the time is over."""

import os
import re
import subprocess
import time
from contextlib import suppress
from pathlib import Path

Question = tuple[str, ...]

PLACE: Question = ("rev-parse", "--show-toplevel", "HEAD", "--symbolic-full-name", "HEAD")
# No monitor of git's own may outlive the run, no lock hinder another process, and no threads take every core.
_GIT = ("git", "-c", "core.fsmonitor=false", "-c", "core.preloadIndex=false", "--no-optional-locks")
ENDING_SECONDS = 0.003
_HEADS = "refs/heads/"


class Repository:
    """The git of a folder. A question that is late or fails is answered with nothing."""

    def __init__(self, folder: Path | None, deadline: float) -> None:
        self._folder = folder
        self._deadline = deadline
        self._running: dict[Question, subprocess.Popen[bytes] | None] = {}
        self._answers: dict[Question, bytes | None] = {}

    def begin(self, question: Question) -> None:
        """Start a git command whose answer is wanted later."""
        if self._folder is None:
            self._running[question] = None
        if question in self._running:
            return
        # Variables such as GIT_DIR, which git sets for its hooks, would answer for another repository.
        env = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        try:
            self._running[question] = subprocess.Popen(  # noqa: S603
                [*_GIT, *question],
                cwd=self._folder,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        except (OSError, ValueError):
            self._running[question] = None

    def answer(self, question: Question) -> bytes | None:
        """What git printed; nothing where there is no git, no repository, an error, or no time left."""
        if question not in self._answers:
            self.begin(question)
            self._answers[question] = self._read(question)
        return self._answers[question]

    def _read(self, question: Question) -> bytes | None:
        process = self._running[question]
        if process is None:
            return None
        try:
            printed, _ = process.communicate(timeout=max(0.0, self._deadline - time.monotonic()))
        except (subprocess.TimeoutExpired, OSError, ValueError):
            return None
        # Before the first commit git still tells the folder, and then fails.
        return printed if process.returncode == 0 or question == PLACE else None

    @property
    def place(self) -> tuple[str, str, str]:
        """The top folder of the working tree, the commit, and the branch (empty where HEAD is detached)."""
        lines = [*(self.answer(PLACE) or b"").split(b"\n"), b"", b"", b""]
        commit = lines[1].decode("ascii", "replace")
        if not re.fullmatch(r"[0-9a-f]{40}|[0-9a-f]{64}", commit):
            return os.fsdecode(lines[0]), "", ""
        head = lines[2].decode("utf-8", "replace")
        return os.fsdecode(lines[0]), commit, head.removeprefix(_HEADS) if head.startswith(_HEADS) else ""

    def close(self) -> None:
        """End what still runs, without waiting for it for long."""
        late = [process for process in self._running.values() if process is not None and process.poll() is None]
        for process in late:
            process.kill()
        enough = time.monotonic() + ENDING_SECONDS
        for process in late:
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=max(0.0, enough - time.monotonic()))
        for process in filter(None, self._running.values()):
            if process.stdout is not None:
                process.stdout.close()
