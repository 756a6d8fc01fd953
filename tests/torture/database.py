"""A database that is locked by somebody else, or that may not grow."""

import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from tests.torture.victim import FULL

FULL_SECONDS = 3.0


@dataclass
class BadDatabase:
    """Troubles of a SQLite file; `locked` and `filled` count them."""

    file: Path
    folder: Path
    locked: int = 0
    filled: int = 0
    holding: bool = False
    emptied_at: float = 0.0

    def full_since(self, moment: float) -> bool:
        """Whether there was no room at some time since `moment` (of time.monotonic)."""
        return (self.folder / FULL).exists() or self.emptied_at >= moment

    def lock(self, seconds: float) -> None:
        """Keep every writer out."""
        with closing(sqlite3.connect(self.file, timeout=10, isolation_level=None)) as connection:
            connection.execute("BEGIN EXCLUSIVE")
            self.holding = True
            time.sleep(seconds)
            self.holding = False
            connection.execute("ROLLBACK")
        self.locked += 1

    def fill(self) -> None:
        """Let the bot find no room for a while."""
        full = self.folder / FULL
        full.touch()
        time.sleep(FULL_SECONDS)
        full.unlink()
        self.emptied_at = time.monotonic()
        self.filled += 1
