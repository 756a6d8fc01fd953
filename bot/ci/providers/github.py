"""GitHub Actions: signed `workflow_run` deliveries become pipelines.

Signature: https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
Events: https://docs.github.com/en/webhooks/webhook-events-and-payloads#workflow_run
"""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import AwareDatetime, BaseModel, ValidationError

from bot.ci.arrival import Unreadable, Unsigned
from bot.facts.pipelines import News, Outcome, Pipeline

SIGNATURE = "x-hub-signature-256"
DELIVERY = "x-github-delivery"
EVENT = "x-github-event"

WAITING_STATUSES = frozenset({"waiting", "pending", "requested"})
CONCLUSIONS = {
    "success": Outcome.PASSED,
    "neutral": Outcome.PASSED,
    "failure": Outcome.FAILED,
    "timed_out": Outcome.FAILED,
    "startup_failure": Outcome.FAILED,
    "cancelled": Outcome.CANCELLED,
    "stale": Outcome.CANCELLED,
    "skipped": Outcome.SKIPPED,
    "action_required": Outcome.WAITING,
}


class Actor(BaseModel):
    """Who set the workflow off."""

    login: str = ""


class WorkflowRun(BaseModel):
    """The fields of `workflow_run` that Rundown reads; GitHub sends many more."""

    id: int
    name: str | None = None
    display_title: str = ""
    head_branch: str | None = None
    head_sha: str
    status: str | None = None
    conclusion: str | None = None
    html_url: str
    run_attempt: int = 1
    run_started_at: AwareDatetime | None = None
    updated_at: AwareDatetime
    actor: Actor | None = None
    path: str = ""


class Repository(BaseModel):
    """The repository the workflow belongs to."""

    full_name: str
    default_branch: str = "main"


class Delivery(BaseModel):
    """A `workflow_run` delivery."""

    workflow_run: WorkflowRun
    repository: Repository


def verify(secret: str, headers: Mapping[str, str], raw: bytes) -> None:
    """Check X-Hub-Signature-256, an HMAC-SHA256 over the raw body; the older SHA-1 header is not taken."""
    given = headers.get(SIGNATURE, "")
    wanted = "sha256=" + hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(given.encode("utf-8", "replace"), wanted.encode()):
        raise Unsigned(f"{SIGNATURE} is missing or does not fit the body")


def delivery_id(headers: Mapping[str, str]) -> str:
    """GitHub's id of the delivery; a redelivery carries the same one."""
    identity = headers.get(DELIVERY, "").strip()
    if not identity:
        raise Unreadable(f"the header {DELIVERY} is missing")
    return identity[:100]


def read(headers: Mapping[str, str], body: Mapping[str, Any], now: datetime) -> Sequence[News]:
    """The pipeline of a `workflow_run` delivery; every other event is not followed."""
    if headers.get(EVENT, "") != "workflow_run":
        return ()
    try:
        delivery = Delivery.model_validate(body)
    except ValidationError as problem:
        first = problem.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise Unreadable(f"workflow_run: {place}: {first['msg']}") from problem
    return (_pipeline(delivery, now),)


def _pipeline(delivery: Delivery, now: datetime) -> Pipeline:
    run = delivery.workflow_run
    return Pipeline(
        provider="github",
        repository=delivery.repository.full_name,
        pipeline_id=str(run.id),
        attempt=run.run_attempt,
        name=run.name or run.path or "workflow",
        branch=run.head_branch or "",
        commit=run.head_sha,
        outcome=_outcome(run),
        url=run.html_url,
        default_branch=bool(run.head_branch) and run.head_branch == delivery.repository.default_branch,
        updated=min(run.updated_at, now),
        started=run.run_started_at,
        actor=run.actor.login if run.actor else "",
        title=run.display_title,
    )


def _outcome(run: WorkflowRun) -> Outcome:
    if run.status == "completed" or run.conclusion:
        return CONCLUSIONS.get(run.conclusion or "", Outcome.FAILED)
    if run.status == "in_progress":
        return Outcome.RUNNING
    return Outcome.WAITING if run.status in WAITING_STATUSES else Outcome.QUEUED
