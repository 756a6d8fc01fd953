"""Real repositories for the tests of rundown-tracking, and what a run that starts in one is told."""

import os
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

from rundown_tracking.repository import Repository
from rundown_tracking.start import Start

# Hours for a slow machine; that the real limit is kept is a test of its own.
NO_HURRY = 60.0
AUTHOR = ("-c", "user.name=Ada", "-c", "user.email=ada@example.com", "-c", "protocol.file.allow=always")


def git(folder: Path, *words: str) -> str:
    """Run git as a person would."""
    env = {"PATH": os.environ["PATH"], "GIT_CONFIG_NOSYSTEM": "1", "HOME": str(folder)}
    command = ["git", *AUTHOR, *words]
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=True, timeout=60)
    return done.stdout.strip()


def repository(folder: Path, files: Mapping[str, str] | None = None) -> Path:
    """A repository on main with one commit."""
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "--quiet", "--initial-branch=main")
    for name, text in (files or {"train.py": "fit()\n"}).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "Begin")
    return folder


def start(
    folder: Path | None,
    *,
    env: Mapping[str, str] | None = None,
    notebook: Path | None = None,
    left: float = NO_HURRY,
) -> Start:
    """A run that starts in a folder, with so many seconds left."""
    deadline = time.monotonic() + left
    return Start(env or {}, notebook, folder, Repository(folder, deadline), deadline)
