"""`rundown check` says whether CI is listened to, when it was last heard, and what its tokens open."""

from datetime import timedelta

import pytest
from pydantic import SecretStr

from bot.check import Finding, Past, past
from bot.edges.store import SqlStore
from bot.ports.errors import CodeDown, CodeLimited, CodeRefused, EdgeError
from bot.settings import CiSettings, GithubSettings, GitlabSettings, Settings
from tests.check.world import NOW, SETTINGS, World
from tests.fakes.ci_hosts import FakeCiHost, Runs
from tests.store.test_store_ci import PIPELINE

SECRET = SecretStr("s")


def set_for(**given: GithubSettings | GitlabSettings) -> Settings:
    return SETTINGS.model_copy(update={"ci": CiSettings(**given)})


def of_ci(findings: list[Finding]) -> list[Finding]:
    return [one for one in findings if "GitHub" in one.what or "GitLab" in one.what]


@pytest.fixture
def world() -> World:
    return World()


def test_without_a_token_it_says_what_that_means(world: World) -> None:
    said = [one.what for one in of_ci(world.found())]
    assert said == [
        "GitHub's webhook was last heard on 2026-11-23 at 09:00 UTC.",
        "GITHUB_TOKEN is not set: what GitHub's webhook loses stays lost.",
    ]


@pytest.mark.parametrize("gitlab", [GitlabSettings(secret=SECRET), GitlabSettings(signing_token=SECRET)])
def test_a_webhook_that_was_never_heard_is_warned_of(world: World, gitlab: GitlabSettings) -> None:
    world.known = Past(NOW, {"github": NOW})
    (never,) = world.wrong(set_for(gitlab=gitlab))
    assert (never.level, never.what) == ("warning", "GitLab's webhook was never heard, or not for a month.")
    assert "/webhooks/gitlab" in never.mend
    assert "docs/ci-gitlab.md" in never.mend


def test_a_token_is_tried_on_what_is_named_and_what_was_heard_of(world: World) -> None:
    host = FakeCiHost({"acme/churn": Runs(), "acme/data": Runs()})
    world.ci_hosts = {"github": host}
    world.known = Past(NOW, {"github": NOW}, {"github": ["acme/data", "acme/churn"]})
    settings = set_for(github=GithubSettings(secret=SECRET, token=SECRET, repositories=("acme/churn",)))
    assert world.wrong(settings) == []
    said = [one.what for one in of_ci(world.found(settings))]
    assert "GitHub takes GITHUB_TOKEN and shows the pipelines of 2 repositories." in said
    assert host.asked[:3] == ["greet", "pipelines acme/churn", "pipelines acme/data"]


def test_a_repository_that_the_token_does_not_open_is_named(world: World) -> None:
    world.ci_hosts = {"github": FakeCiHost({"acme/data": Runs()})}
    world.known = Past(NOW, {"github": NOW}, {"github": ["acme/data"]})
    settings = set_for(github=GithubSettings(secret=SECRET, token=SECRET, repositories=("acme/chrun",)))
    (refused,) = world.wrong(settings)
    assert (refused.level, refused.what.startswith("GitHub for acme/chrun: ")) == ("error", True)
    assert refused.mend == (
        "Give GITHUB_TOKEN a token with Actions: read, Checks: read and Contents: read on acme/chrun, "
        "or correct its name in ci.github.repositories."
    )
    said = [one.what for one in world.found(settings)]
    assert "GitHub takes GITHUB_TOKEN and shows the pipelines of 1 repository." in said


@pytest.mark.parametrize(
    ("trouble", "level", "mend"),
    [
        (CodeRefused("gitlab.com wants another token"), "error", "Give GITLAB_TOKEN a token with read_api."),
        (CodeDown("gitlab.com cannot be reached"), "error", "Is ci.gitlab.url its address"),
        (CodeLimited("gitlab.com answers no more", NOW + timedelta(minutes=5)), "warning", "until 09:05 UTC"),
    ],
)
def test_a_host_that_does_not_answer_is_one_finding(
    world: World, trouble: EdgeError, level: str, mend: str
) -> None:
    host = FakeCiHost({"acme/churn": Runs()})
    host.trouble = trouble
    world.ci_hosts = {"gitlab": host}
    world.known = Past(NOW, {"github": NOW}, {"gitlab": ["acme/churn", "acme/data"]})
    settings = set_for(github=GithubSettings(secret=SECRET), gitlab=GitlabSettings(token=SECRET))
    (finding,) = world.wrong(settings)
    assert (finding.level, str(trouble) in finding.what, mend in finding.mend) == (level, True, True)


def test_what_the_database_knows_is_read_from_it(sqlite_store: SqlStore) -> None:
    assert past(sqlite_store, NOW) == Past(NOW, {}, {"github": [], "gitlab": []})
    with sqlite_store.write() as unit:
        unit.arrivals.first("gitlab", "1", NOW)
        unit.pipelines.put(PIPELINE)
    known = past(sqlite_store, PIPELINE.updated)
    assert (known.heard, known.repositories["github"]) == ({"gitlab": NOW}, ["acme/churn"])


def test_a_database_that_cannot_be_read_says_nothing_of_ci(world: World) -> None:
    class Broken:
        def read(self) -> None:
            raise OSError

    world.known = past(Broken(), NOW)  # type: ignore[arg-type]
    assert world.known == Past(NOW)
    assert world.wrong() == []
