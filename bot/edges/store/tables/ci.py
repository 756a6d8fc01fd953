"""The tables of what CI told: pipelines, their jobs, and pull requests."""

from sqlalchemy import Column, Index, Table

from bot.edges.store.columns import Json
from bot.edges.store.tables.ground import key, metadata, moment, number

pipelines = Table(
    "pipelines",
    metadata,
    key("subject", primary_key=True),
    number("attempt", primary_key=True),
    key("outcome", primary_key=True),
    # Of two states under one key the one with the greater version is kept.
    key("version"),
    moment("began"),
    moment("updated"),
    key("provider"),
    key("repository"),
    key("name"),
    key("branch"),
    key("git_commit"),
    Column("details", Json, nullable=False),
    Index(None, "git_commit"),
    Index(None, "updated"),
    Index(None, "repository", "branch", "name", "began"),
)

pipeline_jobs = Table(
    "pipeline_jobs",
    metadata,
    key("subject", primary_key=True),
    number("attempt", primary_key=True),
    key("job_id", primary_key=True),
    # What a job died of is often told apart from its end: `error` or `state`.
    key("told", primary_key=True),
    key("version"),
    Column("details", Json, nullable=False),
)

pull_requests = Table(
    "pull_requests",
    metadata,
    key("subject", primary_key=True),
    key("head_commit", primary_key=True),
    key("version"),
    key("provider"),
    key("repository"),
    Column("details", Json, nullable=False),
    Index(None, "head_commit"),
)
