"""Why a run is better or worse than another: what changed between the two."""

from bot.facts.messages import Message
from bot.facts.runs import Run
from bot.find.reference import BASELINE, PREVIOUS, reference_of
from bot.find.run import LATEST, Candidates, Missing
from bot.find.scope import NoExperiment, Scope, scope_of
from bot.judge.baseline import Baseline
from bot.judge.causes import causes_of
from bot.ports.store import Store, Unit
from bot.settings import Settings
from bot.words import Asker
from bot.words.kinds import RunWord
from handlers.lists import channels, in_doubt, named_run, standing

CHANGES_AT_MOST = 12


def answer(
    run: RunWord = LATEST,
    other: RunWord = BASELINE,
    *,
    store: Store,
    settings: Settings,
    asker: Asker,
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
        channel = scope_of(unit, settings.subscriptions(), "", channels(asker))
        scope = Scope() if isinstance(channel, NoExperiment) else channel
        first = named_run(unit, settings, run, scope)
        if isinstance(first, Candidates | Missing):
            return in_doubt(first, words, settings)
        second = _other(unit, settings, first, other, scope)
        if isinstance(second, Candidates | Missing):
            return in_doubt(second, words, settings)
        stands = standing(unit, settings)
    if second is None:
        return Message("commands/no_reference", {"run": first, "word": other.lower(), "standing": stands})
    facts = {
        "run": first,
        "baseline": second,
        "causes": causes_of(first, second.run, None, settings.ci),
        "most": CHANGES_AT_MOST,
        "standing": stands,
    }
    return Message("commands/why", facts)


def _other(
    unit: Unit, settings: Settings, run: Run, typed: str, scope: Scope
) -> Baseline | Candidates | Missing | None:
    if typed.lower() in (PREVIOUS, BASELINE):
        return reference_of(unit, settings, run, typed.lower())
    found = named_run(unit, settings, typed, scope)
    return Baseline(found, "", comparable=False) if isinstance(found, Run) else found
