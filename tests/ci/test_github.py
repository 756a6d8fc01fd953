"""GitHub's signed deliveries become pipelines, jobs and pull requests; anything else is refused or passed over."""

import hashlib
import hmac
import json
from typing import Any

import pytest
from pydantic import SecretStr

from bot.ci.arrival import Unreadable, Unsigned
from bot.ci.providers import github
from bot.facts.pipelines import JobChange, News, Outcome, Pipeline, PullRequest, PullRequestState
from bot.settings import CiSettings, GithubSettings
from tests.ci.payloads import NOW, check_run, check_suite, pull_request, workflow_job, workflow_run

SET = CiSettings(github=GithubSettings(secret=SecretStr("s3cret")))


def read(event: str, body: dict[str, Any]) -> tuple[News, ...]:
    told = github.read({"x-github-event": event}, body, NOW)
    assert told is not None
    return tuple(told)


def read_run(**run: Any) -> Pipeline:
    (one,) = read("workflow_run", workflow_run(**run))
    assert isinstance(one, Pipeline)
    return one


def read_job(**job: Any) -> JobChange:
    (one,) = read("workflow_job", workflow_job(**job))
    assert isinstance(one, JobChange)
    return one


def test_a_completed_workflow_is_read() -> None:
    pipeline = read_run()
    assert pipeline.outcome is Outcome.FAILED
    assert pipeline.default_branch
    assert (pipeline.repository, pipeline.attempt, pipeline.actor) == ("acme/churn", 2, "jdoe")
    assert pipeline.subject == "pipeline:github:acme/churn:30433642"
    assert (pipeline.event, pipeline.head_repository) == ("push", "")


@pytest.mark.parametrize(
    ("status", "conclusion", "outcome"),
    [
        ("queued", None, Outcome.QUEUED),
        ("requested", None, Outcome.WAITING),
        ("waiting", None, Outcome.WAITING),
        ("in_progress", None, Outcome.RUNNING),
        ("completed", "success", Outcome.PASSED),
        ("completed", "neutral", Outcome.PASSED),
        ("completed", "timed_out", Outcome.FAILED),
        ("completed", "startup_failure", Outcome.FAILED),
        ("completed", "cancelled", Outcome.CANCELLED),
        ("completed", "stale", Outcome.CANCELLED),
        ("completed", "skipped", Outcome.SKIPPED),
        ("completed", "action_required", Outcome.WAITING),
        ("completed", "a word of next year", Outcome.FAILED),
    ],
)
def test_outcomes_are_said_in_one_vocabulary(status: str, conclusion: str | None, outcome: Outcome) -> None:
    assert read_run(status=status, conclusion=conclusion).outcome is outcome
    assert read_job(status=status, conclusion=conclusion).job.outcome is outcome


def test_a_deleted_branch_or_actor_is_read() -> None:
    pipeline = read_run(head_branch=None, actor=None, name=None, path=".github/ci.yml", pull_requests=None)
    assert (pipeline.branch, pipeline.default_branch, pipeline.name) == ("", False, ".github/ci.yml")


def test_a_forks_main_branch_is_not_ours() -> None:
    fork = read_run(event="pull_request", head_repository={"full_name": "stranger/churn"})
    assert (fork.default_branch, fork.head_repository, fork.branch) == (False, "stranger/churn", "stranger:main")
    assert not read_run(event="push", head_repository={"full_name": "stranger/churn"}).default_branch
    gone = read_run(event="pull_request_target", head_repository=None)
    assert (gone.default_branch, gone.head_repository, gone.branch) == (False, "", "unknown:main")


def test_a_merge_queue_names_its_pull_request_and_where_it_leads() -> None:
    queue = read_run(event="merge_group", head_branch=f"gh-readonly-queue/release/2.x/pr-17-{'a' * 40}")
    assert (queue.pull_requests, queue.target_branch, queue.default_branch) == ((17,), "release/2.x", False)


def test_the_pull_requests_of_a_run_are_named() -> None:
    named = read_run(
        event="pull_request", head_branch="dropout", pull_requests=[{"number": 4, "base": {"ref": "main"}}]
    )
    assert (named.pull_requests, named.target_branch) == ((4,), "main")


def test_a_release_is_a_tag_and_no_branch() -> None:
    assert read_run(event="release", head_branch="v1.0").branch == ""


def test_a_failed_job_tells_in_which_step() -> None:
    change = read_job()
    assert (change.subject, change.job.attempt) == ("pipeline:github:acme/churn:30433642", 2)
    assert change.job.error == "in step “Run pytest”"
    assert read_job(conclusion="timed_out").job.error == "timed out"
    assert read_job(conclusion="success").job.error == ""
    assert read_job(steps=None).job.error == ""


