"""First contact with a tracker of 100,000 runs: how long it takes, and whether commands are answered meanwhile."""

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.asking import SECRET, Asking
from tests.bench.bot import Bot
from tests.bench.figures import Line, at_most, median, p99, told
from tests.bench.serve import started

RUNS = 100_000
PAUSE = 0.5
SETTINGS = """
app: {mode: http, public_url: "https://rundown.example.com"}
trackers: [{name: main, uri: "http://127.0.0.1:PORT", public_url: "http://mlflow.example.com"}]
"""
READING = re.compile(r"([\d,]+) runs so far")


@contextmanager
def history(count: int) -> Iterator[int]:
    """The port of a stand-in for a tracker with a long history, in a process of its own."""
    command = [sys.executable, "-m", "tests.bench.history", str(count)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            yield int(process.stdout.readline())
        finally:
            process.kill()


def measure() -> Iterator[Line]:
    """Ask `latest` twice a second until the answer no longer says that history is being read."""
    with TemporaryDirectory() as folder, history(RUNS) as port:
        environ = {
            "SLACK_BOT_TOKEN": "xoxb-bench",
            "SLACK_SIGNING_SECRET": SECRET,
            "DATABASE_URL": f"sqlite:///{Path(folder) / 'rundown.db'}",
        }
        with started(Path(folder), SETTINGS.replace("PORT", str(port)), environ) as bot:
            yield from _watched(bot)


def _watched(bot: Bot) -> Iterator[Line]:
    asking = Asking(bot.port)
    began = time.perf_counter()
    seconds: list[float] = []
    seen: list[int] = []
    memory: list[float] = []
    while True:
        took, raw = asking.once()
        seconds.append(took)
        memory.append(bot.megabytes())
        reading = READING.search(raw.decode())
        if reading is None:
            break
        seen.append(int(reading[1].replace(",", "")))
        time.sleep(PAUSE)
    whole = time.perf_counter() - began
    steps = sorted(set(seen))
    yield told(f"{RUNS:,} runs read in", whole, " s")
    yield told("runs a second", RUNS / whole, "")
    yield Line("progress shown", f"{len(steps)} values, {steps[0]:,} to {steps[-1]:,}", "moves", len(steps) > 3)
    yield told("/runs latest meanwhile, median", median(seconds) * 1000, " ms")
    yield at_most("/runs latest meanwhile, p99", p99(seconds) * 1000, 1000, " ms")
    yield told("memory at 1 of 10", memory[len(memory) // 10], " MB")
    yield at_most("memory at the end, of that at 1 of 10", memory[-1] / memory[len(memory) // 10], 1.3, "×")
    yield told("memory at most", bot.megabytes(peak=True), " MB")
