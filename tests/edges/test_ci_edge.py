"""The edges to GitHub's and GitLab's APIs: what only a real HTTP server can show."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from pydantic import SecretStr

from bot.edges.ci import GithubActions, GitlabPipelines
from bot.facts.pipelines import Outcome
from bot.ports.errors import CodeDown, CodeLimited, CodeRefused
from bot.settings import GithubSettings, GitlabSettings
from tests.fakes.ci_hosts import BEGAN, Runs
from tests.servers.ci_host import TOKEN, CiServer
from tests.servers.scripted import Said, Scripted, scripted_server

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
PATH = "acme/churn"
NO_NAMES = ["churn", "", "acme/..", "acme/a b", "acme/churn?x=1", "acme/%2e", "a//b"]


@pytest.fixture
def server() -> Iterator[Scripted]:
    with scripted_server() as running:
        running.script = CiServer({PATH: Runs()})
        yield running


def github(server: Scripted) -> GithubActions:
    return GithubActions(GithubSettings(url=server.url, token=SecretStr(TOKEN)), lambda: NOW)


def gitlab(server: Scripted) -> GitlabPipelines:
    return GitlabPipelines(GitlabSettings(url=server.url, token=SecretStr(TOKEN)), lambda: NOW)


BOTH = pytest.mark.parametrize("made", [github, gitlab])


def play(server: Scripted) -> CiServer:
    assert isinstance(server.script, CiServer)
    return server.script


def test_a_list_that_did_not_change_is_not_sent_again(server: Scripted) -> None:
    play(server).repositories[PATH].run(7)
    host = github(server)
    first = host.pipelines(PATH, BEGAN)
    assert host.pipelines(PATH, BEGAN) == first
    assert [one.headers.get("if-none-match") is not None for one in server.asked] == [False, False, True, True]
    host.close()


@BOTH
def test_the_token_goes_to_the_host_and_a_redirect_is_not_followed(server: Scripted, made: type) -> None:
    with scripted_server() as elsewhere:
        play(server).instead = Said(b"", 301, {"location": f"{elsewhere.url}/api/v4/projects/1"})
        host = made(server)
        with pytest.raises(CodeRefused, match="moved"):
            host.pipelines(PATH, BEGAN)
        assert elsewhere.asked == []
        host.close()


@BOTH
def test_a_host_whose_limit_is_used_up_is_left_alone(server: Scripted, made: type) -> None:
    play(server).instead = Said(b"{}", 429, {"retry-after": "120"})
    host = made(server)
    for _ in range(3):
        with pytest.raises(CodeLimited) as limited:
            host.pipelines(PATH, BEGAN)
        assert limited.value.until == NOW + timedelta(seconds=120)
    assert len(server.asked) == 1
    host.close()


@BOTH
@pytest.mark.parametrize(
    "said",
    [
        Said(b"<html>", 200),
        Said(b"[" * 100_000, 200),
        Said(b'{"workflow_runs": 3, "full_name": []}', 200),
        Said(b"", 502),
        Said(drop=True),
    ],
)
def test_garbage_is_a_host_that_is_down(server: Scripted, made: type, said: Said) -> None:
    play(server).instead = said
    host = made(server)
    for ask in (lambda: host.pipelines(PATH, BEGAN), lambda: host.whole(PATH, "7")):
        with pytest.raises(CodeDown):
            ask()
    host.close()


@BOTH
def test_an_answer_that_never_ends_is_cut_off(server: Scripted, made: type) -> None:
    play(server).instead = Said(b" " * (9 * 1024 * 1024))
    host = made(server)
    with pytest.raises(CodeRefused, match="more than 8 MB"):
        host.pipelines(PATH, BEGAN)
    host.close()


@pytest.mark.parametrize(
    ("made", "name"),
    [*product([github, gitlab], NO_NAMES), (github, "acme/group/churn")],
)
def test_what_is_no_repositorys_name_is_not_asked_for(server: Scripted, made: type, name: str) -> None:
    host = made(server)
    with pytest.raises(CodeRefused, match="not the name"):
        host.pipelines(name, BEGAN)
    assert server.asked == []
    host.close()


def test_a_project_of_gitlab_may_be_in_a_group_of_a_group(server: Scripted) -> None:
    play(server).repositories["acme/platform/data"] = Runs(runs={})
    play(server).repositories["acme/platform/data"].run(3, Outcome.FAILED)
    host = gitlab(server)
    (one,) = host.pipelines("acme/platform/data", BEGAN).pipelines
    assert one.subject == "pipeline:gitlab:acme/platform/data:3"
    host.close()


def test_gitlab_tells_the_branch_of_a_merge_requests_pipeline(server: Scripted) -> None:
    play(server).repositories[PATH].run(7).branch = "refs/merge-requests/15/head"
    host = gitlab(server)
    one = host.whole(PATH, "7")
    assert one is not None
    assert (one.branch, one.pull_requests, one.target_branch) == ("dropout", (15,), "main")
    assert (one.title, one.actor) == ("Raise the dropout", "jdoe")
    host.close()
