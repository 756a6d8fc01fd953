"""What the commands about several runs have in common: which runs are meant, at most ten."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.facts.messages import Message
from bot.facts.runs import Run
from bot.find.aliased import aliased, names_alias
from bot.find.reference import BASELINE, PREVIOUS, reference_of, trouble_of
from bot.find.run import Candidates, Missing, compared
from bot.find.scope import NoExperiment, Scope, scope_of
from bot.judge.side_by_side import MOST
from bot.ports.store import Unit
from bot.settings import Settings
from bot.words import Asker
from handlers.answers import notice
from handlers.lists import channels, in_doubt, named_run, standing

RELATIVE = (PREVIOUS, BASELINE)


@dataclass(frozen=True, slots=True)
class Named:
    """The runs that are meant, each once, in their order; `why` tells of the last one where it was looked for."""

    runs: tuple[Run, ...]
    why: str = ""


def named_runs(unit: Unit, settings: Settings, typed: Sequence[str], asker: Asker, words: str) -> Named | Message:
    """The runs that are meant; a Message where one is in doubt, or nothing is there to hold the first against.

    An address of MLflow's comparison stands for all its runs.
    """
    typed = _spelled_out(typed, words)
    if len(typed) > MOST:
        return too_many(len(typed))
    channel = scope_of(unit, settings.subscriptions(), "", channels(asker))
    scope = Scope() if isinstance(channel, NoExperiment) else channel
    runs: list[Run] = []
    why = ""
    for word in typed:
        if runs and word.lower() in RELATIVE:
            held = reference_of(unit, settings, runs[0], word.lower())
            if held is None:
                note = trouble_of(unit, settings, runs[0]) if word.lower() == BASELINE else ""
                facts = {"run": runs[0], "word": word.lower(), "note": note, "standing": standing(unit, settings)}
                return Message("commands/no_reference", facts)
            runs.append(held.run)
            why = held.why
            continue
        found = named_run(unit, settings, word, scope)
        if isinstance(found, Missing) and runs and names_alias(word):
            found = aliased(unit, settings, word, runs[0])
        if isinstance(found, Candidates | Missing):
            return in_doubt(found, words, settings)
        runs.append(found)
    return Named(tuple({run.ref: run for run in runs}.values()), why)


def _spelled_out(typed: Sequence[str], words: str) -> Sequence[str]:
    """Addresses of comparisons as the ids in them: then the baseline is meant only where it was typed."""
    if len(compared(typed[0])) > 1 and tuple(typed[1:]) == (BASELINE,) and BASELINE not in words.lower().split():
        typed = typed[:1]
    return [one for word in typed for one in compared(word) or (word,)]


def too_many(count: int) -> Message:
    """A kind no to more runs than fit beside each other."""
    return notice(
        f"That is {count} runs, and I put up to {MOST} beside each other.", "best METRIC ranks any number."
    )
