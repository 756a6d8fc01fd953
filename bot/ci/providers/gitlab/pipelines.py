"""GitLab's pipelines and jobs in Rundown's words."""

import re
from collections.abc import Sequence
from datetime import datetime

from bot.ci.providers.gitlab.payloads import Build, JobEvent, MergeRequestName, PipelineEvent
from bot.ci.shapes import believed, newest
from bot.facts.pipelines import Job, Outcome, Pipeline, pipeline_subject

STATUSES = {
    "success": Outcome.PASSED,
    "failed": Outcome.FAILED,
    "canceled": Outcome.CANCELLED,
    "skipped": Outcome.SKIPPED,
    "running": Outcome.RUNNING,
    "canceling": Outcome.RUNNING,
    "manual": Outcome.WAITING,
    "scheduled": Outcome.WAITING,
}
CHILD = "parent_pipeline"
# A pipeline has no lasting name: what `workflow:name` says is made for each one and becomes its title.
NAMES = {"schedule": "scheduled pipeline", "pipeline": "downstream pipeline"}
CHECKS_MERGE = frozenset({"merge_request_event", "external_pull_request_event"})
# A merge request's pipelines run on references of their own; a webhook tells its branch instead, the API does not.
MERGE_REQUEST = re.compile(r"refs/merge-requests/(\d{1,9})/(head|merge|train)")
# What GitLab calls a failure of which it knows no more.
UNKNOWN = "unknown_failure"


def outcome_of(status: str) -> Outcome:
    """GitLab's word in ours: created, preparing, pending, waiting_for_resource and words to come are queued."""
    return STATUSES.get(status, Outcome.QUEUED)


def pipeline_of(event: PipelineEvent, now: datetime) -> Pipeline:
    """A pipeline with its newest jobs.

    GitLab does not date a state: it is as new as the newest thing that has happened in the pipeline. A retried job
    does not start another pipeline, so there is one attempt.
    """
    state, project = event.object_attributes, event.project
    builds = event.builds or []
    happened = [moment for one in builds for moment in (one.created_at, one.started_at, one.finished_at)]
    begun = [one.started_at for one in builds if one.started_at is not None]
    source = state.source or ""
    branch = _branch(event)
    default = bool(branch) and branch == project.default_branch and source not in CHECKS_MERGE
    merge, title = event.merge_request, event.commit.title or event.commit.message if event.commit else ""
    number = merge.iid if merge else merge_request_of(state.ref or "")
    return Pipeline(
        provider="gitlab",
        repository=project.path_with_namespace,
        pipeline_id=str(state.id),
        attempt=1,
        name=_name(source, builds),
        branch=branch,
        commit=state.sha,
        outcome=outcome_of(state.status),
        url=state.url or f"{project.web_url}/-/pipelines/{state.id}",
        default_branch=default,
        updated=believed(newest(state.created_at, state.finished_at, *happened) or now, now),
        started=min(begun, default=None),
        actor=event.user.username if event.user else "",
        title=state.name or title,
        created=state.created_at,
        event=source,
        pull_requests=(number,) if number else (),
        target_branch=merge.target_branch if merge else "",
        parent=_parent(event),
        jobs=tuple(_build(one, project.web_url, now) for one in builds),
    )


def merge_request_of(ref: str) -> int | None:
    """The number of the merge request that a reference belongs to."""
    found = MERGE_REQUEST.fullmatch(ref)
    return int(found[1]) if found else None


def job_of(event: JobEvent, page: str, now: datetime) -> Job:
    """The job of a job's event; `page` is its project's."""
    build = Build(
        id=event.build_id,
        name=event.build_name,
        status=event.build_status,
        created_at=event.build_created_at,
        started_at=event.build_started_at,
        finished_at=event.build_finished_at,
        allow_failure=event.build_allow_failure,
        failure_reason=event.build_failure_reason,
    )
    return _build(build, page, now)


def _build(build: Build, page: str, now: datetime) -> Job:
    outcome = outcome_of(build.status)
    reason = (build.failure_reason or "").replace("_", " ")
    return Job(
        job_id=str(build.id),
        name=build.name,
        outcome=outcome,
        updated=believed(newest(build.created_at, build.started_at, build.finished_at) or now, now),
        url=f"{page}/-/jobs/{build.id}" if page else "",
        started=build.started_at,
        ended=build.finished_at,
        allowed_to_fail=build.allow_failure or False,
        error=reason if outcome is Outcome.FAILED and build.failure_reason != UNKNOWN else "",
    )


def _name(source: str, builds: Sequence[Build]) -> str:
    """What the same pipeline is called every time; of a parent's children only their jobs tell which one it is."""
    if source == CHILD and builds:
        return f"child pipeline with {min(one.name for one in builds)}"
    return "child pipeline" if source == CHILD else NAMES.get(source, "pipeline")


def _branch(event: PipelineEvent) -> str:
    """The branch that was built; a fork's is marked, since it may have the name of one of ours."""
    ref = event.object_attributes.ref or ""
    if event.object_attributes.tag or MERGE_REQUEST.fullmatch(ref):
        return ""
    return f"fork:{ref}" if event.merge_request is not None and _fork(event.merge_request) else ref


def _fork(merge: MergeRequestName) -> bool:
    source, target = merge.source_project_id, merge.target_project_id
    return source is not None and target is not None and source != target


def _parent(event: PipelineEvent) -> str:
    if event.source_pipeline is None:
        return ""
    source = event.source_pipeline
    return pipeline_subject("gitlab", source.project.path_with_namespace, str(source.pipeline_id))
