"""The pages of GitHub and GitLab say what the code does: events, answers, limits and spans."""

from http import HTTPStatus
from pathlib import Path

import pytest

from bot.ci.providers import github, gitlab
from bot.ci.providers.gitlab.proof import TOLERANCE_SECONDS
from bot.edges.ci.questions import PAGE, PAGES_AT_MOST
from bot.follow.lost_pipelines import EVERY, KNOWN_FOR
from bot.settings import CiSettings
from handlers.doors import BODY_SECONDS, WEBHOOK_BODY_BYTES

pytestmark = pytest.mark.documented

DOCS = Path(__file__).parents[2] / "docs"
PAGES = {name: (DOCS / f"ci-{name}.md").read_text(encoding="utf-8") for name in ("github", "gitlab")}
# What the two call their events on the page where a webhook is made.
EVENTS = {
    "github": {
        "workflow_run": "Workflow runs",
        "workflow_job": "Workflow jobs",
        "check_run": "Check runs",
        "check_suite": "Check suites",
        "pull_request": "Pull requests",
        "ping": "a ping",
    },
    "gitlab": {"pipeline": "Pipeline events", "build": "Job events", "merge_request": "Merge request events"},
}
ANSWERS = (
    HTTPStatus.OK,
    HTTPStatus.ACCEPTED,
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.REQUEST_TIMEOUT,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNPROCESSABLE_ENTITY,
)


def test_every_event_that_is_read_is_to_be_ticked() -> None:
    assert EVENTS["github"].keys() == github.READ.keys()
    assert EVENTS["gitlab"].keys() == gitlab.READ.keys()
    for name, page in PAGES.items():
        for words in EVENTS[name].values():
            assert words in page, (name, words)


@pytest.mark.parametrize("name", PAGES)
def test_answers_limits_and_spans_are_those_of_the_code(name: str) -> None:
    page = PAGES[name]
    for status in ANSWERS:
        assert f" {int(status)}" in page, status
    assert f"{WEBHOOK_BODY_BYTES // 10**6} MB" in page
    assert f"{BODY_SECONDS:g} seconds" in page
    assert f"{PAGE * PAGES_AT_MOST:,}" in page
    assert f"{KNOWN_FOR.days} days" in page
    assert EVERY.total_seconds() == 3600
    assert "every hour" in page
    assert f"ci.{name}.repositories" in page
    assert f"/webhooks/{name}" in page


def test_what_must_be_set_is_named() -> None:
    assert github.closed(CiSettings()).removeprefix("set ") in PAGES["github"]
    for variable in gitlab.closed(CiSettings()).removeprefix("set ").split(" or "):
        assert variable in PAGES["gitlab"]
    assert TOLERANCE_SECONDS == 300
    assert "five minutes" in PAGES["gitlab"]
