"""What the runs of experiments are compared with, as people ask for it."""

from dataclasses import dataclass

from bot.facts.baselines import Pin
from bot.facts.runs import Experiment, Run, Status
from bot.find.scope import literal
from bot.judge.baseline import PINNED, Baseline
from bot.notify.reference import pin_of, read_reference, target_of, wanted_of
from bot.notify.rules import rules_of
from bot.ports.index import RunQuery
from bot.ports.store import Unit
from bot.settings import ExperimentSettings, Settings


@dataclass(frozen=True, slots=True)
class Held:
    """What an experiment's runs are compared with: `target` is written as in app.yaml.

    `words` say it ("the pinned baseline", "churn@champion (version 3)"), empty where it is the previous run. `run`
    is that run, and `problem` says why there is none. `fixed` tells that app.yaml names a run, so that nothing can
    be pinned; `pin` is what is pinned. `newest` is the newest finished run, `example` what it is compared with.
    """

    experiment: Experiment
    rules: ExperimentSettings
    target: str
    words: str = ""
    run: Run | None = None
    problem: str = ""
    fixed: bool = False
    pin: Pin | None = None
    newest: Run | None = None
    example: Baseline | None = None


def held(unit: Unit, settings: Settings, experiment: Experiment) -> Held:
    """What the runs of an experiment are compared with now."""
    newest = _newest(unit, experiment)
    rules = rules_of(unit, settings, newest) if newest else settings.experiment(experiment.name)
    where = (experiment.tracker, experiment.experiment_id)
    wanted = wanted_of(unit, rules, *where)
    return Held(
        experiment,
        rules,
        target_of(unit, rules, *where),
        words=wanted.words if wanted else "",
        run=wanted.run if wanted else None,
        problem=wanted.problem if wanted else "",
        fixed=rules.baseline.startswith(PINNED),
        pin=pin_of(unit, *where),
        newest=newest,
        example=read_reference(unit, rules, newest).baseline if newest else None,
    )


def _newest(unit: Unit, experiment: Experiment) -> Run | None:
    query = RunQuery(
        tracker=experiment.tracker,
        experiments=(literal(experiment.name),),
        statuses=frozenset({Status.FINISHED}),
        has_metrics=True,
        limit=1,
    )
    found = unit.runs.find(query)
    return found[0] if found else None
