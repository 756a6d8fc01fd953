"""The tables: what a column means stands at the facts and ports it keeps."""

from bot.edges.store.tables.baselines import model_aliases, model_versions, pins
from bot.edges.store.tables.ci import pipeline_jobs, pipelines, pull_requests
from bot.edges.store.tables.evidence import code_answers, evidence
from bot.edges.store.tables.ground import metadata
from bot.edges.store.tables.index import (
    SOME_NAN,
    changes,
    decisions,
    experiments,
    run_metrics,
    run_params,
    run_tags,
    runs,
    traces,
    trackers,
)
from bot.edges.store.tables.ledgers import (
    arrivals,
    audit,
    directions,
    fires,
    notices,
    people,
    subscriptions,
    tasks,
)
from bot.edges.store.tables.outbox import holds, lanes, outbox
from bot.edges.store.tables.reports import reports
from bot.edges.store.tables.suites import suite_diffs
from bot.edges.store.tables.talk import cards, reminders, replies
from bot.edges.store.tables.verdicts import incidents, rulings, verdicts

__all__ = [
    "SOME_NAN",
    "arrivals",
    "audit",
    "cards",
    "changes",
    "code_answers",
    "decisions",
    "directions",
    "evidence",
    "experiments",
    "fires",
    "holds",
    "incidents",
    "lanes",
    "metadata",
    "model_aliases",
    "model_versions",
    "notices",
    "outbox",
    "people",
    "pins",
    "pipeline_jobs",
    "pipelines",
    "pull_requests",
    "reminders",
    "replies",
    "reports",
    "rulings",
    "run_metrics",
    "run_params",
    "run_tags",
    "runs",
    "subscriptions",
    "suite_diffs",
    "tasks",
    "traces",
    "trackers",
    "verdicts",
]
