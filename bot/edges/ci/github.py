"""GitHub's API of workflow runs, whose elements are those of its webhooks.

https://docs.github.com/rest/actions/workflow-runs and /rest/actions/workflow-jobs.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from pydantic import BaseModel

from bot.ci.providers.github.actions import job_of, pipeline_of
from bot.ci.providers.github.payloads import Repository, WorkflowJob, WorkflowRun
from bot.ci.shapes import Line, Text
from bot.edges.ci.github_artifacts import GithubArtifacts
from bot.edges.ci.questions import PAGE, PAGES_AT_MOST, Questions, named
from bot.edges.code.connection import Connection, NotFound
from bot.edges.code.github import JSON, VERSION, api_of
from bot.facts.pipelines import Job, Pipeline
from bot.judge.first_error import HOLLOW
from bot.ports.ci_artifacts import CiArtifacts
from bot.ports.ci_hosts import Listed
from bot.settings import GithubSettings

# A list is ordered by when a run was first made, whenever it ended or was run again.
RUN_AGAIN_WITHIN = timedelta(days=1)
JOB_PAGES_AT_MOST = 3


class RunList(BaseModel):
    """A page of runs."""

    workflow_runs: list[WorkflowRun]


class JobList(BaseModel):
    """A page of a run's jobs."""

    jobs: list[WorkflowJob]


class Annotation(BaseModel):
    """What a step has to say of a line of the code, or of nothing in it (path .github)."""

    path: Text = ""
    start_line: int | None = None
    annotation_level: Text | None = None
    message: Line = ""

    @property
    def line(self) -> str:
        """Place and message in one line."""
        if not self.path or self.path == ".github":
            return self.message
        return (
            f"{self.path}:{self.start_line}: {self.message}" if self.start_line else f"{self.path}: {self.message}"
        )


class RateLimit(BaseModel):
    """How often may still be asked; asking that is free."""


class GithubActions:
    """bot.ports.ci_hosts.CiHost on GitHub. Safe to use from several threads."""

    def __init__(self, settings: GithubSettings, now: Callable[[], datetime]) -> None:
        """Nothing is asked yet."""
        token = settings.token.get_secret_value() if settings.token else ""
        headers = {"authorization": f"Bearer {token}", "x-github-api-version": VERSION}
        connection = Connection(api_of(settings.url), headers, now)
        self._questions = Questions(connection, JSON)
        self.artifacts: CiArtifacts | None = GithubArtifacts(connection, self._questions, now)
        self._now = now

    def close(self) -> None:
        """Let go of the connections."""
        self._questions.close()

    def greet(self) -> None:
        """Ask something small that needs the token."""
        self._questions.ask(RateLimit, "/rate_limit")

    def pipelines(self, repository: str, since: datetime) -> Listed:
        """The runs that were made since a day before that moment."""
        place = f"/repos/{named(repository, 2)}"
        home = self._questions.ask(Repository, place)
        found: list[Pipeline] = []
        for page in range(1, PAGES_AT_MOST + 1):
            listed = self._questions.ask(RunList, f"{place}/actions/runs", per_page=str(PAGE), page=str(page))
            made = [run.created_at or run.updated_at for run in listed.workflow_runs]
            found += [pipeline_of(run, home, self._now()) for run in listed.workflow_runs]
            if len(made) < PAGE or min(made) < since - RUN_AGAIN_WITHIN:
                return Listed(found)
        return Listed(found, complete=min(made) < since)

    def whole(self, repository: str, pipeline_id: str) -> Pipeline | None:
        """A run as it is now, with the jobs of its newest attempt."""
        place = f"/repos/{named(repository, 2)}"
        home = self._questions.ask(Repository, place)
        try:
            run = self._questions.ask(WorkflowRun, f"{place}/actions/runs/{int(pipeline_id)}")
            jobs = self._jobs(f"{place}/actions/runs/{run.id}/jobs")
        except NotFound:
            return None
        return replace(pipeline_of(run, home, self._now()), jobs=tuple(jobs))

    def error(self, repository: str, job_id: str) -> str:
        """The first annotation of a failure: a job of Actions is a check run of the same number."""
        place = f"/repos/{named(repository, 2)}/check-runs/{int(job_id)}/annotations"
        try:
            listed = self._questions.ask_list(Annotation, place, per_page="50")
        except NotFound:
            return ""
        failures = [
            one for one in listed if one.annotation_level == "failure" and not HOLLOW.fullmatch(one.message)
        ]
        return failures[0].line if failures else ""

    def _jobs(self, place: str) -> list[Job]:
        found: list[Job] = []
        for page in range(1, JOB_PAGES_AT_MOST + 1):
            listed = self._questions.ask(JobList, place, filter="latest", per_page=str(PAGE), page=str(page))
            found += [job_of(job, self._now()) for job in listed.jobs]
            if len(listed.jobs) < PAGE:
                break
        return found
