"""Two runs side by side from the index to blocks, and curves from numbers to a PNG."""

import math
import random
import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.facts.curves import Curve, Plot
from bot.facts.runs import Experiment, Metric, Run, Status
from bot.ports.index import Known
from bot.render.charts import Charts
from bot.settings import Settings
from bot.wiring import wire
from bot.words import Asker
from handlers.answers import payload
from handlers.commands import prepare
from tests.bench.figures import Line, at_most, median, timed, told

PAIRS = 20
NAMES = 1000
POINTS = 100_000
BEGAN = datetime(2026, 11, 1, tzinfo=UTC)
ASKER = Asker("U1", "jo", "C1", "churn")


def measure() -> Iterator[Line]:
    """Each pair is another one, so that no answer was laid out before."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings.model_validate({"database": f"sqlite:///{Path(folder) / 'rundown.db'}"})
        works = wire(settings, lambda: BEGAN + timedelta(days=1))
        works.store.upgrade()
        with works.store.write() as unit:
            unit.runs.put_experiments([Experiment("main", "1", "churn")])
            unit.runs.put([Known(_wide(number), BEGAN, BEGAN) for number in range(10 * PAIRS)])
        for what, each, most in (("two runs", 2, 30), ("ten runs", 10, 0)):
            texts = [_words(first * each, each) for first in range(PAIRS)]
            seconds = [timed(lambda text=text: _answered(works.deps, text)) for text in texts]  # type: ignore[misc]
            told_as = (
                f"compare: {what} of {NAMES:,} metrics and {NAMES:,} params, from the index to blocks, median"
            )
            value = median(seconds[1:]) * 1000
            yield at_most(told_as, value, most, " ms") if most else told(told_as, value, " ms")
        works.close()
    charts, values = Charts(), [_values(number) for number in range(4)]
    yield told("plot: the first picture of a process", timed(lambda: charts.draw(_plot(values))) * 1000, " ms")
    seconds = [timed(lambda: charts.draw(_plot(values))) for _ in range(PAIRS)]
    yield at_most(f"plot: a PNG of 4 × {POINTS:,} values, median", median(seconds) * 1000, 400, " ms")


def _wide(number: int) -> Run:
    """A run of which every metric, and every second param, differs from those of the others."""
    values = random.Random(number)
    return Run(
        tracker="main",
        run_id=f"{number:032x}",
        experiment_id="1",
        experiment="churn",
        name=f"wide-{number}",
        status=Status.FINISHED,
        started=BEGAN + timedelta(minutes=number),
        ended=BEGAN + timedelta(minutes=number + 1),
        params={f"layer_{place}.units": str(place if place % 2 else number) for place in range(NAMES)},
        metrics={f"val_loss_{place}": Metric(values.random(), 10, BEGAN) for place in range(NAMES)},
    )


def _words(first: int, count: int) -> str:
    return "compare " + " ".join(f"wide-{number}" for number in range(first, first + count))


def _answered(deps: object, text: str) -> None:
    answer = payload(deps, prepare(text).answer(deps, ASKER))  # type: ignore[arg-type]
    (table,) = [block for block in answer["blocks"] if block["type"] == "table"]
    assert len(table["rows"]) > 20, answer


def _values(number: int) -> list[float]:
    noise = random.Random(number)
    return [math.sin(step / 5000 + number) + noise.gauss(0, 0.1) for step in range(POINTS)]


def _plot(values: Sequence[Sequence[float]]) -> Plot:
    return Plot("loss", "step", [Curve(f"run-{n}", range(POINTS), one) for n, one in enumerate(values)])
