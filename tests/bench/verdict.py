"""How long a verdict takes on a run with 10,000 comparable runs before it: from the index to what is kept."""

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bot.edges.store import SqlStore, open_store
from bot.edges.store.schema import wanted
from bot.facts.runs import Change, Event, Metric, Run
from bot.notify.judging import Judging
from bot.ports.index import Known
from bot.settings import Settings
from tests.bench import team
from tests.bench.figures import Line, at_most, median, timed, told
from tests.bench.folder import kept
from tests.bench.index import fill

RUNS = 10_000
TIMES = 40
PARAMS = {"lr": "0.1", "depth": "8", "model": "xgboost"}


def nightly(number: int) -> Run:
    """One of many runs of the same thing: ten metrics, and another seed each time."""
    run = team.run(100 * number + 1, team.NEWEST - (RUNS - number) * team.APART)
    metrics = {name: Metric(0.9 + metric.value / 100, 100) for name, metric in run.metrics.items()}
    where = {"experiment_id": "1", "experiment": team.name_of(1), "params": {**PARAMS, "seed": str(number)}}
    return replace(run, metrics=metrics, **where)  # type: ignore[arg-type]


def measure() -> Iterator[Line]:
    """Each run is another one, and comes after those before it."""

    def make(folder: Path) -> None:
        store = open_store(f"sqlite:///{folder / 'rundown.db'}")
        store.upgrade()
        fill(store, (nightly(number) for number in range(RUNS)))
        store.close()

    made = kept(f"lineage-{RUNS}@{wanted()}", make) / "rundown.db"
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "rundown.db"
        copy.write_bytes(made.read_bytes())
        store = open_store(f"sqlite:///{copy}")
        seconds = [timed(judging(store, nightly(RUNS + number))) for number in range(TIMES)]
        late = [timed(judging(store, nightly(RUNS - 2), again=True)) for _ in range(3)]
        store.close()
    what = f"a verdict on a run after {RUNS:,} comparable ones, 10 metrics, median"
    yield at_most(what, median(seconds) * 1000, 50, " ms")
    yield told("the same with the 40 runs after it judged again", median(late) * 1000, " ms")


def judging(store: SqlStore, run: Run, *, again: bool = False) -> Callable[[], None]:
    """Keep a run, and judge it."""
    now = team.NEWEST + timedelta(days=60)
    with store.write() as unit:
        unit.runs.put([Known(run, now, now)])
    change = Change(run.run_id, Event.FINISHED, run, 0, now)

    def judge() -> None:
        with store.write() as unit:
            judged = Judging(Settings(), unit)
            judged.take([change])
            assert again or judged.altered

    return judge
