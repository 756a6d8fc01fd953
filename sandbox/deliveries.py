"""GitHub's side of the demo: signed webhook deliveries, as github.com would send them."""

import hashlib
import hmac
import json
import uuid
from datetime import UTC, datetime
from typing import Any

import httpx

REPOSITORY = "acme/churn"


def workflow_run(
    commit: str, number: int, status: str, conclusion: str | None, title: str, at: datetime | None = None
) -> dict[str, Any]:
    """The part of a `workflow_run` payload that tells what happened at a moment, by default now."""
    now = (at or datetime.now(UTC)).isoformat(timespec="seconds")
    return {
        "action": "completed" if conclusion else "in_progress",
        "workflow_run": {
            "id": 9_000_000 + number,
            "name": "behaviour tests",
            "display_title": title,
            "head_branch": "main",
            "head_sha": commit,
            "path": ".github/workflows/tests.yml",
            "run_attempt": 1,
            "run_number": number,
            "status": status,
            "conclusion": conclusion,
            "html_url": f"https://github.com/{REPOSITORY}/actions/runs/{9_000_000 + number}",
            "run_started_at": now,
            "updated_at": now,
            "actor": {"login": "jonas"},
        },
        "repository": {"full_name": REPOSITORY, "default_branch": "main"},
    }


def send(door: str, secret: str, payload: dict[str, Any]) -> int:
    """Deliver a payload to the bot's door, signed; returns the HTTP status."""
    raw = json.dumps(payload).encode()
    headers = {
        "content-type": "application/json",
        "x-github-event": "workflow_run",
        "x-github-delivery": str(uuid.uuid4()),
        "x-hub-signature-256": "sha256=" + hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest(),
    }
    return httpx.post(
        f"{door}/webhooks/github", content=raw, headers=headers, timeout=10, trust_env=False
    ).status_code
