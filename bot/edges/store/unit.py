"""Everything one transaction can reach."""

from sqlalchemy import Connection

from bot.edges.store.baselines import SqlModels, SqlPins
from bot.edges.store.cards import SqlCards
from bot.edges.store.changes import SqlChanges
from bot.edges.store.discussion import SqlDiscussion
from bot.edges.store.evidence import SqlCodeAnswers, SqlEvidences
from bot.edges.store.histories import SqlHistories
from bot.edges.store.incidents import SqlIncidents, SqlRulings
from bot.edges.store.ledgers import SqlArrivals, SqlAudit, SqlFires, SqlNotices, SqlPeople
from bot.edges.store.outbox import SqlOutbox
from bot.edges.store.pipelines import SqlPipelines
from bot.edges.store.pull_requests import SqlPullRequests
from bot.edges.store.ranking import SqlDirections, SqlRanking
from bot.edges.store.reminders import SqlReminders
from bot.edges.store.reports import SqlReports
from bot.edges.store.runs import SqlRuns
from bot.edges.store.subscriptions import SqlSubscriptions
from bot.edges.store.suites import SqlSuiteDiffs
from bot.edges.store.tasks import SqlTasks
from bot.edges.store.traces import SqlTraces
from bot.edges.store.trackers import SqlTrackers
from bot.edges.store.verdicts import SqlVerdicts
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


class SqlUnit:
    """bot.ports.store.Unit: one small repository a concern, all on the same connection."""

    def __init__(self, connection: Connection) -> None:
        self.runs: Runs = SqlRuns(connection)
        self.ranking: Ranking = SqlRanking(connection)
        self.directions: Directions = SqlDirections(connection)
        self.pins: Pins = SqlPins(connection)
        self.models: Models = SqlModels(connection)
        self.trackers: Trackers = SqlTrackers(connection)
        self.changes: Changes = SqlChanges(connection)
        self.traces: Traces = SqlTraces(connection)
        self.evidence: Evidences = SqlEvidences(connection)
        self.code_answers: CodeAnswers = SqlCodeAnswers(connection)
        self.outbox: Outbox = SqlOutbox(connection)
        self.cards: Cards = SqlCards(connection)
        self.pipelines: Pipelines = SqlPipelines(connection)
        self.reports: Reports = SqlReports(connection)
        self.suites: SuiteDiffs = SqlSuiteDiffs(connection)
        self.pull_requests: PullRequests = SqlPullRequests(connection)
        self.discussion: Discussion = SqlDiscussion(connection)
        self.reminders: Reminders = SqlReminders(connection)
        self.fires: Fires = SqlFires(connection)
        self.arrivals: Arrivals = SqlArrivals(connection)
        self.tasks: Tasks = SqlTasks(connection)
        self.people: People = SqlPeople(connection)
        self.subscriptions: Subscriptions = SqlSubscriptions(connection)
        self.audit: Audit = SqlAudit(connection)
        self.notices: Notices = SqlNotices(connection)
        self.histories: Histories = SqlHistories(connection)
        self.verdicts: Verdicts = SqlVerdicts(connection)
        self.incidents: Incidents = SqlIncidents(connection)
        self.rulings: Rulings = SqlRulings(connection)
