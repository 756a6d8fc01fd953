"""The run another is compared with when people say previous or baseline."""

from dataclasses import replace

from bot.facts.runs import Run
from bot.judge.baseline import Baseline
from bot.notify.reference import read_reference
from bot.notify.rules import rules_of
from bot.ports.store import Unit
from bot.settings import Settings

PREVIOUS = "previous"
BASELINE = "baseline"


def trouble_of(unit: Unit, settings: Settings, run: Run) -> str:
    """Why a run is not compared with the one that somebody named; empty where it is, or nobody named one."""
    return read_reference(unit, rules_of(unit, settings, run), run).note


def reference_of(unit: Unit, settings: Settings, run: Run, word: str = BASELINE) -> Baseline | None:
    """The baseline as configured, or with `previous` the previous comparable run; nothing where there is none.

    Its `why` also tells what became of the run that somebody named instead.
    """
    rules = rules_of(unit, settings, run)
    found = read_reference(unit, rules, run, previous=word == PREVIOUS)
    if found.baseline is None or not found.note:
        return found.baseline
    return replace(found.baseline, why=f"{found.baseline.why}; {found.note}")
