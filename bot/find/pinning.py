"""What is to be pinned for which experiment, as people type it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from bot.facts.runs import Experiment, Run
from bot.find.baselines import held
from bot.find.best import best_run, within
from bot.find.run import Candidates, Missing, find_run
from bot.find.scope import NoExperiment, Scope, literal, named
from bot.judge.baseline import MODEL, PINNED, PREVIOUS
from bot.ports.store import Unit
from bot.settings import Settings

OFF = ("off", "none", "unpin")


@dataclass(frozen=True, slots=True)
class Choice:
    """What is to be kept: a `target` as app.yaml writes it (empty: no pin), and the run it is."""

    experiment: Experiment
    target: str
    run: Run | None = None


@dataclass(frozen=True, slots=True)
class Which:
    """Several experiments may be meant, or none is."""

    experiments: tuple[Experiment, ...]


@dataclass(frozen=True, slots=True)
class Unfit:
    """What was typed cannot be a baseline: a sentence that says why, and what to write instead."""

    sentence: str
    instead: str = ""


Chosen = Choice | Which | Unfit | Candidates | Missing | NoExperiment


def chosen(unit: Unit, settings: Settings, experiment: str, typed: str, channel: Scope) -> Chosen:
    """What is meant; without an experiment the run's own, for other words the only one of the channel."""
    scope = named(unit, experiment) if experiment else channel
    if isinstance(scope, NoExperiment):
        return scope
    experiments = within(unit.runs.experiments(), scope)
    target = _target(typed)
    if target is None:
        return _run(unit, settings, typed, experiments if experiment else (), scope)
    if len(experiments) != 1:
        return Which(experiments)
    return (
        _alias(unit, settings, experiments[0], target)
        if target.startswith(f"{MODEL}@")
        else Choice(experiments[0], target)
    )


def _target(typed: str) -> str | None:
    """What was typed as app.yaml writes it, nothing for a run; an alias may still lack its model."""
    lower = typed.lower()
    if lower in OFF:
        return ""
    if lower == PREVIOUS:
        return PREVIOUS
    if "@" in typed and "://" not in typed:
        return f"{MODEL}{typed.removeprefix(MODEL)}"
    return None


def _alias(unit: Unit, settings: Settings, experiment: Experiment, target: str) -> Choice | Unfit:
    """An alias without a model is one of the model that is the baseline now, or that app.yaml names."""
    alias = target.removeprefix(f"{MODEL}@")
    now = held(unit, settings, experiment)
    known = [one for one in (now.target, now.rules.baseline) if one.startswith(MODEL)]
    if not known:
        return Unfit(
            f"I do not know which model’s alias @{alias} is.",
            f"Write the model before it, such as churn@{alias}.",
        )
    return Choice(experiment, f"{known[0].rpartition('@')[0]}@{alias}")


def _run(unit: Unit, settings: Settings, typed: str, experiments: Sequence[Experiment], scope: Scope) -> Chosen:
    here = Scope(tuple(literal(one.name) for one in experiments), scope.typed) if experiments else scope
    found = find_run(unit, typed.removeprefix(PINNED), here, partial(best_run, unit, settings))
    ids = {(one.tracker, one.experiment_id) for one in experiments}
    if isinstance(found, Candidates):
        own = [run for run in found.runs if (run.tracker, run.experiment_id) in ids]
        found = own[0] if len(own) == 1 else found
    if isinstance(found, Candidates | Missing):
        return found
    if found.deleted or not found.metrics:
        why = "was deleted" if found.deleted else "has measured nothing"
        return Unfit(f"{found.name or found.run_id} {why}, so nothing can be compared with it.")
    place = (found.tracker, found.experiment_id)
    target = f"{PINNED}{found.run_id}"
    if not experiments or place in ids:
        known = unit.runs.experiments_by_id([place]).get(place)
        return Choice(known or Experiment(*place, found.experiment), target, found)
    if len(experiments) > 1:
        return Which(tuple(experiments))
    if experiments[0].tracker != found.tracker:
        return Unfit(f"{found.name or found.run_id} is on tracker {found.tracker}, the experiment on another one.")
    return Choice(experiments[0], target, found)
