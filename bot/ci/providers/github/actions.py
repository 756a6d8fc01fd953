"""GitHub Actions: runs of workflows become pipelines, with their jobs; from webhooks and from the API alike."""

import re
from datetime import datetime

from bot.ci.providers.github.payloads import Repository, WorkflowJob, WorkflowRun
from bot.ci.shapes import believed, newest
from bot.facts.pipelines import Job, Outcome, Pipeline

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
# A merge queue builds on branches of its own, which name the branch to merge into and the newest pull request.
QUEUE = re.compile(r"gh-readonly-queue/(?P<target>.+)/pr-(?P<number>\d{1,9})-[0-9a-f]{40}")


def outcome_of(status: str | None, conclusion: str | None) -> Outcome:
    """GitHub's two words in one; a conclusion that is not known is no success."""
    if status == "completed" or conclusion:
        return CONCLUSIONS.get(conclusion or "", Outcome.FAILED)
    if status == "in_progress":
        return Outcome.RUNNING
    return Outcome.WAITING if status in WAITING_STATUSES else Outcome.QUEUED


def pipeline_of(run: WorkflowRun, repository: Repository, now: datetime) -> Pipeline:
    """One attempt of a workflow's run."""
    branch = run.head_branch or ""
    fork = _fork(run, repository)
    pulls = tuple(pull.number for pull in run.pull_requests or ())
    target = next((pull.base.ref for pull in run.pull_requests or ()), "")
    queued = QUEUE.fullmatch(branch)
    if queued is not None:
        pulls, target = (int(queued["number"]),), queued["target"]
    own = not fork and not run.event.startswith("pull_request")
    return Pipeline(
        provider="github",
        repository=repository.full_name,
        pipeline_id=str(run.id),
        attempt=run.run_attempt,
        name=run.name or run.path or "workflow",
        branch=_told_branch(run, branch, fork),
        commit=run.head_sha,
        outcome=outcome_of(run.status, run.conclusion),
        url=run.html_url,
        default_branch=own and branch == repository.default_branch,
        updated=believed(run.updated_at, now),
        started=run.run_started_at,
        actor=run.actor.login if run.actor else "",
        title=run.display_title or (run.head_commit.message if run.head_commit else ""),
        created=run.created_at,
        event=run.event,
        pull_requests=pulls,
        target_branch=target,
        head_repository=fork,
    )


def job_of(job: WorkflowJob, now: datetime) -> Job:
    """One job of one attempt; of what went wrong, GitHub tells in which step."""
    outcome = outcome_of(job.status, job.conclusion)
    return Job(
        job_id=str(job.id),
        name=job.name,
        outcome=outcome,
        updated=believed(newest(job.created_at, job.started_at, job.completed_at) or now, now),
        url=job.html_url or "",
        attempt=job.run_attempt,
        started=job.started_at,
        ended=job.completed_at,
        error=_error(job) if outcome is Outcome.FAILED else "",
    )


def _error(job: WorkflowJob) -> str:
    if job.conclusion == "timed_out":
        return "timed out"
    failed = next((step.name for step in job.steps or () if step.conclusion in ("failure", "timed_out")), "")
    return f"in step “{failed}”" if failed else ""


def _told_branch(run: WorkflowRun, branch: str, fork: str) -> str:
    """The branch as GitHub's pages name it; a fork's may have the name of one of ours, a release has none."""
    if run.event == "release" or not branch:
        return ""
    if run.head_repository is None and run.event.startswith("pull_request"):
        return f"unknown:{branch}"
    return f"{fork.split('/', maxsplit=1)[0]}:{branch}" if fork else branch


def _fork(run: WorkflowRun, repository: Repository) -> str:
    """Where the commit is, when that is not the repository itself; a deleted fork has no name any more."""
    if run.head_repository is None or run.head_repository.full_name == repository.full_name:
        return ""
    return run.head_repository.full_name
