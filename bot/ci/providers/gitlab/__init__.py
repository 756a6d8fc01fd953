"""GitLab: deliveries of pipelines, jobs and merge requests, proved by a token or by a signature.

Proof: https://docs.gitlab.com/user/project/integrations/webhooks/
Events: https://docs.gitlab.com/user/project/integrations/webhook_events/
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from bot.ci.arrival import Unreadable
from bot.ci.providers.gitlab.payloads import JobEvent, MergeRequestEvent, PipelineEvent
from bot.ci.providers.gitlab.pipelines import job_of, pipeline_of
from bot.ci.providers.gitlab.proof import ID, closed, verify
from bot.ci.shapes import believed, shaped
from bot.facts.pipelines import JobChange, News, PullRequest, PullRequestState

__all__ = ["closed", "delivery_id", "read", "verify"]

AGAIN = "idempotency-key"

Read = Callable[[Mapping[str, Any], datetime], Sequence[News]]

STATES = {"opened": PullRequestState.OPEN, "merged": PullRequestState.MERGED}


def delivery_id(headers: Mapping[str, str]) -> str:
    """GitLab's id of the delivery, the same in every retry; older GitLabs send none.

    X-Gitlab-Event-UUID is not one: all events of one request to GitLab share it, such as those of many jobs.
    """
    return (headers.get(ID) or headers.get(AGAIN) or "").strip()[:100]


def read(_headers: Mapping[str, str], body: Mapping[str, Any], now: datetime) -> Sequence[News] | None:
    """What an event tells of pipelines, jobs and merge requests; which event it is stands in the body."""
    kind = body.get("object_kind")
    event = READ.get(kind) if isinstance(kind, str) else None
    return event(body, now) if event is not None else None


def _pipeline(body: Mapping[str, Any], now: datetime) -> Sequence[News]:
    return (pipeline_of(shaped(PipelineEvent, "pipeline", body), now),)


def _job(body: Mapping[str, Any], now: datetime) -> Sequence[News]:
    event = shaped(JobEvent, "build", body)
    repository, page = _project(event)
    return (JobChange("gitlab", repository, str(event.pipeline_id), job_of(event, page, now)),)


def _project(event: JobEvent) -> tuple[str, str]:
    """A job's project and its page; before GitLab 16.4 only the page was told."""
    if event.project is not None:
        return event.project.path_with_namespace, event.project.web_url
    page = event.repository.homepage if event.repository is not None else ""
    try:
        path = urlsplit(page).path.strip("/")
    except ValueError:
        path = ""
    if not path:
        raise Unreadable("build: neither project nor repository.homepage names a project")
    return path, page


def _merge_request(body: Mapping[str, Any], now: datetime) -> Sequence[News]:
    event = shaped(MergeRequestEvent, "merge_request", body)
    merge = event.object_attributes
    return (
        PullRequest(
            provider="gitlab",
            repository=event.project.path_with_namespace,
            number=merge.iid,
            title=merge.title,
            url=merge.url,
            state=STATES.get(merge.state, PullRequestState.CLOSED),
            head_branch=merge.source_branch,
            head_commit=merge.last_commit.id if merge.last_commit else "",
            base_branch=merge.target_branch,
            updated=believed(merge.updated_at or merge.created_at, now),
            head_repository=merge.source.path_with_namespace if merge.source else "",
            author=event.user.username if event.user else "",
            draft=merge.draft or False,
        ),
    )


READ: Mapping[str, Read] = {"pipeline": _pipeline, "build": _job, "merge_request": _merge_request}
