"""Regressions are kept as the verdicts of their lineage tell them, whatever order those came in."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.facts.incidents import Act, Incident, Lineage, Phase, Ruling
from bot.facts.runs import RunRef
from bot.judge.incidents import Episode, episodes
from bot.ports.store import Unit

# What is older than so many verdicts stays as it was kept.
LOOKED_AT = 200


@dataclass(frozen=True, slots=True)
class Move:
    """A regression before and after; `before` is nothing for one that began, `after` for one that never was."""

    before: Incident | None
    after: Incident | None

    @property
    def incident(self) -> Incident:
        """The regression, as it is or was last."""
        found = self.after or self.before
        assert found is not None
        return found


def settle(unit: Unit, lineage: Lineage, muted: Collection[str], now: datetime) -> tuple[Move, ...]:
    """Bring the incidents of a lineage to what its verdicts and people's rulings say; returns what changed.

    `muted` are the metrics that are not judged.
    """
    judged = unit.verdicts.newest(lineage, LOOKED_AT)
    rulings = unit.rulings.of_experiment(lineage.tracker, lineage.experiment_id)
    told = [episode for episode in episodes(judged) if episode.metric not in muted]
    kept = list(unit.incidents.of_lineage(lineage))
    moves = [_kept(unit, lineage, episode, before, now) for episode, before in _matched(told, kept)]
    seen = {one.run for one in judged} if len(judged) == LOOKED_AT else None
    moves += [_lost(unit, one, rulings, now) for one in kept if seen is None or one.first in seen]
    return tuple(move for move in moves if move is not None)


def _kept(unit: Unit, lineage: Lineage, episode: Episode, before: Incident | None, now: datetime) -> Move | None:
    """An episode as an incident."""
    after = Incident(
        lineage=lineage,
        metric=episode.metric,
        first=episode.first,
        phase=episode.phase,
        home=before.home if before is not None and before.alarmed else _home(unit, episode),
        by=episode.by,
        at=before.at if before is not None else now,
        alarmed=episode.alarmed or (before is not None and before.alarmed),
        id=before.id if before is not None else 0,
    )
    return None if after == before else Move(before, unit.incidents.put(replace(after, at=now)))


def _matched(told: Sequence[Episode], kept: list[Incident]) -> Sequence[tuple[Episode, Incident | None]]:
    """Each episode with the incident that keeps it, which is taken from `kept`.

    An open one whose first run is no more what it was (deleted, edited, rejected) goes on under another first run.
    """
    same = {(one.metric, one.first): one for one in kept}
    found = [(episode, same.get((episode.metric, episode.first))) for episode in told]
    for _, incident in found:
        if incident is not None:
            kept.remove(incident)
    moved = {one.metric: one for one in kept if one.phase.open}
    matched: list[tuple[Episode, Incident | None]] = []
    for episode, incident in found:
        goes_on = moved.pop(episode.metric, None) if incident is None and episode.phase.open else None
        if goes_on is not None:
            kept.remove(goes_on)
        matched.append((episode, incident or goes_on))
    return matched


def _home(unit: Unit, episode: Episode) -> RunRef:
    """The run where it began, unless nothing was ever said of that one: then the run that showed it."""
    known = unit.verdicts.of([episode.first]) or unit.cards.of_run(episode.first)
    return episode.first if known else episode.by


def _lost(unit: Unit, incident: Incident, rulings: Sequence[Ruling], now: datetime) -> Move | None:
    """What becomes of an incident that no verdict tells of any more."""
    ruled = _ruled(incident, rulings)
    if ruled is incident.phase or incident.phase in (Phase.RECOVERED, Phase.CLEARED):
        return None
    if ruled is None and not incident.alarmed:
        unit.incidents.drop(incident.id)
        return Move(incident, None)
    after = replace(incident, phase=ruled or Phase.CLEARED, at=now)
    return Move(incident, unit.incidents.put(after))


def _ruled(incident: Incident, rulings: Sequence[Ruling]) -> Phase | None:
    """What people said that ended it, if they did."""
    runs = (incident.first.run_id, incident.home.run_id)
    about = [one for one in rulings if one.metric in ("", incident.metric)]
    for ruling in (one for one in about if one.lineage in ("", incident.lineage.key)):
        if ruling.act is Act.MUTED or ruling.run_id in runs:
            return Phase(ruling.act.value)
    return None
