"""What is true of the experiment a run belongs to: app.yaml, the experiment's own tags, and what people said."""

from collections.abc import Callable

from bot.facts.runs import Run
from bot.judge.direction import informed
from bot.ports.store import Unit
from bot.settings import ExperimentSettings, Settings

RunRules = Callable[[Run], ExperimentSettings]


def rules_of(unit: Unit, settings: Settings, run: Run) -> ExperimentSettings:
    """The rules of a run's experiment, as far as anybody wrote them down."""
    experiment = unit.runs.experiment(run.tracker, run.experiment_id)
    said = unit.directions.about(run.tracker, run.experiment_id)
    return informed(
        settings.experiment(run.experiment),
        experiment.tags if experiment is not None else {},
        {metric: one.better for metric, one in said.items()},
    )


def rules_in(unit: Unit, settings: Settings) -> RunRules:
    """The rules of runs, each experiment looked up once; for use while the unit is open."""
    known: dict[tuple[str, str], ExperimentSettings] = {}

    def rules(run: Run) -> ExperimentSettings:
        key = (run.tracker, run.experiment_id)
        if key not in known:
            known[key] = rules_of(unit, settings, run)
        return known[key]

    return rules
