"""The fields of GitHub's payloads that Rundown reads; GitHub sends many more, and adds to them."""

from pydantic import BaseModel, Field

from bot.ci.shapes import Line, Moment, Text


class Actor(BaseModel):
    """A GitHub user."""

    login: Text = ""


class RepositoryName(BaseModel):
    """A repository that is only named."""

    full_name: Text


class Repository(RepositoryName):
    """The repository that an event belongs to."""

    default_branch: Text = "main"
    html_url: Text = ""


class Reference(BaseModel):
    """A branch that is only named."""

    ref: Text = ""


class PullRequestName(BaseModel):
    """A pull request as a run or a suite names it."""

    number: int
    base: Reference = Reference()


class HeadCommit(BaseModel):
    """The commit that was built."""

    message: Line = ""


class WorkflowRun(BaseModel):
    """`workflow_run`, and an element of the API's list of runs."""

    id: int
    name: Text | None = None
    display_title: Text = ""
    head_branch: Text | None = None
    head_sha: Text
    head_commit: HeadCommit | None = None
    head_repository: RepositoryName | None = None
    event: Text = ""
    status: Text | None = None
    conclusion: Text | None = None
    html_url: Text
    run_attempt: int = 1
    created_at: Moment | None = None
    run_started_at: Moment | None = None
    updated_at: Moment
    actor: Actor | None = None
    pull_requests: list[PullRequestName] | None = None
    path: Text = ""


class Step(BaseModel):
    """One step of a job."""

    name: Text = ""
    conclusion: Text | None = None


class WorkflowJob(BaseModel):
    """`workflow_job`, and an element of the API's list of a run's jobs."""

    id: int
    run_id: int
    run_attempt: int = 1
    name: Text
    status: Text | None = None
    conclusion: Text | None = None
    html_url: Text | None = None
    created_at: Moment | None = None
    started_at: Moment | None = None
    completed_at: Moment | None = None
    steps: list[Step] | None = None


class App(BaseModel):
    """The GitHub app that a check belongs to."""

    slug: Text = ""
    name: Text = ""


class CheckSuite(BaseModel):
    """What one app has to say of one commit."""

    id: int
    head_branch: Text | None = None
    head_sha: Text
    status: Text | None = None
    conclusion: Text | None = None
    pull_requests: list[PullRequestName] | None = None
    app: App | None = None
    created_at: Moment | None = None
    updated_at: Moment | None = None
    latest_check_runs_count: int = Field(default=1, ge=0)


class Output(BaseModel):
    """What a check says of itself."""

    title: Line | None = None


class CheckRun(BaseModel):
    """One check of a suite."""

    id: int
    name: Text
    status: Text | None = None
    conclusion: Text | None = None
    html_url: Text | None = None
    details_url: Text | None = None
    started_at: Moment | None = None
    completed_at: Moment | None = None
    output: Output | None = None
    app: App | None = None
    check_suite: CheckSuite | None = None


class Head(Reference):
    """What a pull request brings; a fork may be deleted."""

    sha: Text
    repo: RepositoryName | None = None


class Pull(BaseModel):
    """`pull_request`."""

    number: int
    title: Text
    html_url: Text
    state: Text = "open"
    merged: bool | None = None
    draft: bool | None = None
    head: Head
    base: Reference
    user: Actor | None = None
    updated_at: Moment


class Delivery(BaseModel):
    """What every delivery that Rundown follows has."""

    repository: Repository


class WorkflowRunDelivery(Delivery):
    """A `workflow_run` delivery."""

    workflow_run: WorkflowRun


class WorkflowJobDelivery(Delivery):
    """A `workflow_job` delivery."""

    workflow_job: WorkflowJob


class CheckRunDelivery(Delivery):
    """A `check_run` delivery."""

    check_run: CheckRun


class CheckSuiteDelivery(Delivery):
    """A `check_suite` delivery."""

    check_suite: CheckSuite


class PullRequestDelivery(Delivery):
    """A `pull_request` delivery."""

    pull_request: Pull
