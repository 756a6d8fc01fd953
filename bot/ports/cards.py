"""Cards, threads and reminders as the core sees them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.facts.messages import Reply
from bot.facts.runs import RunRef


@dataclass(frozen=True, slots=True)
class CardRow:
    """One run's place in one channel: the card (outbox key) that shows it."""

    channel: str
    run: RunRef
    card_key: str
    experiment: str
    at: datetime
    grouped: bool = False


class Cards(Protocol):
    """Which run stands on which card of which channel: exactly one a channel."""

    def place(self, row: CardRow) -> CardRow:
        """Give a run its place; where it has one already, that one is returned and kept."""
        ...

    def of_run(self, run: RunRef) -> Sequence[CardRow]:
        """A run's places, oldest first."""
        ...

    def rows(self, channel: str, card_key: str) -> Sequence[CardRow]:
        """All runs on one card, oldest first."""
        ...

    def since(self, channel: str, experiment: str, moment: datetime) -> Sequence[CardRow]:
        """Places given in a channel to runs of one experiment since a moment, oldest first."""
        ...


class Discussion(Protocol):
    """What people wrote in the threads of posts."""

    def put(self, reply: Reply) -> bool:
        """Keep a reply or its newer wording; False when nothing changed."""
        ...

    def of_thread(self, channel_id: str, thread_ts: str) -> Sequence[Reply]:
        """A thread's replies that were not deleted, oldest first."""
        ...


@dataclass(frozen=True, slots=True)
class Reminder:
    """A promise to ask for a run's documentation: due at a moment, then posted, or ended without."""

    run: RunRef
    due_at: datetime
    state: str = "waiting"
    reason: str = ""


class Reminders(Protocol):
    """Runs that will be, or were, asked about; states are waiting, posted, documented and exempt."""

    def add(self, reminder: Reminder) -> bool:
        """Plan a reminder; False when the run has one."""
        ...

    def get(self, run: RunRef) -> Reminder | None:
        """A run's reminder."""
        ...

    def due(self, now: datetime, limit: int = 50) -> Sequence[Reminder]:
        """Waiting reminders whose time has come, oldest first."""
        ...

    def posted(self, limit: int = 500) -> Sequence[Reminder]:
        """Reminders that stand in Slack and are not answered yet."""
        ...

    def settle(self, run: RunRef, state: str, reason: str = "") -> None:
        """Change a reminder's state."""
        ...

    def count(self, state: str) -> int:
        """How many reminders are in a state."""
        ...
