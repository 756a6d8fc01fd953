"""How much longer the start of a run takes with rundown-tracking: in this repository, and in a large one."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from rundown_tracking.repository import PLACE
from tests.bench.figures import Line, at_most, median, p99, timed, told
from tests.tracking.places import git, start
from tests.tracking.scripts import run

HERE = Path(__file__).parents[2]
STARTS = 50
FILES, POINTERS, STAGES = 50_000, 30, 60
LIMIT = 50.0
# A script's commit is kept for its next run, so each start is the first of its own.
STARTED = """
import json, os, time
from rundown_tracking.telling import Telling
took = []
for one in [Telling(os.environ) for _ in range(int(os.environ["STARTS"]))]:
    began = time.perf_counter()
    took.append([len(one.tags()), time.perf_counter() - began])
print(json.dumps(took))
"""
STAGE = (
    "  s{0}:\n    cmd: x\n    deps:\n    - path: raw/{0}\n      hash: md5\n      md5: {0:032x}\n      size: 1\n"
)


def measure() -> Iterator[Line]:
    """A run's start in milliseconds, and how often all was known in that time."""
    yield from _place("Rundown's own repository", HERE)
    with TemporaryDirectory() as folder:
        yield from _place(
            f"{FILES:,} files, {POINTERS} *.dvc and a dvc.lock of {STAGES} stages", _large(Path(folder))
        )


def _place(what: str, folder: Path) -> Iterator[Line]:
    script = folder / ".bench" / "train.py"
    script.parent.mkdir(exist_ok=True)
    script.write_text(STARTED)
    (everything, _), *_ = run(script, {"STARTS": "1"})
    starts = run(script, {"STARTS": f"{STARTS}", "RUNDOWN_TRACKING_SECONDS": ""})
    seconds = [took for _, took in starts]
    yield at_most(f"{what}: median", median(seconds) * 1e3, LIMIT, " ms")
    yield at_most(f"{what}: p99", p99(seconds) * 1e3, LIMIT, " ms")
    floor = median([timed(lambda: start(folder).repository.answer(PLACE)) for _ in range(STARTS)])
    yield told(f"{what}: one `git rev-parse`, the floor", floor * 1e3, " ms")
    whole = sum(tags == everything for tags, _ in starts)
    yield told(f"{what}: of {STARTS} starts, those with all {everything} tags", whole, "")


def _large(folder: Path) -> Path:
    for number in range(FILES):
        there = folder / f"src/{number // 500}/{number}.py"
        there.parent.mkdir(parents=True, exist_ok=True)
        there.write_text(f"x = {number}\n")
    for number in range(POINTERS):
        (folder / f"{number}.csv.dvc").write_text(
            f"outs:\n- md5: {number:032x}\n  size: 1\n  path: {number}.csv\n"
        )
    (folder / "dvc.lock").write_text("schema: '2.0'\nstages:\n" + "".join(map(STAGE.format, range(STAGES))))
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "Begin")
    git(folder, "status")
    return folder
