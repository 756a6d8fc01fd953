"""What a card needs from the index, read in one place, and the message made of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.facts.causes import Evidence
from bot.facts.checks import Check
from bot.facts.messages import Message
from bot.facts.routes import Subscription
from bot.facts.runs import Event, Run, RunRef
from bot.facts.traces import Trace
from bot.notify.cards import Look, away_card, group_card, run_card, sweep_card
from bot.notify.ci.checks import checks_of
from bot.notify.grouping import AWAY, RUN, SWEEP, kind_of, root_of
from bot.notify.judgement import Judgement, read_judgement, read_shared
from bot.notify.reference import Reference, read_reference
from bot.notify.routing import named
from bot.notify.rules import rules_of
from bot.ports.index import Known, RunQuery
from bot.ports.store import Unit
from bot.settings import ExperimentSettings, Settings

CHILDREN_AT_MOST = 2000


@dataclass(frozen=True, slots=True)
class Scene:
    """One card and what it shows: `root` of a run's or sweep's card, and `runs` that share it.

    `reference` is what a run that stands alone is compared with, `trace` what it left behind when it went wrong,
    `evidence` what was fetched about both; `judgement` is what is thought of the root, `checks` what CI says of
    it, `rules` are those of the experiment.
    """

    kind: str
    wish: Subscription | None
    runs: Sequence[Run]
    root: Known | None = None
    reference: Reference | None = None
    trace: Trace | None = None
    evidence: Evidence | None = None
    rules: ExperimentSettings = field(default_factory=ExperimentSettings)
    judgement: Judgement = field(default_factory=Judgement)
    checks: Sequence[Check] = ()

    @property
    def first(self) -> Run:
        """A run to speak of when nothing else can be said."""
        return self.root.run if self.root is not None else self.runs[0]


def read_scene(
    unit: Unit, settings: Settings, wishes: Sequence[Subscription], channel: str, card_key: str
) -> Scene | None:
    """Read what a card shows; nothing when the index no longer knows its runs."""
    kind = kind_of(card_key)
    if kind in (RUN, SWEEP):
        ref = root_of(card_key)
        root = unit.runs.get([ref]).get(ref)
        if root is None:
            return None
        wish = wish_of(wishes, channel, root.run.experiment)
        children = unit.runs.find(RunQuery(tracker=ref.tracker, parent=ref, limit=CHILDREN_AT_MOST))
        rules = rules_of(unit, settings, root.run)
        reference = None if children else read_reference(unit, rules, root.run)
        return Scene(
            kind,
            wish,
            children,
            root,
            reference,
            trace=unit.traces.get(ref),
            evidence=_evidence(unit, ref, reference),
            rules=rules,
            judgement=read_shared(unit, children) if children else read_judgement(unit, root.run),
            checks=checks_of(unit, root.run),
        )
    refs = [row.run for row in unit.cards.rows(channel, card_key)]
    known: Mapping[RunRef, Known] = unit.runs.get(refs)
    runs = [known[ref].run for ref in refs if ref in known]
    if not runs:
        return None
    wish = wish_of(wishes, channel, runs[0].experiment)
    return Scene(kind, wish, runs, rules=rules_of(unit, settings, runs[0]), judgement=read_shared(unit, runs))


def _evidence(unit: Unit, run: RunRef, reference: Reference | None) -> Evidence | None:
    """What was fetched about a run and the one it is compared with now."""
    baseline = reference.baseline if reference is not None else None
    return unit.evidence.of(run).get(baseline.run.ref) if baseline is not None else None


def wish_of(wishes: Sequence[Subscription], channel: str, experiment: str) -> Subscription | None:
    """The first subscription of a channel that names an experiment."""
    return next((one for one in wishes if one.channel == channel and named(experiment, one.experiments)), None)


def look(settings: Settings, wish: Subscription | None, run: Run) -> Look:
    """How a channel sees the experiment of a run."""
    tracker = run.tracker if len(settings.trackers) > 1 else ""
    show = wish.show if wish is not None else ()
    return Look(settings.experiment(run.experiment), show, settings.app.command, tracker, settings.ci)


def draw(scene: Scene, settings: Settings) -> Message:
    """The message of a card; pure."""
    how = replace(look(settings, scene.wish, scene.first), rules=scene.rules)
    if scene.kind == AWAY:
        return away_card(scene.runs, settings.experiment, settings.app.command)
    if scene.root is None:
        return group_card(scene.runs, how, scene.judgement)
    if scene.runs:
        return sweep_card(scene.root.run, scene.runs, how, scene.judgement)
    run = scene.root.run
    # A card of a running run that was not posted at its start was posted when it was over, or silent.
    again = scene.root.generation > 0 or scene.wish is None or Event.STARTED not in scene.wish.post
    return run_card(
        run,
        scene.reference,
        how,
        again=again,
        trace=scene.trace,
        evidence=scene.evidence,
        judgement=scene.judgement,
        checks=scene.checks,
    )
