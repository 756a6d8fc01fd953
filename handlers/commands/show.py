"""One run, with all that is known of it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.facts.messages import Message
from bot.facts.runs import Run
from bot.find.profile import Place, profile
from bot.find.rows import row
from bot.find.run import Candidates, Missing
from bot.find.scope import NoExperiment, Scope, scope_of
from bot.judge.baseline import PINNED, Wanted
from bot.judge.mixed import behaviour_of
from bot.notify.cards import TRACED
from bot.notify.ci.checks import checks_of
from bot.notify.judgement import read_judgement
from bot.notify.overview import overview, state_of
from bot.notify.reference import wanted_of
from bot.notify.rules import rules_of
from bot.ports.errors import EdgeError
from bot.ports.index import RunQuery
from bot.ports.slack import Slack
from bot.ports.store import Store, Unit
from bot.ports.tracker import Tracker
from bot.settings import ExperimentSettings, Settings
from bot.words import Asker
from bot.words.kinds import RunWords
from handlers.lists import channels, in_doubt, named_run, standing

SLOW = True
MOST_PLACES = 3
CHILDREN_AT_MOST = 1000


def answer(
    run: RunWords,
    *,
    store: Store,
    settings: Settings,
    trackers: Mapping[str, Tracker],
    slack: Slack,
    asker: Asker,
    words: str,
) -> Message:
    """One run: its params, metrics, data, code and note, and where it is talked about.

    RUN is a name, an id, the beginning of an id, an address in MLflow, latest or best. It is read again from
    the tracker, so what is shown is true now.

    Examples:
        show latest
        show latest churn-*
        show best
        show calm-owl-12
        show 3f9a2b
    """
    with store.read() as unit:
        channel = scope_of(unit, settings.subscriptions(), "", channels(asker))
        found = named_run(unit, settings, run, Scope() if isinstance(channel, NoExperiment) else channel)
        if isinstance(found, Candidates | Missing):
            return in_doubt(found, words, settings)
        stands = standing(unit, settings)
        posts = _posts(unit, found)
        trace = unit.traces.get(found.ref)
        rules = rules_of(unit, settings, found)
        wanted = wanted_of(unit, rules, found.tracker, found.experiment_id)
        judgement, checks = read_judgement(unit, found), checks_of(unit, found)
        children = unit.runs.find(RunQuery(tracker=found.tracker, parent=found.ref, limit=CHILDREN_AT_MOST))
    down = any(trouble.tracker == found.tracker for trouble in stands.troubles)
    shown = found if down else _fresh(found, trackers)
    facts = {
        "row": row(shown, rules, 4),
        "profile": profile(shown, rules),
        "sweep": overview(children, rules) if children else None,
        "trace": trace if state_of(shown) in TRACED else None,
        "places": _places(posts, slack),
        "itself": wanted.words if wanted and wanted.itself(found) else "",
        "pinnable": _pinnable(shown, rules, wanted),
        "judgement": judgement,
        "checks": checks,
        "behaviour": behaviour_of(checks, judgement.metrics),
        "standing": stands,
    }
    return Message("commands/show", facts)


def _pinnable(run: Run, rules: ExperimentSettings, wanted: Wanted | None) -> bool:
    """Whether a run may become the baseline: it measured something, and app.yaml leaves it open."""
    itself = wanted is not None and wanted.itself(run)
    return bool(run.metrics) and not run.deleted and not itself and not rules.baseline.startswith(PINNED)


def _fresh(run: Run, trackers: Mapping[str, Tracker]) -> Run:
    """The run as its tracker has it now; as the index has it where the tracker does not answer."""
    tracker = trackers.get(run.tracker)
    if tracker is None:
        return run
    try:
        fresh = tracker.get(run.run_id)
    except EdgeError:
        return run
    return replace(fresh, stalled=run.stalled and not fresh.status.ended and fresh.last_sign == run.last_sign)


def _posts(unit: Unit, run: Run) -> Sequence[tuple[str, str]]:
    """Channel id and timestamp of the run's cards."""
    places = [unit.outbox.get(card.channel, card.card_key) for card in unit.cards.of_run(run.ref)]
    return [(post.channel_id, post.ts) for post in places if post is not None and post.ts]


def _places(posts: Sequence[tuple[str, str]], slack: Slack) -> tuple[Place, ...]:
    found = []
    for channel_id, ts in posts[:MOST_PLACES]:
        try:
            url = slack.permalink(channel_id, ts)
        except EdgeError:
            url = ""
        found.append(Place(channel_id, url))
    return tuple(found)
