"""A signed workflow_run delivery becomes a pipeline; anything else is refused or passed over."""

import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.ci.arrival import Unreadable, Unsigned
from bot.ci.providers import github
from bot.facts.pipelines import Outcome, Pipeline

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
HEADERS = {"x-github-event": "workflow_run", "x-github-delivery": "d-1"}


def delivery(**run: Any) -> dict[str, Any]:
    return {
        "action": "completed",
        "workflow_run": {
            "id": 30433642,
            "name": "tests",
            "display_title": "Raise the dropout",
            "head_branch": "main",
            "head_sha": "acb5820ced9479c074f688cc328bf03f341a511d",
            "status": "completed",
            "conclusion": "failure",
            "html_url": "https://github.example/acme/churn/actions/runs/30433642",
            "run_attempt": 2,
            "updated_at": "2026-11-23T11:59:00Z",
            "actor": {"login": "jdoe"},
            **run,
        },
        "repository": {"full_name": "acme/churn", "default_branch": "main"},
    }


def read(body: dict[str, Any]) -> Pipeline:
    (pipeline,) = github.read(HEADERS, body, NOW)
    assert isinstance(pipeline, Pipeline)
    return pipeline


def test_a_completed_workflow_is_read() -> None:
    pipeline = read(delivery())
    assert pipeline.outcome is Outcome.FAILED
    assert pipeline.default_branch
    assert (pipeline.repository, pipeline.attempt, pipeline.actor) == ("acme/churn", 2, "jdoe")
    assert pipeline.subject == "pipeline:github:acme/churn:30433642"


@pytest.mark.parametrize(
    ("status", "conclusion", "outcome"),
    [
        ("queued", None, Outcome.QUEUED),
        ("requested", None, Outcome.WAITING),
        ("in_progress", None, Outcome.RUNNING),
        ("completed", "success", Outcome.PASSED),
        ("completed", "timed_out", Outcome.FAILED),
        ("completed", "cancelled", Outcome.CANCELLED),
        ("completed", "skipped", Outcome.SKIPPED),
        ("completed", "action_required", Outcome.WAITING),
        ("completed", "a word of next year", Outcome.FAILED),
    ],
)
def test_outcomes_are_said_in_one_vocabulary(status: str, conclusion: str | None, outcome: Outcome) -> None:
    pipeline = read(delivery(status=status, conclusion=conclusion))
    assert pipeline.outcome is outcome


def test_a_fork_without_branch_or_actor_is_read() -> None:
    pipeline = read(delivery(head_branch=None, actor=None, name=None, path=".github/ci.yml"))
    assert (pipeline.branch, pipeline.default_branch, pipeline.name) == ("", False, ".github/ci.yml")


def test_other_events_are_passed_over() -> None:
    assert github.read({**HEADERS, "x-github-event": "star"}, {"action": "created"}, NOW) == ()


def test_a_signed_body_of_the_wrong_shape_says_where() -> None:
    with pytest.raises(Unreadable, match=r"workflow_run\.head_sha"):
        github.read(HEADERS, delivery(head_sha=None), NOW)


def test_a_time_without_a_zone_is_of_the_wrong_shape() -> None:
    with pytest.raises(Unreadable, match=r"workflow_run\.updated_at"):
        github.read(HEADERS, delivery(updated_at="2026-11-23T11:59:00"), NOW)


def test_the_signature_covers_the_raw_body() -> None:
    raw = json.dumps(delivery()).encode()
    good = "sha256=" + hmac.new(b"s3cret", raw, hashlib.sha256).hexdigest()
    github.verify("s3cret", {"x-hub-signature-256": good}, raw)
    for headers, body in [
        ({}, raw),
        ({"x-hub-signature-256": good}, raw + b" "),
        ({"x-hub-signature-256": "sha1=" + "0" * 40}, raw),
        ({"x-hub-signature-256": "é\ud800"}, raw),
    ]:
        with pytest.raises(Unsigned):
            github.verify("s3cret", headers, body)


def test_a_delivery_without_an_id_is_refused() -> None:
    with pytest.raises(Unreadable, match="x-github-delivery"):
        github.delivery_id({})
