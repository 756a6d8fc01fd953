"""Changes find their cards: decisions are kept, runs get their places, and what has to be said is collected."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.facts.routes import Decision, No, Subscription
from bot.facts.runs import Change, Event, Run, RunRef
from bot.notify.grouping import RUN, SWEEP, away_row, kind_of, place_for
from bot.notify.routing import route
from bot.ports.cards import CardRow
from bot.ports.index import RunQuery
from bot.ports.store import Unit
from bot.settings import Settings

GENERATIONS_AT_MOST = 5


@dataclass(slots=True)
class News:
    """What has to be said: cards as (channel, key), fresh changes on them, and runs that got a new place."""

    cards: dict[tuple[str, str], None] = field(default_factory=dict)
    fresh: list[tuple[CardRow, Change]] = field(default_factory=list)
    placed: dict[RunRef, Run] = field(default_factory=dict)


@dataclass(slots=True)
class Placing:
    """Takes the changes of one transaction, in order."""

    settings: Settings
    wishes: Sequence[Subscription]
    unit: Unit
    now: datetime
    news: News = field(default_factory=News)

    def take(self, change: Change) -> None:
        """Decide about a change, keep why, and give its run a place where it is wanted and has none."""
        decisions = route(change, self.wishes, self.settings.cards.early_failure)
        if change.quiet:
            self._keep_quiet(change, decisions)
            return
        self.unit.changes.decide(change.key, change.run.ref, decisions, self.now)
        places = {row.channel: row for row in self.unit.cards.of_run(change.run.ref)}
        for row in places.values():
            self._touch(row, change)
        for decision in decisions:
            if decision.channel in places:
                continue
            if decision.no is None:
                self._place(decision.channel, change, self._has_children(change.run))
            elif decision.no is No.CHILD:
                self._place_child(decision.channel, change)

    def _keep_quiet(self, change: Change, decisions: Sequence[Decision]) -> None:
        """History may be long: one line a run is kept of it, and only where it would have been posted."""
        telling = [decision for decision in decisions if decision.no is No.QUIET]
        if telling and change.event is not Event.STARTED:
            self.unit.changes.decide(change.key, change.run.ref, telling, self.now)

    def _touch(self, row: CardRow, change: Change) -> None:
        self.news.cards[row.channel, row.card_key] = None
        if not self._old(change):
            self.news.fresh.append((row, change))

    def _old(self, change: Change) -> bool:
        return change.at < self.now - self.settings.following.old_news

    def _has_children(self, run: Run) -> bool:
        return bool(self.unit.runs.find(RunQuery(tracker=run.tracker, parent=run.ref, limit=1)))

    def _place(self, channel: str, change: Change, sweep: bool) -> CardRow:
        run = change.run
        if self._old(change):
            row = away_row(channel, run, self.now)
        else:
            since = self.now - self.settings.cards.window
            recent = self.unit.cards.since(channel, run.experiment, since)
            row = place_for(channel, run, recent, self.settings.cards, self.now, sweep=sweep)
        kept = self.unit.cards.place(row)
        self.news.placed[run.ref] = run
        self._touch(kept, change)
        return kept

    def _place_child(self, channel: str, change: Change) -> None:
        """A child stands on the card of its root run, which gets one when the child would have been posted."""
        root = self._root(change.run)
        if root is None:
            return
        places = [row for row in self.unit.cards.of_run(root.ref) if row.channel == channel]
        if places:
            row = places[0]
        else:
            stand_in = replace(root, started=change.run.started, ended=change.run.ended)
            wishes = [one for one in self.wishes if one.channel == channel]
            asked = replace(change, run=stand_in)
            if any(decision.no for decision in route(asked, wishes, self.settings.cards.early_failure)):
                return
            row = self._place(channel, replace(change, run=root), True)
        if kind_of(row.card_key) in (RUN, SWEEP):
            self._touch(self.unit.cards.place(replace(row, run=change.run.ref, at=self.now)), change)

    def _root(self, run: Run) -> Run | None:
        """The run at the top of a run's family, nothing where the index does not know it."""
        for _ in range(GENERATIONS_AT_MOST):
            if not run.parent_id:
                return run
            ref = RunRef(run.tracker, run.parent_id)
            known = self.unit.runs.get([ref]).get(ref)
            if known is None:
                return None
            run = known.run
        return None
