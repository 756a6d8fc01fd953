"""What a failed job died of: where a token is set, its provider is asked for the line, on the queue."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import structlog
from pydantic import TypeAdapter

from bot.facts.pipelines import Job, JobChange, News, Outcome, Pipeline
from bot.notify.ci.pipelines import Pipelines
from bot.ports.ci_hosts import CiHost
from bot.ports.errors import CodeLimited, CodeRefused
from bot.ports.store import Store, Unit

log = structlog.get_logger("job_errors")

TASK = "job_error"
# Of one delivery so many jobs are asked about: when everything fails, a few lines tell why.
JOBS_AT_MOST = 5
# A failure of the day before is of no interest any more, however late it was told.
OLD = timedelta(days=1)
CHANGE = TypeAdapter(JobChange)


def plan(unit: Unit, hosts: Mapping[str, CiHost], news: Sequence[News], now: datetime) -> None:
    """Called where news is taken, in its transaction: hand over each failed job once, ask nothing yet."""
    for change in list(_failed(news, now))[:JOBS_AT_MOST]:
        once = f"{change.subject}:{change.job.job_id}:{change.job.attempt}"
        if change.provider in hosts and unit.arrivals.first(TASK, once, now):
            unit.tasks.put(TASK, {"change": CHANGE.dump_python(change, mode="json")}, now)


def read(
    hosts: Mapping[str, CiHost], store: Store, pipelines: Pipelines, asked: Mapping[str, Any], now: datetime
) -> None:
    """Do what was planned; CodeDown goes up so that the queue tries again, a refusal is only logged."""
    change = CHANGE.validate_python(asked["change"])
    host = hosts.get(change.provider)
    if host is None:
        return
    try:
        error = host.error(change.repository, change.job.job_id)
    except (CodeRefused, CodeLimited) as refusal:
        log.info("job_error_refused", job=change.job.job_id, pipeline=change.subject, why=str(refusal))
        return
    if error:
        # The same moment in all that matters, and newer than what the webhook told of it.
        told = replace(change.job, error=error, updated=change.job.updated + timedelta(microseconds=1))
        with store.write() as unit:
            pipelines.take(unit, [replace(change, job=told)], now)


def _failed(news: Sequence[News], now: datetime) -> Iterator[JobChange]:
    for one in news:
        if isinstance(one, JobChange):
            changes = [one]
        elif isinstance(one, Pipeline):
            changes = [JobChange(one.provider, one.repository, one.pipeline_id, job) for job in one.jobs]
        else:
            continue
        yield from (change for change in changes if _matters(change.job, now))


def _matters(job: Job, now: datetime) -> bool:
    return job.outcome is Outcome.FAILED and not job.allowed_to_fail and job.updated > now - OLD
