"""The database as the core sees it: a unit of work that holds one small repository a concern."""

from contextlib import AbstractContextManager
from typing import Protocol

from bot.ports.baselines import Models, Pins
from bot.ports.cards import Cards, Discussion, Reminders
from bot.ports.ci import Pipelines, PullRequests, SuiteDiffs
from bot.ports.evidence import CodeAnswers, Evidences
from bot.ports.index import Changes, Runs, Traces, Trackers
from bot.ports.ledgers import Arrivals, Audit, Fires, Notices, People, Subscriptions, Tasks
from bot.ports.outbox import Outbox
from bot.ports.ranking import Directions, Ranking
from bot.ports.reports import Reports
from bot.ports.verdicts import Histories, Incidents, Rulings, Verdicts


class Unit(Protocol):
    """Everything one transaction can reach: all of it is kept, or none of it."""

    runs: Runs
    ranking: Ranking
    directions: Directions
    pins: Pins
    models: Models
    trackers: Trackers
    changes: Changes
    traces: Traces
    evidence: Evidences
    code_answers: CodeAnswers
    outbox: Outbox
    cards: Cards
    pipelines: Pipelines
    reports: Reports
    suites: SuiteDiffs
    pull_requests: PullRequests
    discussion: Discussion
    reminders: Reminders
    fires: Fires
    arrivals: Arrivals
    tasks: Tasks
    people: People
    subscriptions: Subscriptions
    audit: Audit
    notices: Notices
    histories: Histories
    verdicts: Verdicts
    incidents: Incidents
    rulings: Rulings


class Store(Protocol):
    """The database."""

    def read(self) -> AbstractContextManager[Unit]:
        """A consistent look that changes nothing."""
        ...

    def write(self) -> AbstractContextManager[Unit]:
        """A transaction: committed when the block ends, rolled back when it raises."""
        ...

    def revision(self) -> tuple[str, str]:
        """(the schema revision the database is at, the one this code wants)."""
        ...
