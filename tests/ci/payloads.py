"""Small deliveries of GitHub and GitLab, made by hand from their documentation."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime
from typing import Any

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
COMMIT = "acb5820ced9479c074f688cc328bf03f341a511d"
GITHUB_REPOSITORY = {
    "full_name": "acme/churn",
    "default_branch": "main",
    "html_url": "https://github.example/acme/churn",
}


def workflow_run(**run: Any) -> dict[str, Any]:
    return {
        "action": "completed",
        "workflow_run": {
            "id": 30433642,
            "name": "tests",
            "display_title": "Raise the dropout",
            "head_branch": "main",
            "head_sha": COMMIT,
            "head_repository": {"full_name": "acme/churn"},
            "event": "push",
            "status": "completed",
            "conclusion": "failure",
            "html_url": "https://github.example/acme/churn/actions/runs/30433642",
            "run_attempt": 2,
            "created_at": "2026-11-23T11:40:00Z",
            "updated_at": "2026-11-23T11:59:00Z",
            "actor": {"login": "jdoe"},
            "pull_requests": [],
            **run,
        },
        "repository": GITHUB_REPOSITORY,
    }


def workflow_job(**job: Any) -> dict[str, Any]:
    return {
        "action": "completed",
        "workflow_job": {
            "id": 7,
            "run_id": 30433642,
            "run_attempt": 2,
            "name": "pytest (3.12)",
            "status": "completed",
            "conclusion": "failure",
            "html_url": "https://github.example/acme/churn/actions/runs/30433642/job/7",
            "created_at": "2026-11-23T11:40:00Z",
            "started_at": "2026-11-23T11:41:00Z",
            "completed_at": "2026-11-23T11:58:00Z",
            "steps": [
                {"name": "Set up job", "conclusion": "success"},
                {"name": "Run pytest", "conclusion": "failure"},
                {"name": "Upload", "conclusion": "skipped"},
            ],
            **job,
        },
        "repository": GITHUB_REPOSITORY,
    }


def check_run(app: str = "circleci", suite: dict[str, Any] | None = None, **run: Any) -> dict[str, Any]:
    return {
        "action": "completed",
        "check_run": {
            "id": 11,
            "name": "unit",
            "status": "completed",
            "conclusion": "failure",
            "details_url": "https://ci.example/unit",
            "started_at": "2026-11-23T11:41:00Z",
            "completed_at": "2026-11-23T11:50:00Z",
            "output": {"title": "3 of 40 failed"},
            "app": {"slug": app, "name": app.title()},
            "check_suite": {
                "id": 5,
                "head_branch": "main",
                "head_sha": COMMIT,
                "status": "in_progress",
                "conclusion": None,
                "updated_at": "2026-11-23T11:50:00Z",
                "pull_requests": [],
                **(suite or {}),
            },
            **run,
        },
        "repository": GITHUB_REPOSITORY,
    }


def check_suite(app: str = "circleci", **suite: Any) -> dict[str, Any]:
    return {
        "action": "completed",
        "check_suite": {
            "id": 5,
            "head_branch": "main",
            "head_sha": COMMIT,
            "status": "completed",
            "conclusion": "success",
            "updated_at": "2026-11-23T11:55:00Z",
            "app": {"slug": app, "name": app.title()},
            "latest_check_runs_count": 2,
            **suite,
        },
        "repository": GITHUB_REPOSITORY,
    }


def pull_request(**pull: Any) -> dict[str, Any]:
    return {
        "action": "synchronize",
        "pull_request": {
            "number": 12,
            "title": "Raise the dropout",
            "html_url": "https://github.example/acme/churn/pull/12",
            "state": "open",
            "merged": False,
            "draft": False,
            "head": {"ref": "dropout", "sha": COMMIT, "repo": {"full_name": "acme/churn"}},
            "base": {"ref": "main"},
            "user": {"login": "jdoe"},
            "updated_at": "2026-11-23T11:59:00Z",
            **pull,
        },
        "repository": GITHUB_REPOSITORY,
    }


GITLAB_PROJECT = {
    "web_url": "https://gitlab.example/acme/churn",
    "path_with_namespace": "acme/churn",
    "default_branch": "main",
}


def build(number: int, status: str, **more: Any) -> dict[str, Any]:
    return {
        "id": number,
        "stage": "test",
        "name": f"job {number}",
        "status": status,
        "created_at": "2026-11-23 11:40:00 UTC",
        "started_at": "2026-11-23 11:41:00 UTC",
        "finished_at": None,
        "allow_failure": False,
        "failure_reason": None,
        **more,
    }


def pipeline(builds: list[dict[str, Any]] | None = None, **more: Any) -> dict[str, Any]:
    own = {key: more.pop(key) for key in ("merge_request", "source_pipeline", "commit") if key in more}
    return {
        "object_kind": "pipeline",
        "object_attributes": {
            "id": 31,
            "iid": 3,
            "ref": "main",
            "tag": False,
            "sha": COMMIT,
            "source": "push",
            "status": "failed",
            "created_at": "2026-11-23 11:40:00 UTC",
            "finished_at": "2026-11-23 11:59:00 UTC",
            "url": "https://gitlab.example/acme/churn/-/pipelines/31",
            **more,
        },
        "merge_request": None,
        "user": {"username": "jdoe"},
        "project": GITLAB_PROJECT,
        "commit": {"id": COMMIT, "title": "Raise the dropout", "message": "Raise the dropout\n\nAgain."},
        "builds": builds if builds is not None else [build(380, "failed", failure_reason="script_failure")],
        **own,
    }


def job(**more: Any) -> dict[str, Any]:
    return {
        "object_kind": "build",
        "ref": "main",
        "sha": COMMIT,
        "build_id": 380,
        "build_name": "pytest",
        "build_stage": "test",
        "build_status": "failed",
        "build_created_at": "2026-11-23 11:40:00 UTC",
        "build_started_at": "2026-11-23T11:41:00.123Z",
        "build_finished_at": "2026-11-23T11:58:00Z",
        "build_allow_failure": False,
        "build_failure_reason": "script_failure",
        "pipeline_id": 31,
        "project": GITLAB_PROJECT,
        **more,
    }


def merge_request(**more: Any) -> dict[str, Any]:
    return {
        "object_kind": "merge_request",
        "user": {"username": "jdoe"},
        "project": GITLAB_PROJECT,
        "object_attributes": {
            "iid": 12,
            "title": "Raise the dropout",
            "url": "https://gitlab.example/acme/churn/-/merge_requests/12",
            "state": "opened",
            "draft": True,
            "source_branch": "dropout",
            "target_branch": "main",
            "source": {"path_with_namespace": "jdoe/churn"},
            "last_commit": {"id": COMMIT},
            "created_at": "2026-11-23 10:00:00 UTC",
            "updated_at": "2026-11-23 11:59:00 UTC",
            **more,
        },
    }


def signed(raw: bytes, key: bytes, at: datetime = NOW, identity: str = "msg-1") -> dict[str, str]:
    """The headers of a delivery that GitLab signed."""
    timestamp = str(int(at.timestamp()))
    content = f"{identity}.{timestamp}.".encode() + raw
    signature = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
    return {"webhook-id": identity, "webhook-timestamp": timestamp, "webhook-signature": f"v1,{signature}"}
