"""What is true of the experiment a run belongs to: app.yaml, the experiment's own tags, and what people said."""

from collections.abc import Callable, Sequence

from bot.facts.runs import Run
from bot.judge.direction import informed
from bot.ports.store import Unit
from bot.settings import ExperimentSettings, Settings

RunRules = Callable[[Run], ExperimentSettings]


def rules_of(unit: Unit, settings: Settings, run: Run) -> ExperimentSettings:
    """The rules of a run's experiment, as far as anybody wrote them down."""
    return rules_in(unit, settings, [run])(run)


def rules_in(unit: Unit, settings: Settings, runs: Sequence[Run]) -> RunRules:
    """The rules of these runs, read at once."""
    names = {(run.tracker, run.experiment_id): run.experiment for run in runs}
    experiments = unit.runs.experiments_by_id(names)
    said = unit.directions.about(names)
    known = {}
    for key, name in names.items():
        tags = experiments[key].tags if key in experiments else {}
        better = {metric: one.better for metric, one in said.get(key, {}).items()}
        known[key] = informed(settings.experiment(name), tags, better)
    return lambda run: known[run.tracker, run.experiment_id]
