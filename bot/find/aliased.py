"""The run behind an alias of a registered model, as people type it: @champion, churn@champion."""

from bot.facts.runs import Run
from bot.find.run import Missing
from bot.judge.baseline import MODEL
from bot.notify.reference import alias_wanted, target_of
from bot.notify.rules import rules_of
from bot.ports.store import Unit
from bot.settings import Settings


def names_alias(typed: str) -> bool:
    """Whether a word names an alias rather than a run."""
    model, at, alias = typed.removeprefix(MODEL).rpartition("@")
    return bool(at and alias) and "/" not in alias and "://" not in model


def aliased(unit: Unit, settings: Settings, typed: str, beside: Run) -> Run | Missing:
    """The run that an alias leads to on the tracker of another run.

    Without a model it is one of the model that the other run is held against by app.yaml or a pin. Only aliases
    that somebody named as a baseline are followed; of all others nothing is known.
    """
    model, _, alias = typed.removeprefix(MODEL).rpartition("@")
    target = target_of(unit, rules_of(unit, settings, beside), beside.tracker, beside.experiment_id)
    known = target.removeprefix(MODEL) if target.startswith(MODEL) else ""
    own, _, followed = known.rpartition("@")
    if not model and not own:
        return Missing(typed, f"I do not know which model’s alias @{alias} is; write the model before it")
    wanted = alias_wanted(unit, beside.tracker, f"{MODEL}{model or own}@{alias}")
    if wanted.run is not None:
        return wanted.run
    meant = known if model else f"@{followed}"
    near = (meant,) if known and meant != typed.removeprefix(MODEL) else ()
    return Missing(typed, f"{wanted.problem}; I follow the aliases that are a baseline", near)
