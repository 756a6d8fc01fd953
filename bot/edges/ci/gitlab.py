"""GitLab's API of pipelines, read into what its webhooks would have said.

https://docs.gitlab.com/api/pipelines and /api/jobs.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from urllib.parse import quote

from pydantic import BaseModel

from bot.ci.providers.gitlab.payloads import (
    Build,
    Commit,
    MergeRequestName,
    PipelineEvent,
    PipelineState,
    Project,
    User,
)
from bot.ci.providers.gitlab.pipelines import merge_request_of, pipeline_of
from bot.ci.shapes import Moment, Text
from bot.edges.ci.questions import PAGE, PAGES_AT_MOST, Questions, named
from bot.edges.code.connection import Connection, NotFound
from bot.edges.code.gitlab import JSON
from bot.facts.pipelines import Pipeline
from bot.judge.first_error import first_error
from bot.ports.ci_artifacts import CiArtifacts
from bot.ports.ci_hosts import Listed
from bot.settings import GitlabSettings

JOB_PAGES_AT_MOST = 5
# GitLab's runners cut logs at 4 MB unless they are told otherwise.
LOG_BYTES = 4 * 1024 * 1024 + 64 * 1024


class ApiPipeline(BaseModel):
    """A pipeline, in a list or alone; alone it tells its tag and its user, too."""

    id: int
    name: Text | None = None
    ref: Text | None = None
    tag: bool | None = None
    sha: Text
    source: Text | None = None
    status: Text
    created_at: Moment
    updated_at: Moment
    web_url: Text | None = None
    user: User | None = None


class ApiMergeRequest(MergeRequestName):
    """A merge request."""

    source_branch: Text = ""


class Version(BaseModel):
    """Which GitLab it is."""

    version: Text


class GitlabPipelines:
    """bot.ports.ci_hosts.CiHost on GitLab. Safe to use from several threads."""

    artifacts: CiArtifacts | None = None

    def __init__(self, settings: GitlabSettings, now: Callable[[], datetime]) -> None:
        """Nothing is asked yet."""
        token = settings.token.get_secret_value() if settings.token else ""
        self._questions = Questions(Connection(f"{settings.url}/api/v4", {"private-token": token}, now), JSON)
        self._now = now

    def close(self) -> None:
        """Let go of the connections."""
        self._questions.close()

    def greet(self) -> None:
        """Ask something small that needs the token."""
        self._questions.ask(Version, "/version")

    def pipelines(self, repository: str, since: datetime) -> Listed:
        """The pipelines that changed since that moment, but for children of others: GitLab does not list them."""
        place = _project(repository)
        project = self._questions.ask(Project, place)
        asked = {
            "updated_after": since.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
            "order_by": "updated_at",
            "per_page": str(PAGE),
        }
        found: list[Pipeline] = []
        for page in range(1, PAGES_AT_MOST + 1):
            listed = self._questions.ask_list(ApiPipeline, f"{place}/pipelines", **asked, page=str(page))
            found += [self._read(one, project) for one in listed]
            if len(listed) < PAGE:
                return Listed(found)
        return Listed(found, complete=False)

    def whole(self, repository: str, pipeline_id: str) -> Pipeline | None:
        """A pipeline as it is now, with its newest jobs."""
        place = _project(repository)
        project = self._questions.ask(Project, place)
        try:
            one = self._questions.ask(ApiPipeline, f"{place}/pipelines/{int(pipeline_id)}")
            builds = self._builds(f"{place}/pipelines/{one.id}/jobs")
        except NotFound:
            return None
        return self._read(one, project, builds, self._commit(place, one), self._merge_request(place, one))

    def error(self, repository: str, job_id: str) -> str:
        """The telling line of the job's log."""
        try:
            log = self._questions.ask_text(f"{_project(repository)}/jobs/{int(job_id)}/trace", LOG_BYTES)
        except NotFound:
            return ""
        return first_error(log)

    def _builds(self, place: str) -> list[Build]:
        found: list[Build] = []
        for page in range(1, JOB_PAGES_AT_MOST + 1):
            listed = self._questions.ask_list(Build, place, per_page=str(PAGE), page=str(page))
            found += listed
            if len(listed) < PAGE:
                break
        return found

    def _commit(self, place: str, one: ApiPipeline) -> Commit | None:
        try:
            return self._questions.ask(Commit, f"{place}/repository/commits/{quote(one.sha, safe='')}")
        except NotFound:
            return None

    def _merge_request(self, place: str, one: ApiPipeline) -> ApiMergeRequest | None:
        number = merge_request_of(one.ref or "")
        try:
            return self._questions.ask(ApiMergeRequest, f"{place}/merge_requests/{number}") if number else None
        except NotFound:
            return None

    def _read(
        self,
        one: ApiPipeline,
        project: Project,
        builds: Sequence[Build] = (),
        commit: Commit | None = None,
        merge: ApiMergeRequest | None = None,
    ) -> Pipeline:
        state = PipelineState(
            id=one.id,
            name=one.name,
            ref=merge.source_branch if merge else one.ref,
            tag=one.tag,
            sha=one.sha,
            source=one.source,
            status=one.status,
            created_at=one.created_at,
            finished_at=one.updated_at,
            url=one.web_url,
        )
        event = PipelineEvent(
            object_kind="pipeline",
            object_attributes=state,
            project=project,
            user=one.user,
            commit=commit,
            merge_request=merge,
            builds=list(builds),
        )
        return pipeline_of(event, self._now())


def _project(repository: str) -> str:
    return f"/projects/{quote(named(repository), safe='')}"
