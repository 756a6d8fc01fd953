"""Apache Otava, replayed by a process in an environment of its own under .bench/; what it found is kept there."""

import hashlib
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from tests.bench.folder import FOLDER, kept
from tests.bench.regressions.score import Alarm, Replayed
from tests.bench.regressions.series import TOLERANCE

VERSION = "0.8.0"
WINDOW = 200
"""Otava sees as many of the newest points as Rundown does."""
SETTINGS: Mapping[str, float] = {"Otava, default (p .001)": 0.001, "Otava, p .0001": 0.0001}
SCRIPT = Path(__file__).with_name("otava_replay.py")


def replayed(name: str, series: Sequence[Sequence[float]]) -> Iterator[Replayed]:
    """What Otava finds in each series, one after another; series seen before are answered from .bench/."""
    chance = SETTINGS[name]
    known = FOLDER / f"otava-{VERSION}-{chance}-{WINDOW}.jsonl"
    found = dict(map(json.loads, known.read_text().splitlines())) if known.exists() else {}
    missing = [values for values in series if _key(values) not in found]
    answers = _asked(chance, missing) if missing else iter(())
    for values in series:
        if _key(values) not in found:
            found[_key(values)] = next(answers)
            with known.open("a") as file:
                file.write(json.dumps([_key(values), found[_key(values)]]) + "\n")
        one = found[_key(values)]
        yield Replayed([Alarm(*alarm) for alarm in one["alarms"]], one["places"], one["seconds"])


def _asked(chance: float, series: Sequence[Sequence[float]]) -> Iterator[Mapping[str, object]]:
    """Each answer as it comes from the process; its input is a file, so that neither waits for the other."""
    python = kept(f"otava@{VERSION}", _installed) / "bin" / "python"
    asked = FOLDER / f"otava-{chance}.asked"
    asked.write_text("".join(json.dumps(list(values)) + "\n" for values in series))
    command = [str(python), str(SCRIPT), str(chance), str(WINDOW), str(TOLERANCE)]
    with (
        asked.open() as lines,
        subprocess.Popen(command, stdin=lines, stdout=subprocess.PIPE, text=True) as process,
    ):
        assert process.stdout is not None
        yield from map(json.loads, process.stdout)
    asked.unlink()
    if process.returncode:
        sys.exit(f"Otava's process ended with {process.returncode}; what it said stands above.")


def _installed(folder: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, f"apache-otava=={VERSION}"], check=True)


def _key(values: Sequence[float]) -> str:
    return hashlib.sha256(json.dumps(list(values)).encode()).hexdigest()
