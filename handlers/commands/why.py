"""Why a run is better or worse than another: what changed between the two."""

from collections.abc import Mapping
from datetime import datetime

from bot.facts.causes import Evidence
from bot.facts.messages import Message
from bot.facts.runs import Run
from bot.find.reference import BASELINE
from bot.find.run import LATEST
from bot.follow.gathering import Gatherer
from bot.judge.causes import causes_of
from bot.judge.mixed import behaviour_of
from bot.notify.ci.checks import checks_of
from bot.notify.judgement import read_judgement
from bot.ports.code import CodeHosts
from bot.ports.store import Store
from bot.ports.tracker import Tracker
from bot.settings import Settings
from bot.words import Asker
from bot.words.kinds import RunWord
from handlers.lists import standing
from handlers.together import named_runs

SLOW = True
CHANGES_AT_MOST = 12
COMMITS_AT_MOST = 10


def answer(
    run: RunWord = LATEST,
    other: RunWord = BASELINE,
    *,
    store: Store,
    settings: Settings,
    code: CodeHosts,
    trackers: Mapping[str, Tracker],
    asker: Asker,
    now: datetime,
    words: str,
) -> Message:
    """Why a run is better or worse: what changed in params, code, data and environment.

    It is compared with its baseline, with another run, or with previous (the previous comparable run). Commits
    and DVC data are read from GitHub or GitLab, packages from the logged model.

    Examples:
        why
        why calm-owl-12
        why latest previous
        why 3f9a2b 77c0d1
    """
    with store.read() as unit:
        named = named_runs(unit, settings, (run, other), asker, words)
        if isinstance(named, Message):
            return named
        stands, judgement = standing(unit, settings), read_judgement(unit, named.runs[0])
        checks = checks_of(unit, named.runs[0])
    if len(named.runs) == 1:
        return Message("commands/same_run", {"run": named.runs[0], "standing": stands})
    first, second = named.runs[:2]
    evidence = _evidence(store, Gatherer(code, trackers, settings.ci), first, second, now)
    facts = {
        "run": first,
        "other": second,
        "why": named.why,
        "judgement": judgement,
        "checks": checks,
        "behaviour": behaviour_of(checks, judgement.metrics),
        "causes": causes_of(first, second, evidence, settings.ci),
        "most": {"changes": CHANGES_AT_MOST, "commits": COMMITS_AT_MOST},
        "standing": stands,
    }
    return Message("commands/why", facts)


def _evidence(store: Store, gatherer: Gatherer, run: Run, other: Run, now: datetime) -> Evidence:
    """What is kept of both runs, if nothing in it is unknown; else what is known now, and kept."""
    with store.read() as unit:
        kept = unit.evidence.of(run.ref).get(other.ref)
    if kept is not None and not kept.unknown:
        return kept
    found = gatherer.gather(run, other, now).evidence
    with store.write() as unit:
        unit.evidence.put(run.ref, other.ref, found, now)
    return found
