"""Checks of other apps than GitHub Actions: what one app says of one commit (a suite) is a pipeline."""

from collections.abc import Sequence
from datetime import datetime

from bot.ci.providers.github.actions import outcome_of
from bot.ci.providers.github.payloads import App, CheckRun, CheckSuite, Repository
from bot.ci.shapes import believed, newest
from bot.facts.pipelines import Job, JobChange, News, Outcome, Pipeline

# Its checks are the jobs of its workflows, which `workflow_job` tells more of.
ACTIONS = "github-actions"


def of_run(run: CheckRun, repository: Repository, now: datetime) -> Sequence[News]:
    """A check, and the state of its suite."""
    suite = run.check_suite
    app = run.app or (suite.app if suite else None)
    if suite is None or app is None or app.slug == ACTIONS:
        return ()
    dated = newest(run.started_at, run.completed_at)
    pipeline = _pipeline(suite, app, repository, suite.updated_at or dated or now, now)
    outcome = outcome_of(run.status, run.conclusion)
    job = Job(
        job_id=str(run.id),
        name=run.name,
        outcome=outcome,
        updated=believed(dated or now, now),
        url=run.details_url or run.html_url or "",
        started=run.started_at,
        ended=run.completed_at,
        error=(run.output.title or "") if run.output and outcome is Outcome.FAILED else "",
    )
    return pipeline, JobChange("github", repository.full_name, pipeline.pipeline_id, job)


def of_suite(suite: CheckSuite, repository: Repository, now: datetime) -> Sequence[News]:
    """A suite that has come to an end.

    GitHub opens one for every app that may write checks, on every push: most never hear of a check.
    """
    ended = suite.status == "completed" and suite.latest_check_runs_count > 0
    if not ended or suite.app is None or suite.app.slug == ACTIONS:
        return ()
    return (_pipeline(suite, suite.app, repository, suite.updated_at or now, now),)


def _pipeline(suite: CheckSuite, app: App, repository: Repository, dated: datetime, now: datetime) -> Pipeline:
    return Pipeline(
        provider="github",
        repository=repository.full_name,
        pipeline_id=f"suite-{suite.id}",
        attempt=1,
        name=app.name or app.slug or "checks",
        branch=suite.head_branch or "",
        commit=suite.head_sha,
        outcome=outcome_of(suite.status, suite.conclusion),
        url=f"{repository.html_url}/commit/{suite.head_sha}/checks" if repository.html_url else "",
        default_branch=bool(suite.head_branch) and suite.head_branch == repository.default_branch,
        updated=believed(dated, now),
        created=suite.created_at,
        pull_requests=tuple(pull.number for pull in suite.pull_requests or ()),
        target_branch=next((pull.base.ref for pull in suite.pull_requests or ()), ""),
    )
