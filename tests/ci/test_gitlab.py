"""GitLab's deliveries become pipelines, jobs and merge requests, if their token or signature proves them."""

import base64
import json
from datetime import timedelta
from typing import Any

import pytest
from pydantic import SecretStr

from bot.ci.arrival import Unreadable, Unsigned
from bot.ci.providers import gitlab
from bot.facts.pipelines import JobChange, News, Outcome, Pipeline, PullRequest, PullRequestState
from bot.settings import CiSettings, GitlabSettings
from tests.ci.payloads import NOW, build, job, merge_request, pipeline, signed

KEY = b"thirty-two bytes of a signing key"
TOKEN = f"whsec_{base64.b64encode(KEY).decode()}"
RAW = json.dumps(pipeline()).encode()


def settings(**gitlab_settings: str) -> CiSettings:
    given: dict[str, Any] = {name: SecretStr(value) for name, value in gitlab_settings.items()}
    return CiSettings(gitlab=GitlabSettings(**given))


def read(body: dict[str, Any]) -> tuple[News, ...]:
    told = gitlab.read({"x-gitlab-event": "Pipeline Hook"}, body, NOW)
    assert told is not None
    return tuple(told)


def read_pipeline(builds: list[dict[str, Any]] | None = None, **more: Any) -> Pipeline:
    (one,) = read(pipeline(builds, **more))
    assert isinstance(one, Pipeline)
    return one


def read_job(**more: Any) -> JobChange:
    (one,) = read(job(**more))
    assert isinstance(one, JobChange)
    return one


def test_a_pipeline_is_read_with_its_jobs() -> None:
    one = read_pipeline()
    assert (one.outcome, one.default_branch, one.branch) == (Outcome.FAILED, True, "main")
    assert one.subject == "pipeline:gitlab:acme/churn:31"
    assert (one.actor, one.title, one.name) == ("jdoe", "Raise the dropout", "pipeline")
    (failed,) = one.jobs
    assert (failed.outcome, failed.error) == (Outcome.FAILED, "script failure")
    assert failed.url == "https://gitlab.example/acme/churn/-/jobs/380"


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("created", Outcome.QUEUED),
        ("waiting_for_resource", Outcome.QUEUED),
        ("preparing", Outcome.QUEUED),
        ("pending", Outcome.QUEUED),
        ("running", Outcome.RUNNING),
        ("canceling", Outcome.RUNNING),
        ("success", Outcome.PASSED),
        ("failed", Outcome.FAILED),
        ("canceled", Outcome.CANCELLED),
        ("skipped", Outcome.SKIPPED),
        ("manual", Outcome.WAITING),
        ("scheduled", Outcome.WAITING),
        ("a word of next year", Outcome.QUEUED),
    ],
)
def test_statuses_are_said_in_one_vocabulary(status: str, outcome: Outcome) -> None:
    assert read_pipeline(status=status).outcome is outcome
    assert read_job(build_status=status).job.outcome is outcome


def test_a_pipeline_whose_only_failures_are_allowed_has_passed() -> None:
    jobs = [build(1, "success"), build(2, "failed", allow_failure=True), build(3, "manual", started_at=None)]
    one = read_pipeline(jobs, status="success")
    assert one.outcome is Outcome.PASSED
    assert [(job.outcome, job.allowed_to_fail) for job in one.jobs] == [
        (Outcome.PASSED, False),
        (Outcome.FAILED, True),
        (Outcome.WAITING, False),
    ]


def test_a_retried_job_makes_the_pipeline_newer() -> None:
    failed = read_pipeline([build(380, "failed", finished_at="2026-11-23 11:50:00 UTC")])
    again = build(381, "running", created_at="2026-11-23 11:59:30 UTC", started_at="2026-11-23 11:59:40 UTC")
    retried = read_pipeline([again], status="running", finished_at="2026-11-23 11:59:00 UTC")
    assert (failed.attempt, retried.attempt) == (1, 1)
    assert retried.updated > failed.updated


