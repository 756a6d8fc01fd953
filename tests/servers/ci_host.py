"""GitHub's and GitLab's answers about pipelines, in the shapes that their documentation gives."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from bot.facts.pipelines import Outcome
from tests.fakes.ci_hosts import COMMIT, Ran, Runs
from tests.servers.scripted import Asked, Said

TOKEN = "token-of-the-tests"
PAGE_AT_MOST = 100
GITHUB_WORDS = {
    Outcome.QUEUED: ("queued", None),
    Outcome.RUNNING: ("in_progress", None),
    Outcome.WAITING: ("waiting", None),
    Outcome.PASSED: ("completed", "success"),
    Outcome.FAILED: ("completed", "failure"),
    Outcome.CANCELLED: ("completed", "cancelled"),
    Outcome.SKIPPED: ("completed", "skipped"),
}
GITLAB_WORDS = {
    Outcome.QUEUED: "pending",
    Outcome.RUNNING: "running",
    Outcome.WAITING: "manual",
    Outcome.PASSED: "success",
    Outcome.FAILED: "failed",
    Outcome.CANCELLED: "canceled",
    Outcome.SKIPPED: "skipped",
}


@dataclass
class CiServer:
    """What a host has run, and how it is; an instance answers requests of a scripted server."""

    repositories: dict[str, Runs] = field(default_factory=dict)
    instead: Said | None = None

    def __call__(self, asked: Asked) -> Said:
        if self.instead is not None:
            return self.instead
        url = urlsplit(asked.path)
        query = {key: values[0] for key, values in parse_qs(url.query).items()}
        if TOKEN not in (asked.headers.get("private-token"), asked.headers.get("authorization", "")[7:]):
            return said({"message": "Bad credentials"}, 401)
        parts = [unquote(part) for part in url.path.split("/")[3:]]
        if parts in (["rate_limit"], ["version"]):
            return said({"resources": {}, "version": "18.0"})
        answer = self._github(parts[1:], query) if parts[0] == "repos" else self._gitlab(parts[1:], query)
        if asked.headers.get("if-none-match") and asked.headers["if-none-match"] == answer.headers.get("etag"):
            return Said(b"", 304)
        return answer

    def _github(self, parts: list[str], query: Mapping[str, str]) -> Said:
        path = "/".join(parts[:2])
        runs = self.repositories.get(path)
        if runs is None:
            return said({"message": "Not Found"}, 404)
        home = {"full_name": path, "default_branch": runs.default_branch}
        match parts[2:]:
            case []:
                return said(home)
            case ["actions", "runs"]:
                newest = sorted(runs.runs.values(), key=lambda ran: ran.created, reverse=True)
                listed = [github_run(path, ran) for ran in page_of(newest, query)]
                return said({"total_count": len(newest), "workflow_runs": listed})
            case ["actions", "runs", number, *rest] if int(number) in runs.runs:
                ran = runs.runs[int(number)]
                if not rest:
                    return said(github_run(path, ran))
                listed = page_of([github_job(ran, one) for one in ran.jobs], query)
                return said({"total_count": len(ran.jobs), "jobs": listed})
            case ["check-runs", number, "annotations"] if (ran := self._ran(runs, number)) is not None:
                hollow = {
                    "path": ".github",
                    "annotation_level": "failure",
                    "message": "Process completed with exit code 1.",
                }
                warned = {"path": "a.py", "annotation_level": "warning", "message": "It is old."}
                told = {"path": ".github", "annotation_level": "failure", "message": f"{ran.error}\nand more"}
                return said([hollow, warned, told] if ran.error else [hollow])
        return said({"message": "Not Found"}, 404)

    def _ran(self, runs: Runs, job_id: str) -> Ran | None:
        found = [ran for ran in runs.runs.values() if job_id in [ran.job_id(name) for name in ran.jobs]]
        return found[0] if found else None

    def _gitlab(self, parts: list[str], query: Mapping[str, str]) -> Said:
        path, rest = parts[0], parts[1:]
        runs = self.repositories.get(path)
        if runs is None:
            return said({"message": "404 Project Not Found"}, 404)
        match rest:
            case []:
                page = f"https://gitlab.com/{path}"
                return said({"path_with_namespace": path, "web_url": page, "default_branch": runs.default_branch})
            case ["pipelines"]:
                since = datetime.fromisoformat(query["updated_after"])
                found = [ran for ran in runs.runs.values() if ran.updated >= since]
                newest = sorted(found, key=lambda ran: ran.updated, reverse=True)
                return said([gitlab_pipeline(path, ran) for ran in page_of(newest, query)])
            case ["pipelines", number] if int(number) in runs.runs:
                user = {"user": {"username": "jdoe"}, "tag": False}
                return said(gitlab_pipeline(path, runs.runs[int(number)]) | user)
            case ["pipelines", number, "jobs"] if int(number) in runs.runs:
                ran = runs.runs[int(number)]
                return said(page_of([gitlab_job(ran, one) for one in ran.jobs], query))
            case ["jobs", number, "trace"] if (ran := self._ran(runs, number)) is not None:
                log = f"\x1b[0KRunning\r\n{ran.error}\nERROR: Job failed: exit code 1\n"
                return Said(log.encode(), headers={"content-type": "text/plain"})
            case ["repository", "commits", _]:
                return said({"id": COMMIT, "title": "Raise the dropout", "message": "Raise the dropout\n"})
            case ["merge_requests", number]:
                return said({"iid": int(number), "source_branch": "dropout", "target_branch": "main"})
        return said({"message": "404 Not found"}, 404)


def said(content: Any, status: int = 200) -> Said:
    body = json.dumps(content).encode()
    return Said(body, status, {"etag": f'W/"{hash(body)}"'})


def page_of(found: list[Any], query: Mapping[str, str]) -> list[Any]:
    """A page; both hosts give at most 100 things."""
    size = min(int(query.get("per_page", "20")), PAGE_AT_MOST)
    begin = (int(query.get("page", "1")) - 1) * size
    return found[begin : begin + size]


def iso(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def github_run(path: str, ran: Ran) -> Mapping[str, Any]:
    """An element of https://docs.github.com/rest/actions/workflow-runs, as far as it is read."""
    status, conclusion = GITHUB_WORDS[ran.outcome]
    return {
        "id": ran.number,
        "name": "tests",
        "display_title": "Raise the dropout",
        "head_branch": ran.branch,
        "head_sha": COMMIT,
        "head_repository": {"full_name": path},
        "event": "push",
        "status": status,
        "conclusion": conclusion,
        "html_url": f"https://github.com/{path}/actions/runs/{ran.number}",
        "run_attempt": ran.attempt,
        "created_at": iso(ran.created),
        "run_started_at": iso(ran.created),
        "updated_at": iso(ran.updated),
        "pull_requests": None,
    }


