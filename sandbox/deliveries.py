"""GitHub's side of the demo: signed webhook deliveries, as github.com would send them."""

import hashlib
import hmac
import json
import uuid
from datetime import UTC, datetime
from typing import Any

import httpx

REPOSITORY = "acme/churn"
DEFAULT_BRANCH = "main"


def run_id(number: int) -> int:
    """The id of the workflow run of this number."""
    return 9_000_000 + number


def workflow_run(
    commit: str,
    number: int,
    status: str,
    conclusion: str | None,
    title: str,
    at: datetime | None = None,
    *,
    attempt: int = 1,
    branch: str = DEFAULT_BRANCH,
    pull_request: int | None = None,
) -> dict[str, Any]:
    """The part of a `workflow_run` payload that tells what happened at a moment, by default now."""
    now = _written(at)
    asked_for = "push" if pull_request is None else "pull_request"
    pulls = [] if pull_request is None else [{"number": pull_request, "base": {"ref": DEFAULT_BRANCH}}]
    return {
        "action": "completed" if conclusion else "in_progress",
        "workflow_run": {
            "id": run_id(number),
            "name": "behaviour tests",
            "display_title": title,
            "head_branch": branch,
            "head_sha": commit,
            "head_repository": {"full_name": REPOSITORY},
            "path": ".github/workflows/tests.yml",
            "event": asked_for,
            "run_attempt": attempt,
            "run_number": number,
            "status": status,
            "conclusion": conclusion,
            "html_url": f"https://github.com/{REPOSITORY}/actions/runs/{run_id(number)}",
            "run_started_at": now,
            "updated_at": now,
            "actor": {"login": "jonas"},
            "pull_requests": pulls,
        },
        "repository": {"full_name": REPOSITORY, "default_branch": DEFAULT_BRANCH},
    }


def workflow_job(
    number: int,
    job: int,
    name: str,
    conclusion: str | None,
    at: datetime | None = None,
    *,
    attempt: int = 1,
    failed_step: str = "",
) -> dict[str, Any]:
    """The part of a `workflow_job` payload that tells how a job of a workflow stands."""
    now = _written(at)
    run = run_id(number)
    return {
        "action": "completed" if conclusion else "in_progress",
        "workflow_job": {
            "id": job,
            "run_id": run,
            "run_attempt": attempt,
            "name": name,
            "status": "completed" if conclusion else "in_progress",
            "conclusion": conclusion,
            "html_url": f"https://github.com/{REPOSITORY}/actions/runs/{run}/job/{job}",
            "started_at": now,
            "completed_at": now if conclusion else None,
            "steps": [{"name": failed_step, "conclusion": "failure"}] if failed_step else [],
        },
        "repository": {"full_name": REPOSITORY, "default_branch": DEFAULT_BRANCH},
    }


def pull_request(
    number: int, commit: str, title: str, at: datetime | None = None, *, merged: bool = False
) -> dict[str, Any]:
    """The part of a `pull_request` payload that tells how one stands."""
    return {
        "action": "closed" if merged else "synchronize",
        "number": number,
        "pull_request": {
            "number": number,
            "title": title,
            "state": "closed" if merged else "open",
            "merged": merged,
            "html_url": f"https://github.com/{REPOSITORY}/pull/{number}",
            "head": {"ref": "try", "sha": commit, "repo": {"full_name": REPOSITORY}},
            "base": {"ref": DEFAULT_BRANCH},
            "updated_at": _written(at),
            "user": {"login": "jonas"},
            "draft": False,
        },
        "repository": {"full_name": REPOSITORY, "default_branch": DEFAULT_BRANCH},
    }


def _written(at: datetime | None) -> str:
    return (at or datetime.now(UTC)).isoformat(timespec="seconds")


def event_of(payload: dict[str, Any]) -> str:
    """The event that a payload of this module belongs to."""
    return next(name for name in ("workflow_run", "workflow_job", "pull_request") if name in payload)


def send(door: str, secret: str, payload: dict[str, Any]) -> int:
    """Deliver a payload to the bot's door, signed; returns the HTTP status."""
    raw = json.dumps(payload).encode()
    headers = {
        "content-type": "application/json",
        "x-github-event": event_of(payload),
        "x-github-delivery": str(uuid.uuid4()),
        "x-hub-signature-256": "sha256=" + hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest(),
    }
    return httpx.post(
        f"{door}/webhooks/github", content=raw, headers=headers, timeout=10, trust_env=False
    ).status_code