def test_a_child_pipeline_names_its_parent() -> None:
    source = {"project": {"path_with_namespace": "acme/churn"}, "pipeline_id": 30, "job_id": 9}
    child = read_pipeline(source="parent_pipeline", source_pipeline=source)
    assert (child.parent, child.name) == ("pipeline:gitlab:acme/churn:30", "child pipeline with job 380")
    elsewhere = {"project": {"path_with_namespace": "acme/data"}, "pipeline_id": 4}
    assert read_pipeline(source="pipeline", source_pipeline=elsewhere).parent == "pipeline:gitlab:acme/data:4"


def test_children_of_one_parent_are_told_apart_by_their_jobs() -> None:
    train = [build(5, "success", name="train"), build(6, "success", name="evaluate")]
    again = [build(5, "success", name="train"), build(9, "running", name="evaluate")]
    names = {read_pipeline(jobs, source="parent_pipeline").name for jobs in (train, again)}
    assert names == {"child pipeline with evaluate"}, "a retried job has a new number, and the same name"
    assert read_pipeline([build(7, "success", name="docs")], source="parent_pipeline").name not in names
    assert read_pipeline([], source="parent_pipeline").name == "child pipeline"


def test_a_merge_requests_pipeline_is_not_the_default_branchs() -> None:
    merge = {"iid": 12, "target_branch": "main"}
    one = read_pipeline(source="merge_request_event", merge_request=merge)
    assert (one.default_branch, one.pull_requests, one.target_branch) == (False, (12,), "main")


def test_a_forks_main_branch_is_not_ours() -> None:
    merge = {"iid": 12, "target_branch": "main", "source_project_id": 2, "target_project_id": 1}
    one = read_pipeline(source="merge_request_event", merge_request=merge)
    assert (one.branch, one.default_branch) == ("fork:main", False)


@pytest.mark.parametrize("kind", ["head", "merge", "train"])
def test_the_reference_of_a_merge_request_is_no_branch(kind: str) -> None:
    one = read_pipeline(ref=f"refs/merge-requests/15/{kind}", source="merge_request_event")
    assert (one.branch, one.pull_requests, one.default_branch) == ("", (15,), False)


def test_a_tag_is_no_branch() -> None:
    tag = read_pipeline(tag=True, ref="main")
    assert (tag.branch, tag.default_branch) == ("", False)


def test_what_may_be_missing_may_be_missing() -> None:
    one = read_pipeline([], ref=None, source=None, finished_at=None, url=None, commit=None, merge_request=None)
    assert one.url == "https://gitlab.example/acme/churn/-/pipelines/31"
    assert (one.branch, one.default_branch, one.title, one.started) == ("", False, "", None)


def test_a_job_is_read_with_any_of_gitlabs_times() -> None:
    one = read_job()
    assert (one.subject, one.job.name, one.job.error) == (
        "pipeline:gitlab:acme/churn:31",
        "pytest",
        "script failure",
    )
    assert one.job.updated.isoformat() == "2026-11-23T11:58:00+00:00"
    zoned = read_job(build_finished_at="2026-11-23 13:58:30 +0200")
    assert zoned.job.updated.isoformat() == "2026-11-23T11:58:30+00:00"
    allowed = read_job(build_allow_failure=True, build_failure_reason="unknown_failure")
    assert (allowed.job.allowed_to_fail, allowed.job.error) == (True, "")


def test_the_job_of_an_older_gitlab_names_its_project_by_its_page() -> None:
    one = read_job(project=None, repository={"homepage": "http://gitlab.example/group/sub/churn"})
    assert (one.repository, one.job.url) == ("group/sub/churn", "http://gitlab.example/group/sub/churn/-/jobs/380")
    for page in ("", "http://[::1", "http://gitlab.example"):
        with pytest.raises(Unreadable, match="names a project"):
            read_job(project=None, repository={"homepage": page})


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("opened", PullRequestState.OPEN),
        ("merged", PullRequestState.MERGED),
        ("closed", PullRequestState.CLOSED),
        ("locked", PullRequestState.CLOSED),
    ],
)
def test_a_merge_request_is_read(word: str, state: PullRequestState) -> None:
    (merge,) = read(merge_request(state=word))
    assert isinstance(merge, PullRequest)
    assert (merge.state, merge.number, merge.draft) == (state, 12, True)
    assert (merge.head_repository, merge.subject) == ("jdoe/churn", "pull:gitlab:acme/churn:12")