def test_a_job_is_dated_by_the_newest_that_happened() -> None:
    dates = [
        read_job(status="queued", conclusion=None, started_at=None, completed_at=None),
        read_job(status="in_progress", conclusion=None, completed_at=None),
        read_job(),
    ]
    assert [one.job.updated.minute for one in dates] == [40, 41, 58]
    undated = read_job(created_at=None, started_at=None, completed_at=None)
    assert undated.job.updated == NOW


def test_another_apps_checks_are_the_jobs_of_its_suite() -> None:
    pipeline, change = read("check_run", check_run())
    assert isinstance(pipeline, Pipeline)
    assert isinstance(change, JobChange)
    assert (pipeline.name, pipeline.outcome, pipeline.default_branch) == ("Circleci", Outcome.RUNNING, True)
    assert pipeline.subject == change.subject == "pipeline:github:acme/churn:suite-5"
    assert (change.job.name, change.job.error, change.job.url) == (
        "unit",
        "3 of 40 failed",
        "https://ci.example/unit",
    )
    (ended,) = read("check_suite", check_suite())
    assert isinstance(ended, Pipeline)
    assert (ended.subject, ended.outcome) == (pipeline.subject, Outcome.PASSED)
    assert ended.updated > pipeline.updated


def test_a_check_that_another_event_tells_of_is_passed_over() -> None:
    assert read("check_run", check_run(app="github-actions")) == ()
    assert read("check_suite", check_suite(app="github-actions")) == ()
    assert read("check_suite", check_suite(status="queued", conclusion=None)) == ()
    assert read("check_suite", check_suite(latest_check_runs_count=0)) == ()


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, PullRequestState.OPEN),
        ({"state": "closed"}, PullRequestState.CLOSED),
        ({"state": "closed", "merged": True}, PullRequestState.MERGED),
    ],
)
def test_a_pull_request_is_read(changes: dict[str, Any], state: PullRequestState) -> None:
    (pull,) = read("pull_request", pull_request(**changes))
    assert isinstance(pull, PullRequest)
    assert (pull.state, pull.number, pull.base_branch, pull.head_branch) == (state, 12, "main", "dropout")


def test_a_pull_request_of_a_deleted_fork_is_read() -> None:
    head = {"ref": "dropout", "sha": "a" * 40, "repo": None}
    (pull,) = read("pull_request", pull_request(head=head, user=None, draft=None))
    assert isinstance(pull, PullRequest)
    assert (pull.head_repository, pull.author, pull.draft) == ("", "", False)


def test_a_ping_is_understood_and_other_events_are_passed_over() -> None:
    assert read("ping", {"zen": "x", "hook_id": 1}) == ()
    assert github.read({"x-github-event": "star"}, {"action": "created"}, NOW) is None
    assert github.read({}, {"action": "created"}, NOW) is None


def test_a_signed_body_of_the_wrong_shape_says_where_but_not_what() -> None:
    with pytest.raises(Unreadable, match=r"workflow_run\.head_sha"):
        read_run(head_sha=None)
    with pytest.raises(Unreadable, match=r"workflow_run\.updated_at") as problem:
        read_run(updated_at="a word of the body")
    assert "a word" not in str(problem.value)
    with pytest.raises(Unreadable, match=r"workflow_run\.updated_at"):
        read_run(updated_at="2026-11-23T11:59:00")
    with pytest.raises(Unreadable, match="no such moment"):
        read_run(updated_at="0001-01-01T00:00:00+14:00")


def test_a_clock_a_little_ahead_is_believed_and_one_far_ahead_is_not() -> None:
    assert read_run(updated_at="2026-11-23T12:00:30Z").updated > NOW
    assert read_run(updated_at="2027-11-23T12:00:30Z").updated == NOW


def test_the_signature_covers_the_raw_body() -> None:
    raw = json.dumps(workflow_run()).encode()
    good = "sha256=" + hmac.new(b"s3cret", raw, hashlib.sha256).hexdigest()
    old = "sha1=" + hmac.new(b"s3cret", raw, hashlib.sha1).hexdigest()
    github.verify(SET, {"x-hub-signature-256": good}, raw, NOW)
    for headers, body in [
        ({}, raw),
        ({"x-hub-signature-256": good}, raw + b" "),
        ({"x-hub-signature": old}, raw),
        ({"x-hub-signature-256": old}, raw),
        ({"x-hub-signature-256": "é\ud800"}, raw),
    ]:
        with pytest.raises(Unsigned):
            github.verify(SET, headers, body, NOW)


def test_without_a_secret_nothing_is_verified() -> None:
    empty = "sha256=" + hmac.new(b"", b"{}", hashlib.sha256).hexdigest()
    with pytest.raises(Unsigned):
        github.verify(CiSettings(), {"x-hub-signature-256": empty}, b"{}", NOW)
    assert github.closed(CiSettings()) == "set GITHUB_WEBHOOK_SECRET"
    assert github.closed(SET) == ""


def test_a_delivery_without_an_id_is_refused() -> None:
    with pytest.raises(Unreadable, match="x-github-delivery"):
        github.delivery_id({})
