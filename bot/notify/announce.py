"""Changes become cards and thread replies, in the transaction that keeps the changes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from bot.facts.messages import Message, PostState, Rendered
from bot.facts.routes import Subscription
from bot.facts.runs import Change, Event, RunRef
from bot.notify.alarms import Alarms, altered_cards
from bot.notify.cards import event_reply, failures_reply
from bot.notify.ci.runs import RunChecks
from bot.notify.grouping import RUN, SWEEP, kind_of, own, root_of
from bot.notify.incidents import settle
from bot.notify.judging import Judging
from bot.notify.placing import Placing
from bot.notify.posting import plain, say
from bot.notify.scenes import Scene, draw, look, read_scene, wish_of
from bot.ports.cards import CardRow
from bot.ports.store import Unit
from bot.render.messages import Templates
from bot.settings import Settings

log = structlog.get_logger("announce")

TROUBLE = frozenset({Event.FAILED, Event.KILLED, Event.STALLED})
NOTICED = TROUBLE | {Event.REOPENED, Event.DELETED, Event.RESTORED}
ALIVE = "alive again"


@dataclass(frozen=True, slots=True)
class Announcer:
    """Tells channels of changes; every call belongs to the caller's transaction."""

    settings: Settings
    templates: Templates

    def __call__(self, unit: Unit, changes: Sequence[Change], now: datetime) -> None:
        """Route the changes, keep the decisions, and say each card that is touched once, in its newest state."""
        telling = self._telling(unit, now)
        placing = Placing(self.settings, telling.wishes, unit, now)
        for change in changes:
            placing.take(change)
        altered = self._judge(telling, changes)
        cards = dict.fromkeys((*placing.news.cards, *altered))
        shown = {card for card in placing.news.cards if telling.shown(*card)}
        for channel, card_key in cards:
            telling.card(channel, card_key)
        for row, change in placing.news.fresh:
            if (row.channel, row.card_key) in shown:
                telling.reply(row, change)
        checks = RunChecks(self.settings, self.templates)
        for run in placing.news.placed.values():
            checks.join(unit, run, now)

    def _judge(self, telling: "Telling", changes: Sequence[Change]) -> Sequence[tuple[str, str]]:
        """Judge what changed and tell what became of regressions; returns the cards that read otherwise now."""
        judging = Judging(self.settings, telling.unit)
        judging.take(changes)
        return self._settle(telling, judging)

    def judge_again(self, unit: Unit, runs: Sequence[RunRef], now: datetime) -> None:
        """Judge runs once more, since people decided something of them, and say the cards that read otherwise."""
        telling = self._telling(unit, now)
        judging = Judging(self.settings, unit)
        judging.again(runs)
        own = [(row.channel, row.card_key) for run in runs for row in unit.cards.of_run(run)]
        for channel, card_key in dict.fromkeys((*self._settle(telling, judging), *own)):
            telling.card(channel, card_key)

    def _settle(self, telling: "Telling", judging: Judging) -> Sequence[tuple[str, str]]:
        unit = telling.unit
        moves = [
            move
            for lineage, muted in judging.lineages.items()
            for move in settle(unit, lineage, muted, telling.now)
        ]
        Alarms(self.settings, self.templates, unit, telling.wishes, telling.now).tell(moves)
        return altered_cards(unit, judging, moves)

    def again(self, unit: Unit, run: RunRef, now: datetime) -> None:
        """Say the cards that a run has for itself, and its alarms, once more: more is known of it."""
        telling = self._telling(unit, now)
        known = unit.runs.get([run]).get(run)
        if known is not None:
            Alarms(self.settings, self.templates, unit, telling.wishes, now).anew(known.run)
        for row in unit.cards.of_run(run):
            if own(row):
                telling.card(row.channel, row.card_key)

    def _telling(self, unit: Unit, now: datetime) -> "Telling":
        wishes = (*self.settings.subscriptions(), *(one for _, one in unit.subscriptions.all()))
        return Telling(self.settings, self.templates, unit, wishes, now)


@dataclass(frozen=True, slots=True)
class Telling:
    """Says the cards and replies of one transaction."""

    settings: Settings
    templates: Templates
    unit: Unit
    wishes: Sequence[Subscription]
    now: datetime

    def shown(self, channel: str, card_key: str) -> bool:
        """Whether people may have seen an earlier state of a card."""
        post = self.unit.outbox.get(channel, card_key)
        return post is not None and (bool(post.ts) or post.state is PostState.SENDING)

    def card(self, channel: str, card_key: str) -> None:
        """Say a card in its newest state, and keep what its thread says of failures current."""
        scene = read_scene(self.unit, self.settings, self.wishes, channel, card_key)
        if scene is None:
            return
        subject = f"run:{root_of(card_key)}" if kind_of(card_key) in (RUN, SWEEP) else card_key
        self._say(scene, lambda: draw(scene, self.settings), channel, card_key, subject=subject)
        if self.unit.outbox.get(channel, f"{card_key}:failures") is not None:
            self._failures(scene, channel, card_key)

    def reply(self, row: CardRow, change: Change) -> None:
        """Say in a card's thread what people must notice, if the channel wants threads."""
        wish = wish_of(self.wishes, row.channel, change.run.experiment)
        if wish is not None and not wish.threads:
            return
        kind = kind_of(row.card_key)
        if kind in (RUN, SWEEP) and root_of(row.card_key) == change.run.ref:
            event = _noticed(change, sweep=kind == SWEEP)
            if event:
                how = look(self.settings, wish, change.run)
                message = event_reply(change.run, event, how, sweep=kind == SWEEP)
                key = f"{row.card_key}:{event}:{change.generation}"
                self._say(
                    Scene(kind, wish, [change.run]), lambda: message, row.channel, key, thread_key=row.card_key
                )
        elif change.event in TROUBLE:
            scene = read_scene(self.unit, self.settings, self.wishes, row.channel, row.card_key)
            if scene is not None:
                self._failures(scene, row.channel, row.card_key)

    def _failures(self, scene: Scene, channel: str, card_key: str) -> None:
        """One reply names the runs of a shared card that went wrong; more of them change it."""
        how = look(self.settings, scene.wish, scene.first)
        self._say(
            scene, lambda: failures_reply(scene.runs, how), channel, f"{card_key}:failures", thread_key=card_key
        )

    def _say(
        self,
        scene: Scene,
        build: Callable[[], Message | None],
        channel: str,
        key: str,
        *,
        thread_key: str = "",
        subject: str = "",
    ) -> None:
        """Say what `build` makes; a run that nothing can be made of is told in plain words."""
        try:
            message = build()
        except Exception:  # one poisoned run may not silence the others of its transaction
            log.exception("card_failed", channel=channel, key=key)
            words = Rendered(plain({"run": scene.first}))
            self.unit.outbox.say(channel, key, words, self.now, thread_key=thread_key, subject=subject)
            return
        if message is not None:
            say(
                self.unit,
                self.templates,
                channel,
                key,
                message,
                self.now,
                thread_key=thread_key,
                subject=subject,
                ops_channel=self.settings.app.ops_channel,
            )


def _noticed(change: Change, *, sweep: bool) -> str:
    """The word for what people must notice, empty for what an edit of the card is enough for."""
    if ALIVE in change.details:
        return "alive"
    if change.event in NOTICED or (sweep and change.event is Event.FINISHED):
        return str(change.event)
    return ""
