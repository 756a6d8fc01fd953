"""The bot as `rundown serve` runs it, again and again; it dies at a named step, and its disk can be full."""

import os
import signal
import sys
from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy import Engine, event

from bot import logs
from bot.check import upgraded
from bot.settings import load_settings
from bot.wiring import wire
from handlers.serving import Serving

STEPS = (
    *("claimed", "calling", "called", "recording", "recorded", "looked", "settled"),  # delivering
    *("keeping", "announced", "kept", "saving", "saved"),  # following
)
FULL = "full"
DEATHS = "deaths"
NO_LIMIT = 1_073_741_823


class Death:
    """Kills this process, as SIGKILL does, when a step is passed for the nth time; `deaths` says which it was."""

    def __init__(self, folder: Path, step: str, nth: int) -> None:
        self.deaths = folder / DEATHS
        self.step = step
        self.left = nth
        self.lock = Lock()

    def __call__(self, step: str) -> None:
        if step != self.step:
            return
        with self.lock:
            self.left -= 1
            if self.left == 0:
                with self.deaths.open("a") as deaths:
                    deaths.write(f"{step}\n")
                os.kill(os.getpid(), signal.SIGKILL)


def limit(engine: Engine, full: Path) -> None:
    """As long as a file named `full` is there, the database may not grow: SQLite says that its disk is full."""

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql(f"PRAGMA max_page_count = {1 if full.exists() else NO_LIMIT}")


def live(config: Path, folder: Path, step: str, nth: int) -> None:
    """What `rundown serve` does, from settings to the end."""
    settings = load_settings(config, os.environ)
    logs.configure(plain=False)
    works = wire(settings, step=Death(folder, step, nth))
    limit(works.store.engine, folder / FULL)
    finding = upgraded(works.store)
    if finding.level == "error":
        sys.exit(f"{finding.what} {finding.mend}")
    serving = Serving(works)
    signal.signal(signal.SIGTERM, lambda _number, _frame: serving.finish())
    if not serving.run():
        os._exit(0)


def nurse(config: Path, folder: Path) -> None:
    """Give birth to a bot for each line "STEP NTH" of standard input: a fork of a process that has only imported.

    Answers with its process id, and with its exit code (negative for a signal) when it is over.
    """
    for line in sys.stdin:
        step, nth = line.split()
        child = os.fork()
        if child == 0:
            sys.stdin.close()
            live(config, folder, step, int(nth))
            os._exit(0)
        say(child)
        _, status = os.waitpid(child, 0)
        say(os.waitstatus_to_exitcode(status))


def say(number: int) -> None:
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    nurse(Path(sys.argv[1]), Path(sys.argv[2]))
