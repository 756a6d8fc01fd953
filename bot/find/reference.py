"""The run another is compared with when people say previous or baseline."""

from bot.facts.runs import Run, Status
from bot.find.scope import literal
from bot.judge.baseline import PINNED, Baseline, choose_baseline
from bot.ports.index import RunQuery
from bot.ports.store import Unit
from bot.settings import Settings

PREVIOUS = "previous"
BASELINE = "baseline"
_LOOKED_AT = 200


def reference_of(unit: Unit, settings: Settings, run: Run, word: str = BASELINE) -> Baseline | None:
    """The baseline as configured, or with `previous` the previous comparable run; nothing where there is none."""
    rules = settings.experiment(run.experiment)
    pinned = rules.baseline if word == BASELINE else PREVIOUS
    query = RunQuery(
        tracker=run.tracker,
        experiments=(literal(run.experiment),),
        statuses=frozenset({Status.FINISHED}),
        until=run.started,
        has_metrics=True,
        limit=_LOOKED_AT,
    )
    candidates = list(unit.runs.find(query))
    if pinned.startswith(PINNED):
        candidates += unit.runs.by_prefix(pinned.removeprefix(PINNED), 2)
    return choose_baseline(run, candidates, rules.comparable, pinned)
