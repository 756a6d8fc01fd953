"""The fields of GitLab's payloads that Rundown reads; GitLab sends many more, and adds to them."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel

from bot.ci.shapes import Line, RubyMoment, Text


def _branch(ref: str) -> str:
    return ref.removeprefix("refs/heads/")


Branch = Annotated[Text, AfterValidator(_branch)]


class User(BaseModel):
    """Who set a pipeline off."""

    username: Text = ""


class ProjectName(BaseModel):
    """A project that is only named."""

    path_with_namespace: Text


class Project(ProjectName):
    """The project that an event belongs to."""

    web_url: Text = ""
    default_branch: Text | None = None


class OldRepository(BaseModel):
    """How job events named their project before GitLab 16.4: by its page."""

    homepage: Text = ""


class Commit(BaseModel):
    """The commit that was built."""

    title: Line | None = None
    message: Line = ""


class MergeRequestName(BaseModel):
    """The merge request that a pipeline checks."""

    iid: int
    target_branch: Text = ""
    source_project_id: int | None = None
    target_project_id: int | None = None


class SourcePipeline(BaseModel):
    """The pipeline that set another one off."""

    project: ProjectName
    pipeline_id: int


class Build(BaseModel):
    """One job of a pipeline's event."""

    id: int
    name: Text
    status: Text
    created_at: RubyMoment | None = None
    started_at: RubyMoment | None = None
    finished_at: RubyMoment | None = None
    allow_failure: bool | None = None
    failure_reason: Text | None = None


class PipelineState(BaseModel):
    """`object_attributes` of a pipeline's event."""

    id: int
    name: Text | None = None
    ref: Branch | None = None
    tag: bool | None = None
    sha: Text
    source: Text | None = None
    status: Text
    created_at: RubyMoment
    finished_at: RubyMoment | None = None
    url: Text | None = None


class PipelineEvent(BaseModel):
    """A pipeline's event, with its newest jobs."""

    object_kind: Literal["pipeline"]
    object_attributes: PipelineState
    project: Project
    user: User | None = None
    commit: Commit | None = None
    merge_request: MergeRequestName | None = None
    source_pipeline: SourcePipeline | None = None
    builds: list[Build] | None = None


class JobEvent(BaseModel):
    """A job's event: flat, and older than the others."""

    object_kind: Literal["build"]
    pipeline_id: int
    build_id: int
    build_name: Text
    build_status: Text
    build_created_at: RubyMoment | None = None
    build_started_at: RubyMoment | None = None
    build_finished_at: RubyMoment | None = None
    build_allow_failure: bool | None = None
    build_failure_reason: Text | None = None
    project: Project | None = None
    repository: OldRepository | None = None


class LastCommit(BaseModel):
    """The newest commit of a merge request."""

    id: Text


class MergeRequestState(BaseModel):
    """`object_attributes` of a merge request's event."""

    iid: int
    title: Text
    url: Text
    state: Text = "opened"
    draft: bool | None = None
    source_branch: Text
    target_branch: Text
    source: ProjectName | None = None
    last_commit: LastCommit | None = None
    created_at: RubyMoment
    updated_at: RubyMoment | None = None


class MergeRequestEvent(BaseModel):
    """A merge request's event."""

    object_kind: Literal["merge_request"]
    object_attributes: MergeRequestState
    project: Project
    user: User | None = None
