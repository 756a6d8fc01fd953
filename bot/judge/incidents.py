"""The verdicts on the runs of a lineage, in order, become regressions that begin, are confirmed and end; pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.facts.incidents import Judged, Phase
from bot.facts.runs import RunRef
from bot.facts.verdicts import MetricVerdict, Stage, Word

# Nothing was measured, so nothing is known of how it goes on.
SILENT = (Word.MISSING, Word.NEW)


@dataclass(frozen=True, slots=True)
class Episode:
    """One regression of a metric: its first run, where it stands, and the run whose verdict brought it there."""

    metric: str
    first: RunRef
    phase: Phase
    by: RunRef
    alarmed: bool = False


def episodes(judged: Iterable[Judged]) -> tuple[Episode, ...]:
    """The regressions in a lineage's verdicts, which are given oldest first; at most one of a metric is open.

    The same metric and first run come once: what was cleared and then confirmed after all is one regression.
    """
    found: dict[tuple[str, RunRef], Episode] = {}
    open_: dict[str, Episode] = {}
    for one in judged:
        for verdict in one.verdict.metrics:
            after = _step(open_.pop(verdict.metric, None), verdict, one.run)
            if after is None:
                continue
            found[after.metric, after.first] = after
            if after.phase.open:
                open_[after.metric] = after
    return tuple(found.values())


def _step(before: Episode | None, verdict: MetricVerdict, run: RunRef) -> Episode | None:
    """Where an open episode, or none, stands after one more verdict."""
    if verdict.word is Word.REGRESSED:
        confirmed = verdict.stage is Stage.CONFIRMED
        if before is None:
            phase = Phase.CONFIRMED if confirmed else Phase.SUSPECTED
            return Episode(verdict.metric, verdict.since or run, phase, run, confirmed)
        if confirmed and before.phase is Phase.SUSPECTED:
            return replace(before, phase=Phase.CONFIRMED, by=run, alarmed=True)
        return before
    if before is None or verdict.word in SILENT:
        return before
    if before.phase is Phase.SUSPECTED:
        return replace(before, phase=Phase.CLEARED, by=run)
    if verdict.stage is Stage.RECOVERED:
        return replace(before, phase=Phase.RECOVERED, by=run)
    # What is back for one run only still stands; without a `since` its history began anew.
    return before if verdict.since is not None else replace(before, phase=Phase.CLEARED, by=run)
