"""GitHub: signed deliveries of Actions, of other apps' checks and of pull requests.

Signature: https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
Events: https://docs.github.com/en/webhooks/webhook-events-and-payloads
"""

import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.ci.arrival import Unreadable, Unsigned
from bot.ci.providers.github import checks
from bot.ci.providers.github.actions import job_of, pipeline_of
from bot.ci.providers.github.payloads import (
    CheckRunDelivery,
    CheckSuiteDelivery,
    PullRequestDelivery,
    WorkflowJobDelivery,
    WorkflowRunDelivery,
)
from bot.ci.shapes import believed, shaped
from bot.facts.pipelines import JobChange, News, PullRequest, PullRequestState
from bot.settings import CiSettings

SIGNATURE = "x-hub-signature-256"
DELIVERY = "x-github-delivery"
EVENT = "x-github-event"

Read = Callable[[Mapping[str, Any], datetime], Sequence[News]]


def closed(ci: CiSettings) -> str:
    """What must be set before a delivery can be verified."""
    return "" if ci.github.secret is not None else "set GITHUB_WEBHOOK_SECRET"


def verify(ci: CiSettings, headers: Mapping[str, str], raw: bytes, now: datetime) -> None:
    """Check X-Hub-Signature-256, an HMAC-SHA256 over the raw body; the older SHA-1 header is not taken."""
    secret = ci.github.secret.get_secret_value() if ci.github.secret is not None else ""
    given = headers.get(SIGNATURE, "")
    wanted = "sha256=" + hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()
    if not secret or not hmac.compare_digest(given.encode("utf-8", "replace"), wanted.encode()):
        raise Unsigned(f"{SIGNATURE} is missing or does not fit the body")


def delivery_id(headers: Mapping[str, str]) -> str:
    """GitHub's id of the delivery; a redelivery carries the same one."""
    identity = headers.get(DELIVERY, "").strip()
    if not identity:
        raise Unreadable(f"the header {DELIVERY} is missing")
    return identity[:100]


def read(headers: Mapping[str, str], body: Mapping[str, Any], now: datetime) -> Sequence[News] | None:
    """What an event tells of pipelines, jobs and pull requests."""
    event = READ.get(headers.get(EVENT, ""))
    return event(body, now) if event is not None else None


def _workflow_run(body: Mapping[str, Any], now: datetime) -> Sequence[News]:
    delivery = shaped(WorkflowRunDelivery, "workflow_run", body)
    return (pipeline_of(delivery.workflow_run, delivery.repository, now),)


def _workflow_job(body: Mapping[str, Any], now: datetime) -> Sequence[News]:
    delivery = shaped(WorkflowJobDelivery, "workflow_job", body)
    job = delivery.workflow_job
    return (JobChange("github", delivery.repository.full_name, str(job.run_id), job_of(job, now)),)


def _check_run(body: Mapping[str, Any], now: datetime) -> Sequence[News]:
    delivery = shaped(CheckRunDelivery, "check_run", body)
    return checks.of_run(delivery.check_run, delivery.repository, now)


def _check_suite(body: Mapping[str, Any], now: datetime) -> Sequence[News]:
    delivery = shaped(CheckSuiteDelivery, "check_suite", body)
    return checks.of_suite(delivery.check_suite, delivery.repository, now)


def _pull_request(body: Mapping[str, Any], now: datetime) -> Sequence[News]:
    delivery = shaped(PullRequestDelivery, "pull_request", body)
    pull = delivery.pull_request
    state = PullRequestState.OPEN if pull.state == "open" else PullRequestState.CLOSED
    return (
        PullRequest(
            provider="github",
            repository=delivery.repository.full_name,
            number=pull.number,
            title=pull.title,
            url=pull.html_url,
            state=PullRequestState.MERGED if pull.merged else state,
            head_branch=pull.head.ref,
            head_commit=pull.head.sha,
            base_branch=pull.base.ref,
            updated=believed(pull.updated_at, now),
            head_repository=pull.head.repo.full_name if pull.head.repo else "",
            author=pull.user.login if pull.user else "",
            draft=pull.draft or False,
        ),
    )


def _ping(_body: Mapping[str, Any], _now: datetime) -> Sequence[News]:
    """GitHub asks once, when a webhook is made, whether somebody is here."""
    return ()


READ: Mapping[str, Read] = {
    "workflow_run": _workflow_run,
    "workflow_job": _workflow_job,
    "check_run": _check_run,
    "check_suite": _check_suite,
    "pull_request": _pull_request,
    "ping": _ping,
}
