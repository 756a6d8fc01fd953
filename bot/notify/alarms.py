"""A regression that is confirmed, and one that recovered, are told in the thread of the card where it began."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from bot.facts.incidents import Incident, Phase
from bot.facts.messages import Message
from bot.facts.routes import Decision, Subscription
from bot.facts.runs import Run, RunRef
from bot.facts.verdicts import MetricVerdict
from bot.judge.causes import causes_of
from bot.notify.ci.checks import checks_of
from bot.notify.grouping import own_row
from bot.notify.incidents import Move
from bot.notify.judging import Judging
from bot.notify.posting import say
from bot.notify.reference import read_reference
from bot.notify.routing import route_verdict
from bot.notify.rules import rules_of
from bot.ports.cards import CardRow
from bot.ports.store import Unit
from bot.render.messages import Templates
from bot.settings import Settings

log = structlog.get_logger("alarms")
LOUD = (Phase.CONFIRMED, Phase.RECOVERED)
WORDS = ("regression", "recovery")


@dataclass(frozen=True, slots=True)
class Line:
    """One regression in a message: its verdict where it began, and the run that brought it where it is."""

    incident: Incident
    verdict: MetricVerdict | None
    first: Run | None
    by: Run | None


@dataclass(frozen=True, slots=True)
class Alarms:
    """Tells channels of what became of regressions; all of it belongs to the caller's transaction."""

    settings: Settings
    templates: Templates
    unit: Unit
    wishes: Sequence[Subscription]
    now: datetime

    def tell(self, moves: Iterable[Move]) -> None:
        """Say what changed: each card has one message of what regressed, and one when all of it is over."""
        homes: dict[RunRef, list[Move]] = {}
        for move in moves:
            for home in dict.fromkeys(one.home for one in (move.before, move.after) if one is not None):
                homes.setdefault(home, []).append(move)
        known = self.unit.runs.get(homes)
        for home, changed in homes.items():
            if home in known:
                self._home(known[home].run, changed)

    def _home(self, run: Run, moves: Sequence[Move]) -> None:
        decisions = route_verdict(run, self.wishes)
        for move in moves:
            if move.after is not None and move.after.alarmed and move.after.phase in LOUD:
                key = f"incident:{move.after.id}:{move.after.phase}"
                self.unit.changes.decide(key, run.ref, decisions, self.now)
        family = RunRef(run.tracker, run.parent_id) if run.parent_id else run.ref
        places = {row.channel: row for ref in (family, run.ref) for row in self.unit.cards.of_run(ref)}
        for decision in decisions:
            self._channel(decision, run, places.get(decision.channel), moves)

    def _channel(self, decision: Decision, run: Run, row: CardRow | None, moves: Sequence[Move]) -> None:
        alarmed = any(move.after is not None and move.after.alarmed for move in moves)
        wish = decision.subscription
        if row is None and (wish is None or not alarmed):
            return
        row = row or self.unit.cards.place(own_row(decision.channel, run, self.now))
        lines = self._lines(row, run)
        if not lines:
            return
        regression, recovery = (f"{row.card_key}:{word}:{run.parent_id or run.run_id}" for word in WORDS)
        self._say("cards/regression", regression, row, wish, lines, run)
        phases = {line.incident.phase for line in lines}
        over = Phase.RECOVERED in phases and Phase.CONFIRMED not in phases
        self._say("cards/recovery", recovery, row, wish if over else None, lines, run)

    def anew(self, run: Run) -> None:
        """More is known of a run: what was said of its regressions is edited, and nothing is said twice."""
        for row in self.unit.cards.of_run(run.ref):
            lines = self._lines(row, run)
            if lines:
                key = f"{row.card_key}:{WORDS[0]}:{run.parent_id or run.run_id}"
                self._say("cards/regression", key, row, None, lines, run)

    def _lines(self, row: CardRow, run: Run) -> list[Line]:
        """What was confirmed of the runs on a card that are this run's family."""
        there = {one.run for one in self.unit.cards.rows(row.channel, row.card_key)} | {run.ref}
        known = self.unit.runs.get(there)
        of = run.parent_id or run.run_id
        family = [ref for ref, one in known.items() if of in (one.run.parent_id, one.run.run_id)]
        incidents = [one for one in self.unit.incidents.at_home(family) if one.alarmed]
        named = self.unit.runs.get({ref for one in incidents for ref in (one.first, one.by)})
        judged = self.unit.verdicts.of(named)
        lines = []
        for one in incidents:
            verdicts = (judged[ref].metric(one.metric) for ref in (one.first, one.by) if ref in judged)
            verdict = next((found for found in verdicts if found is not None), None)
            first, by = (named[ref].run if ref in named else None for ref in (one.first, one.by))
            lines.append(Line(one, verdict, first, by))
        return lines

    def _why(self, run: Run) -> dict[str, object]:
        """What a run is compared with, what changed since, and what CI says of it."""
        checks = checks_of(self.unit, run)
        baseline = read_reference(self.unit, rules_of(self.unit, self.settings, run), run).baseline
        if baseline is None:
            return {"baseline": None, "causes": None, "checks": checks}
        evidence = self.unit.evidence.of(run.ref).get(baseline.run.ref)
        causes = causes_of(run, baseline.run, evidence, self.settings.ci)
        return {"baseline": baseline, "causes": causes, "checks": checks}

    def _say(
        self, template: str, key: str, row: CardRow, wish: Subscription | None, lines: Sequence[Line], run: Run
    ) -> None:
        """Say it where it is wanted; what was said before is kept true anywhere."""
        if wish is None and self.unit.outbox.get(row.channel, key) is None:
            return
        facts = {"run": run, "experiment": run.experiment, "lines": lines, "command": self.settings.app.command}
        facts |= self._why(lines[0].first or run)
        threads = wish is None or wish.threads
        say(
            self.unit,
            self.templates,
            row.channel,
            key,
            Message(template, facts),
            self.now,
            thread_key=row.card_key if threads else "",
            broadcast=threads,
            ops_channel=self.settings.app.ops_channel,
        )


def altered_cards(unit: Unit, judging: Judging, moves: Sequence[Move]) -> list[tuple[str, str]]:
    """The cards of runs whose verdict, or whose regression, is no longer what it was."""
    refs = dict(judging.altered)
    for move in moves:
        for incident in filter(None, (move.before, move.after)):
            refs |= dict.fromkeys((incident.home, incident.first))
    rows = [row for ref in refs for row in unit.cards.of_run(ref)]
    return [(row.channel, row.card_key) for row in rows]
