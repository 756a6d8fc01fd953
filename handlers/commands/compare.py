"""Two runs side by side."""

from bot.facts.messages import Message
from bot.facts.runs import Run
from bot.find.reference import BASELINE, PREVIOUS, reference_of
from bot.find.run import Candidates, Missing
from bot.find.scope import NoExperiment, Scope, scope_of
from bot.judge.baseline import Baseline
from bot.judge.comparison import compare
from bot.notify.rules import rules_of
from bot.ports.store import Store, Unit
from bot.settings import Settings
from bot.words import Asker
from bot.words.kinds import RunWord
from handlers.lists import channels, in_doubt, named_run, standing

METRICS = 20
VALUES = 30


def answer(
    run: RunWord, other: RunWord = BASELINE, *, store: Store, settings: Settings, asker: Asker, words: str
) -> Message:
    """Two runs side by side: what differs, and how much is the same.

    The other run may be previous (the previous comparable run) or baseline (the configured one), which is
    meant when nothing is said. Differences are the first run minus the other.

    Examples:
        compare latest
        compare calm-owl-12 previous
        compare latest best
        compare 3f9a2b 77c0d1
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
        stands, rules = standing(unit, settings), rules_of(unit, settings, first)
    if second is None:
        return Message("commands/no_reference", {"run": first, "word": other.lower(), "standing": stands})
    facts = {
        "comparison": compare(first, second.run, rules),
        "why": second.why,
        "most": {"metrics": METRICS, "values": VALUES},
        "standing": stands,
    }
    return Message("commands/compare", facts)


def _other(
    unit: Unit, settings: Settings, run: Run, typed: str, scope: Scope
) -> Baseline | Candidates | Missing | None:
    if typed.lower() in (PREVIOUS, BASELINE):
        return reference_of(unit, settings, run, typed.lower())
    found = named_run(unit, settings, typed, scope)
    return Baseline(found, "", comparable=False) if isinstance(found, Run) else found
