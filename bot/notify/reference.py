"""What a run is compared with, decided in one place for cards, commands and digests: read from the index."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.facts.baselines import Alias, Pin
from bot.facts.runs import Event, Run, RunRef, Status
from bot.judge.baseline import (
    CANDIDATES,
    MODEL,
    PINNED,
    TAG,
    Baseline,
    Wanted,
    came_before,
    choose_baseline,
    comparable_by,
)
from bot.ports.index import Condition, Field, RunQuery
from bot.ports.store import Unit
from bot.settings import ExperimentSettings

# The runs before that are looked at, and how far further where none of them is comparable.
NEAR, FAR = 50, 200
# Runs that began at the same moment may stand before the one that is looked for.
ASIDE = 5


@dataclass(frozen=True, slots=True)
class Reference:
    """What a run is compared with, nothing where there is none.

    `note` tells why it is not the one that somebody named, `itself` what the run is where it is that one.
    `earlier` are the runs that were looked at, `registered` the ids of those that are candidates.
    """

    baseline: Baseline | None
    earlier: Sequence[Run] = ()
    note: str = ""
    itself: str = ""
    registered: frozenset[str] = frozenset()


def read_reference(unit: Unit, rules: ExperimentSettings, run: Run, *, previous: bool = False) -> Reference:
    """The baseline of a run by its experiment's rules and what was pinned; with `previous`, the run before."""
    wanted = None if previous else wanted_of(unit, rules, run.tracker, run.experiment_id)
    registered = registered_of(unit, rules, run)
    earlier = _earlier(unit, rules, run, registered)
    return Reference(
        choose_baseline(run, earlier, rules.comparable, wanted, registered),
        earlier,
        note=wanted.trouble(run) if wanted else "",
        itself=wanted.words if wanted and wanted.itself(run) else "",
        registered=registered,
    )


def wanted_of(unit: Unit, rules: ExperimentSettings, tracker: str, experiment_id: str) -> Wanted | None:
    """The baseline that app.yaml or people name for an experiment; nothing where it is the previous run."""
    target = target_of(unit, rules, tracker, experiment_id)
    if target.startswith(PINNED):
        words = "the baseline of app.yaml" if target == rules.baseline else "the pinned baseline"
        return _run_wanted(unit, tracker, target.removeprefix(PINNED), words)
    return alias_wanted(unit, tracker, target) if target.startswith(MODEL) else None


def target_of(unit: Unit, rules: ExperimentSettings, tracker: str, experiment_id: str) -> str:
    """What is named, as app.yaml writes it: its own run:<id>, else what is pinned, else what else it says."""
    pin = None if rules.baseline.startswith(PINNED) else pin_of(unit, tracker, experiment_id)
    return pin.target if pin is not None else rules.baseline


def pin_of(unit: Unit, tracker: str, experiment_id: str) -> Pin | None:
    """What is pinned for an experiment now."""
    newest = unit.pins.of(tracker, experiment_id, limit=1)
    return newest[0] if newest and newest[0].target else None


def alias_of(unit: Unit, tracker: str, target: str) -> Alias | None:
    """What is known of the alias that a target (model:<name>@<alias>) names."""
    model, _, alias = target.removeprefix(MODEL).rpartition("@")
    return unit.models.get(tracker, model, alias)


def _run_wanted(unit: Unit, tracker: str, run_id: str, words: str) -> Wanted:
    known = unit.runs.get([RunRef(tracker, run_id)]).get(RunRef(tracker, run_id))
    begins = [] if known else [one for one in unit.runs.by_prefix(run_id, NEAR) if one.tracker == tracker]
    if known is None and not begins:
        return Wanted(words, problem=f"{words} {run_id[:12]} is not known here")
    run = known.run if known else begins[0]
    called = f"{words} {run.name or run.run_id}"
    if known is not None and known.gone:
        return Wanted(words, problem=f"{called} is no longer in MLflow")
    if run.deleted:
        return Wanted(words, problem=f"{called} was deleted{_deleted_on(unit, run.ref)}")
    return Wanted(words, run)


def _deleted_on(unit: Unit, run: RunRef) -> str:
    """When it was deleted, as far as that was seen: " on 3 Nov 2026", in UTC."""
    for key, _, at in unit.changes.decisions(run):
        if key.startswith(f"{run}:{Event.DELETED}:"):
            return f" on {at.day} {at:%b %Y}"
    return ""


def alias_wanted(unit: Unit, tracker: str, target: str) -> Wanted:
    """The run behind an alias of a registered model, as the index knows it; `target` is model:<name>@<alias>."""
    written = target.removeprefix(MODEL)
    alias = alias_of(unit, tracker, target)
    if alias is None:
        return Wanted(written, problem=f"{written} has not been read from the model registry yet")
    if alias.version is None:
        return Wanted(written, problem=f"{written} cannot be had: {alias.problem}")
    words = f"{written} (version {alias.version.version}{_as_of(unit, alias)})"
    if not alias.version.run_id:
        return Wanted(words, problem=f"{words} was registered without a run")
    found = _run_wanted(unit, tracker, alias.version.run_id, f"the run of {words}")
    return replace(found, words=words, alias=True)


def _as_of(unit: Unit, alias: Alias) -> str:
    return f", as of {alias.read_at:%Y-%m-%d %H:%M} UTC" if unit.trackers.get(alias.tracker).error else ""


def model_of(unit: Unit, rules: ExperimentSettings, run: Run) -> str:
    """The registered model whose candidates are comparable with each other; empty where there is none."""
    if CANDIDATES not in rules.comparable:
        return ""
    target = target_of(unit, rules, run.tracker, run.experiment_id)
    return target.removeprefix(MODEL).rpartition("@")[0] if target.startswith(MODEL) else ""


def registered_of(unit: Unit, rules: ExperimentSettings, run: Run) -> frozenset[str]:
    """The runs that registered a version of the model that is the baseline, where candidates are comparable."""
    model = model_of(unit, rules, run)
    versions = unit.models.versions(run.tracker, model) if model else ()
    return frozenset(one.run_id for one in versions if one.run_id)


def _earlier(unit: Unit, rules: ExperimentSettings, run: Run, registered: frozenset[str]) -> Sequence[Run]:
    """The runs one of which may be the previous comparable one: the newest, further back only where needed."""
    query = RunQuery(
        tracker=run.tracker,
        experiments=(_literally(run.experiment),),
        statuses=frozenset({Status.FINISHED}),
        until=run.started,
        has_metrics=True,
        top_level=not run.parent_id,
        parent=RunRef(run.tracker, run.parent_id) if run.parent_id else None,
        limit=NEAR,
    )
    near = list(unit.runs.find(query))
    if len(near) < NEAR or any(_alike(run, one, rules, registered) for one in near):
        return near
    found = [*near, *unit.runs.find(replace(query, limit=FAR - NEAR, offset=NEAR))]
    for rule in rules.comparable:
        key, _, value = rule.removeprefix(TAG).partition("=")
        if rule.startswith(TAG) and run.tags.get(key) == value:
            carrying = Condition(Field.TAG, key, "=", value)
            found += unit.runs.find(replace(query, conditions=(carrying,), limit=ASIDE))
    if run.run_id in registered:
        known = unit.runs.get([RunRef(run.tracker, run_id) for run_id in registered])
        found += [one.run for one in known.values() if not one.gone]
    return found


def _alike(run: Run, one: Run, rules: ExperimentSettings, registered: frozenset[str]) -> bool:
    return came_before(one, run) and bool(comparable_by(run, one, rules.comparable, registered))


def _literally(name: str) -> str:
    """A glob that matches exactly this name."""
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in name)
