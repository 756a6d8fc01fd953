"""What CI says of runs, in their threads: a reply a check where one card shows them, else one message for all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.facts.checks import Check
from bot.facts.messages import Message
from bot.facts.runs import Run
from bot.notify.ci.cards import check_of_runs, check_reply
from bot.notify.ci.checks import checks_of, runs_of
from bot.notify.grouping import RUN, kind_of
from bot.notify.posting import say
from bot.ports.store import Unit
from bot.render.messages import Templates
from bot.settings import Settings


@dataclass(frozen=True, slots=True)
class RunChecks:
    """Says checks to runs; every call belongs to the caller's transaction."""

    settings: Settings
    templates: Templates

    def join(self, unit: Unit, run: Run, now: datetime) -> None:
        """A run has got a card: say in its thread what CI said of it, before it came or not."""
        for check in checks_of(unit, run):
            self.tell(unit, check, now)

    def tell(self, unit: Unit, check: Check, now: datetime) -> Sequence[Run]:
        """Say a check to the runs it is about; returns them, on whose cards it belongs, too."""
        runs = runs_of(unit, check, [one.name for one in self.settings.trackers])
        places: dict[str, dict[str, list[Run]]] = {}
        for run in runs:
            for row in unit.cards.of_run(run.ref):
                places.setdefault(row.channel, {}).setdefault(row.card_key, []).append(run)
        for channel, cards in places.items():
            self._tell_channel(unit, channel, check, cards, now)
        return runs

    def _tell_channel(
        self, unit: Unit, channel: str, check: Check, cards: Mapping[str, Sequence[Run]], now: datetime
    ) -> None:
        """The thread of the only card; with several cards the replies that are there stay current."""
        for card_key, runs in cards.items():
            key = reply_key(card_key, check)
            if (len(cards) == 1 and check.over) or unit.outbox.get(channel, key) is not None:
                own = kind_of(card_key) == RUN
                message = check_reply(check, own=own, dirty=own and runs[0].dirty)
                self._say(unit, channel, key, message, now, thread_key=card_key)
        key = f"{check.subject}:runs"
        said = unit.outbox.get(channel, key)
        if said is not None or (len(cards) > 1 and check.over and (check.failed or check.broke or check.mended)):
            every = [run for some in cards.values() for run in some]
            card = check.subject if unit.outbox.get(channel, check.subject) is not None else ""
            thread = said.thread_key if said is not None else card
            self._say(unit, channel, key, check_of_runs(check, every), now, thread_key=thread)

    def _say(
        self, unit: Unit, channel: str, key: str, message: Message, now: datetime, *, thread_key: str
    ) -> None:
        ops = self.settings.app.ops_channel
        say(unit, self.templates, channel, key, message, now, thread_key=thread_key, ops_channel=ops)


def reply_key(card_key: str, check: Check) -> str:
    """The key of a check's reply in the thread of a card."""
    return f"{card_key}:{check.subject}"
