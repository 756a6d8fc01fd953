"""What the runs of an experiment are compared with: shown, pinned, taken back."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.facts.messages import Message
from bot.facts.runs import Experiment as KnownExperiment
from bot.facts.runs import Run
from bot.find.baselines import held
from bot.find.best import within
from bot.find.pinning import Choice, Unfit, Which, chosen
from bot.find.run import Candidates, Missing
from bot.find.scope import NoExperiment, Scope, scope_of
from bot.follow.models import Models
from bot.judge.baseline import MODEL
from bot.notify.announce import Announcer
from bot.notify.pins import Pinned, pin
from bot.notify.pins import undo as take_back
from bot.ports.errors import EdgeError
from bot.ports.store import Store, Unit
from bot.ports.tracker import Tracker
from bot.render.messages import Templates
from bot.settings import Settings
from bot.words import Asker
from bot.words.kinds import BaselineWord, Experiment, Page, Reason, Undone
from handlers.answers import notice
from handlers.lists import again, channels, in_doubt, named_run, no_experiment, quoted, standing

SIZE = 10
OTHERS = 5


def answer(
    experiment: Experiment = "",
    run: BaselineWord = "",
    *,
    because: Reason | None = None,
    undo: Undone | None = None,
    page: Page = 1,
    store: Store,
    settings: Settings,
    templates: Templates,
    trackers: Mapping[str, Tracker],
    asker: Asker,
    now: datetime,
    words: str,
) -> Message:
    """What the runs of an experiment are compared with: show it, or pin it for everybody.

    Without a pin it is what app.yaml says, else the previous comparable run; never silently the best so far. To
    pin, name a run, best (the run that is best now), latest, an alias of a registered model (@champion, or
    churn@champion), or previous; off takes the pin away. Every pin says who made it, and can be undone. Where
    app.yaml names a run, that holds.

    Examples:
        baseline
        baseline churn-weekly
        baseline churn-weekly calm-owl-12 because:"before the new data"
        baseline churn-weekly best
        baseline churn-weekly @champion
        baseline churn-weekly off
    """
    if undo is not None:
        return _undone(store, settings, templates, asker, now, undo)
    if not run:
        with store.read() as unit:
            return _shown(unit, settings, experiment, page, asker, words)
    with store.read() as unit:
        channel = scope_of(unit, settings.subscriptions(), "", channels(asker))
        found = chosen(unit, settings, experiment, run, Scope() if isinstance(channel, NoExperiment) else channel)
    if not isinstance(found, Choice):
        return _doubt(found, experiment, settings, words)
    if found.target.startswith(MODEL):
        models = Models(settings, Announcer(settings, templates), store, trackers)
        problem = _unread(models, found, now)
        if problem:
            return notice(f"{problem}.", "Nothing was pinned.")
    with store.write() as unit:
        return _keep(unit, settings, templates, found, because or "", asker, now)


def _unread(models: Models, choice: Choice, now: datetime) -> str:
    """Why an alias cannot be the baseline now, empty where it can."""
    try:
        return models.read(choice.experiment.tracker, choice.target, now).problem
    except EdgeError as trouble:
        return str(trouble).rstrip(".")


def _shown(unit: Unit, settings: Settings, typed: str, page: int, asker: Asker, words: str) -> Message:
    scope = scope_of(unit, settings.subscriptions(), typed, channels(asker))
    if isinstance(scope, NoExperiment):
        return _no_experiment(unit, settings, scope, words)
    experiments = within(unit.runs.experiments(), scope)
    facts = {"standing": standing(unit, settings)}
    if len(experiments) == 1:
        return Message("commands/baseline", {**facts, "held": held(unit, settings, experiments[0])})
    number = min(page, max(1, -(-len(experiments) // SIZE)))
    shown = experiments[(number - 1) * SIZE : number * SIZE]
    plain = f"baseline {quoted(typed)}" if typed else "baseline"
    listed = {
        "scope": scope,
        "every": [held(unit, settings, one) for one in shown],
        "total": len(experiments),
        "first": (number - 1) * SIZE + 1,
        "previous": f"{plain} page:{number - 1}" if number > 1 else "",
        "next": f"{plain} page:{number + 1}" if number * SIZE < len(experiments) else "",
    }
    return Message("commands/baselines", {**facts, **listed})


def _no_experiment(unit: Unit, settings: Settings, found: NoExperiment, words: str) -> Message:
    """Perhaps it is a run: then the run and its experiment are meant."""
    run = named_run(unit, settings, found.typed, Scope())
    if not isinstance(run, Run):
        return no_experiment(found, words)
    meant = f"baseline {quoted(run.experiment)} {run.run_id}"
    near = [(f"Pin {run.name or run.run_id[:8]} for {run.experiment}", meant)]
    return Message("commands/no_experiment", {"typed": found.typed, "near": near})


def _doubt(
    found: Which | Unfit | Candidates | Missing | NoExperiment, typed: str, settings: Settings, words: str
) -> Message:
    """What to say where it is not clear what is meant, or it cannot be."""
    if isinstance(found, NoExperiment):
        return no_experiment(found, words)
    if isinstance(found, Candidates | Missing):
        return in_doubt(found, words, settings)
    if isinstance(found, Unfit):
        return notice(found.sentence, found.instead)
    return _which(found.experiments, typed, words)


def _which(experiments: Sequence[KnownExperiment], typed: str, words: str) -> Message:
    """Buttons that say it again for one of several experiments."""
    names = list(dict.fromkeys(one.name for one in experiments))[:OTHERS]
    head, _, tail = words.partition(" ")
    near = [(name, again(words, typed, name) if typed else f"{head} {quoted(name)} {tail}") for name in names]
    return Message("commands/which_experiment", {"near": near, "more": len(experiments) > len(names)})


def _keep(
    unit: Unit,
    settings: Settings,
    templates: Templates,
    choice: Choice,
    reason: str,
    asker: Asker,
    now: datetime,
) -> Message:
    before = held(unit, settings, choice.experiment)
    if before.fixed:
        return Message(
            "commands/baseline", {"held": before, "standing": standing(unit, settings), "scope": Scope()}
        )
    same = before.pin.target == choice.target if before.pin else not choice.target
    if same:
        return _said(unit, settings, choice.experiment, asker, None, kind="same")
    called = choice.run.name or choice.run.run_id if choice.run else ""
    kept = pin(unit, choice.experiment, choice.target, asker.user, now, name=called, reason=reason)
    _redraw(unit, settings, templates, kept, now)
    return _said(unit, settings, choice.experiment, asker, kept, kind="kept")


def _undone(
    store: Store, settings: Settings, templates: Templates, asker: Asker, now: datetime, pin_id: int
) -> Message:
    with store.write() as unit:
        word = unit.pins.get(pin_id)
        place = (word.tracker, word.experiment_id) if word else ("", "")
        experiment = unit.runs.experiments_by_id([place]).get(place) if word else None
        if experiment is None:
            return notice("That was undone already.", f"{settings.app.command} baseline shows what holds now.")
        taken = take_back(unit, experiment, pin_id, asker.user, now)
        if taken is None:
            return _said(unit, settings, experiment, asker, None, kind="late")
        _redraw(unit, settings, templates, taken, now)
        return _said(unit, settings, experiment, asker, taken, kind="undone")


def _redraw(unit: Unit, settings: Settings, templates: Templates, kept: Pinned, now: datetime) -> None:
    announcer = Announcer(settings, templates)
    for run in kept.runs:
        announcer.again(unit, run, now)


def _said(
    unit: Unit, settings: Settings, experiment: KnownExperiment, asker: Asker, kept: Pinned | None, *, kind: str
) -> Message:
    """What holds now, and what did before: kept, undone, the same as it was, or too late to undo."""
    facts = {
        "kind": kind,
        "held": held(unit, settings, experiment),
        "before": kept.before if kept else None,
        "undo": f"baseline undo:{kept.pin.id}" if kept and kind == "kept" else "",
        "asker": asker.user,
        "standing": standing(unit, settings),
    }
    return Message("commands/pinned", facts)