def github_job(ran: Ran, name: str) -> Mapping[str, Any]:
    """An element of https://docs.github.com/rest/actions/workflow-jobs, as far as it is read."""
    status, conclusion = GITHUB_WORDS[ran.jobs[name]]
    return {
        "id": int(ran.job_id(name)),
        "run_id": ran.number,
        "run_attempt": ran.attempt,
        "name": name,
        "status": status,
        "conclusion": conclusion,
        "created_at": iso(ran.created),
        "started_at": iso(ran.created),
        "completed_at": iso(ran.updated),
        "steps": [{"name": "Run pytest", "conclusion": conclusion}],
    }


def gitlab_pipeline(path: str, ran: Ran) -> dict[str, Any]:
    """An element of https://docs.gitlab.com/api/pipelines, as far as it is read."""
    return {
        "id": ran.number,
        "iid": ran.number,
        "sha": COMMIT,
        "ref": ran.branch,
        "status": GITLAB_WORDS[ran.outcome],
        "source": "push",
        "created_at": iso(ran.created),
        "updated_at": iso(ran.updated),
        "web_url": f"https://gitlab.com/{path}/-/pipelines/{ran.number}",
    }


def gitlab_job(ran: Ran, name: str) -> Mapping[str, Any]:
    """An element of https://docs.gitlab.com/api/jobs, as far as it is read."""
    return {
        "id": int(ran.job_id(name)),
        "name": name,
        "status": GITLAB_WORDS[ran.jobs[name]],
        "created_at": iso(ran.created),
        "started_at": iso(ran.created),
        "finished_at": iso(ran.updated),
        "allow_failure": False,
        "failure_reason": "script_failure" if ran.jobs[name] is Outcome.FAILED else None,
    }