def test_other_events_are_passed_over() -> None:
    for body in ({"object_kind": "push"}, {"object_kind": ["pipeline"]}, {}):
        assert gitlab.read({}, body, NOW) is None


def test_a_body_of_the_wrong_shape_says_where_but_not_what() -> None:
    with pytest.raises(Unreadable, match=r"object_attributes\.created_at") as problem:
        read_pipeline(created_at="a word of the body")
    assert "a word" not in str(problem.value)


def test_a_secret_token_is_compared_as_it_is() -> None:
    known = settings(secret="t0ken é")
    as_sent = "t0ken é".encode().decode("latin-1")
    gitlab.verify(known, {"x-gitlab-token": as_sent}, RAW, NOW)
    for headers in ({}, {"x-gitlab-token": ""}, {"x-gitlab-token": "t0ken"}, {"x-gitlab-token": "\ud800"}):
        with pytest.raises(Unsigned):
            gitlab.verify(known, headers, RAW, NOW)
    with pytest.raises(Unsigned):
        gitlab.verify(CiSettings(), {"x-gitlab-token": ""}, RAW, NOW)


@pytest.mark.parametrize(
    ("token", "key"), [(TOKEN, KEY), ("plain words", b"plain words"), ("whsec_!", b"whsec_!")]
)
def test_a_signature_covers_the_id_the_time_and_the_body(token: str, key: bytes) -> None:
    known = settings(signing_token=token, secret="t0ken")
    good = signed(RAW, key)
    gitlab.verify(known, good, RAW, NOW)
    gitlab.verify(known, {**good, "webhook-signature": f"v1,old v2,x {good['webhook-signature']}"}, RAW, NOW)
    for headers, body in [
        ({"x-gitlab-token": "t0ken"}, RAW),
        (good, RAW + b" "),
        ({**good, "webhook-id": "msg-2"}, RAW),
        ({**good, "webhook-timestamp": str(int(NOW.timestamp()) + 1)}, RAW),
        ({**good, "webhook-timestamp": "²"}, RAW),
        ({**good, "webhook-timestamp": "9" * 5000}, RAW),
        ({**good, "webhook-signature": ""}, RAW),
        ({**good, "webhook-signature": "v1,\ud800é"}, RAW),
        ({**good, "webhook-signature": "v1,x " * 10 + good["webhook-signature"]}, RAW),
        (signed(RAW, key, identity=""), RAW),
        (signed(RAW, b"another"), RAW),
    ]:
        with pytest.raises(Unsigned):
            gitlab.verify(known, headers, body, NOW)


@pytest.mark.parametrize("minutes", [-6, 6])
def test_a_signature_is_good_for_five_minutes(minutes: int) -> None:
    with pytest.raises(Unsigned, match="five minutes"):
        gitlab.verify(settings(signing_token=TOKEN), signed(RAW, KEY), RAW, NOW + timedelta(minutes=minutes))


def test_the_event_of_a_whole_request_is_no_deliverys_id() -> None:
    assert gitlab.delivery_id({"x-gitlab-event-uuid": "u-1"}) == ""
    assert gitlab.delivery_id({"x-gitlab-event-uuid": "u-1", "idempotency-key": "k-1"}) == "k-1"
    assert gitlab.delivery_id({"webhook-id": "w" * 200, "idempotency-key": "k-1"}) == "w" * 100


def test_what_must_be_set_is_named() -> None:
    assert "GITLAB_WEBHOOK_TOKEN" in gitlab.closed(CiSettings())
    assert gitlab.closed(settings(secret="x")) == gitlab.closed(settings(signing_token="x")) == ""
