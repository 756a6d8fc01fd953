"""Many runs in few lines: counts by state, best and worst, failures, and a table of the most telling; pure."""

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.facts.runs import Metric, Run, Status
from bot.judge.direction import better
from bot.judge.metrics import primary_metrics
from bot.settings import ExperimentSettings

ROWS_AT_MOST = 10
FAILURES_AT_MOST = 10
METRICS_AT_MOST = 3
PARAMS_AT_MOST = 3
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
STATES = ("finished", "empty", "failed", "killed", "stalled", "running", "scheduled", "deleted")
Rules = Callable[[str], ExperimentSettings]


def state_of(run: Run) -> str:
    """A run's state in one word; `empty` is a run that finished without any metric."""
    if run.deleted:
        return "deleted"
    if run.status is Status.RUNNING and run.stalled:
        return "stalled"
    if run.status is Status.FINISHED and not run.metrics:
        return "empty"
    return run.status.lower()


@dataclass(frozen=True, slots=True)
class Overview:
    """What a card of many runs shows.

    `counts` holds the states that occur. `best` and `worst` are there where the first of `metrics` has a
    known direction and at least two runs differ in it. `rows` are the best runs, else the newest.
    """

    total: int
    counts: Mapping[str, int]
    metrics: tuple[str, ...]
    params: tuple[str, ...]
    best: Run | None
    worst: Run | None
    rows: tuple[Run, ...]
    failures: tuple[Run, ...]

    @property
    def more(self) -> int:
        """How many runs the table leaves out."""
        return self.total - len(self.rows)


def overview(runs: Sequence[Run], rules: ExperimentSettings, show: Sequence[str] = ()) -> Overview:
    """Sum up runs of one experiment; `show` names the metrics a channel wants to see."""
    newest = sorted(runs, key=lambda run: (run.started or LONG_AGO, run.run_id), reverse=True)
    states = {run.ref: state_of(run) for run in newest}
    counts = Counter(states.values())
    metrics = _metrics(newest, rules, show)
    ranked = _ranked(newest, metrics[0], rules) if metrics else []
    telling = len(ranked) > 1 and _value(ranked[0], metrics[0]) != _value(ranked[-1], metrics[0])
    rows = [*ranked, *(run for run in newest if run not in ranked)][:ROWS_AT_MOST]
    return Overview(
        total=len(newest),
        counts={state: counts[state] for state in STATES if counts[state]},
        metrics=metrics,
        params=_varying(newest),
        best=ranked[0] if telling else None,
        worst=ranked[-1] if telling else None,
        rows=tuple(rows),
        failures=tuple(run for run in newest if states[run.ref] in ("failed", "killed", "stalled", "empty"))[
            :FAILURES_AT_MOST
        ],
    )


def _metrics(runs: Sequence[Run], rules: ExperimentSettings, show: Sequence[str]) -> tuple[str, ...]:
    """The metrics of the run that has most of them, as the channel or the experiment wants."""
    measured = max(runs, key=lambda run: len(run.metrics), default=None)
    if measured is None:
        return ()
    wanted = [name for name in show if any(name in run.metrics for run in runs)]
    return tuple(wanted or primary_metrics(measured, rules, METRICS_AT_MOST))[:METRICS_AT_MOST]


def _ranked(runs: Sequence[Run], metric: str, rules: ExperimentSettings) -> list[Run]:
    """The runs that have this metric, best first; none where nobody knows which way is better."""
    direction = better(metric, rules)
    if direction is None:
        return []
    measured = [run for run in runs if not run.deleted and math.isfinite(_value(run, metric))]
    return sorted(measured, key=lambda run: _value(run, metric), reverse=direction == "higher")


def _value(run: Run, metric: str) -> float:
    return run.metrics.get(metric, Metric(math.nan)).value


def _varying(runs: Sequence[Run]) -> tuple[str, ...]:
    """The params in which the runs differ, those with most values first."""
    values: dict[str, set[str]] = {}
    for run in runs:
        for name, value in run.params.items():
            values.setdefault(name, set()).add(value)
    varying = [name for name, seen in values.items() if len(seen) > 1]
    return tuple(sorted(varying, key=lambda name: (-len(values[name]), name))[:PARAMS_AT_MOST])
