"""What every bot.ports.ci_hosts.CiHost keeps to, on the fake and on the real edges against both hosts' shapes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from pydantic import SecretStr

from bot.edges.ci import GithubActions, GitlabPipelines
from bot.facts.pipelines import Outcome
from bot.ports.ci_hosts import CiHost
from bot.ports.errors import CodeRefused
from bot.settings import GithubSettings, GitlabSettings
from tests.fakes.ci_hosts import BEGAN, FakeCiHost, Runs
from tests.servers.ci_host import TOKEN, CiServer
from tests.servers.scripted import scripted_server

PATH = "acme/churn"
NOW = BEGAN + timedelta(days=2)


@dataclass
class World:
    """A host that knows one repository, what was run there, and the same host with a token that opens nothing."""

    host: CiHost
    runs: Runs
    locked: CiHost


@pytest.fixture(params=["fake", "github", "gitlab"])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    runs = Runs()
    if request.param == "fake":
        locked = FakeCiHost({PATH: runs})
        locked.token = False
        yield World(FakeCiHost({PATH: runs}), runs, locked)
        return
    with scripted_server() as server:
        server.script = CiServer({PATH: runs})
        hosts = [made(request.param, server.url, token) for token in (TOKEN, "another")]
        yield World(hosts[0], runs, hosts[1])
        for host in hosts:
            host.close()


def made(provider: str, url: str, token: str) -> GithubActions | GitlabPipelines:
    if provider == "github":
        return GithubActions(GithubSettings(url=url, token=SecretStr(token)), lambda: NOW)
    return GitlabPipelines(GitlabSettings(url=url, token=SecretStr(token)), lambda: NOW)


def listed(host: CiHost, since: datetime) -> dict[str, Outcome]:
    return {one.pipeline_id: one.outcome for one in host.pipelines(PATH, since).pipelines}


@pytest.mark.parametrize("outcome", list(Outcome))
def test_a_pipeline_is_told_as_it_stands(world: World, outcome: Outcome) -> None:
    world.runs.run(7, outcome)
    (one,) = world.host.pipelines(PATH, BEGAN).pipelines
    assert (one.outcome, one.branch, one.default_branch, one.attempt) == (outcome, "main", True, 1)
    assert (one.created, one.updated) == (BEGAN, BEGAN + timedelta(minutes=10))
    assert one.jobs == ()


def test_a_whole_pipeline_has_its_jobs(world: World) -> None:
    world.runs.run(7, Outcome.FAILED, lint=Outcome.PASSED, unit=Outcome.FAILED)
    one = world.host.whole(PATH, "7")
    assert one is not None
    assert {job.name: job.outcome for job in one.jobs} == {"lint": Outcome.PASSED, "unit": Outcome.FAILED}
    assert one.outcome is Outcome.FAILED


def test_many_jobs_are_all_told(world: World) -> None:
    world.runs.run(7, Outcome.FAILED, **{f"job {number}": Outcome.PASSED for number in range(130)})
    one = world.host.whole(PATH, "7")
    assert one is not None
    assert len({job.job_id for job in one.jobs}) == 130


@pytest.mark.parametrize("error", ["FAILED tests/a.py::test_a - assert 2 == 3", ""])
def test_a_failed_job_tells_what_it_died_of(world: World, error: str) -> None:
    ran = world.runs.run(7, Outcome.FAILED, unit=Outcome.FAILED)
    ran.error = error
    one = world.host.whole(PATH, "7")
    assert one is not None
    assert world.host.error(PATH, one.jobs[0].job_id) == error
    assert world.host.error(PATH, "1") == ""


def test_a_deleted_pipeline_is_nothing(world: World) -> None:
    assert world.host.whole(PATH, "7") is None


def test_what_is_recent_is_listed_and_comes_from_several_pages(world: World) -> None:
    for number in range(150):
        world.runs.run(number, created=BEGAN + timedelta(minutes=number))
    found = world.host.pipelines(PATH, BEGAN)
    assert found.complete
    assert len(found.pipelines) == 150
    assert found.pipelines[0].pipeline_id == "149"
    assert "149" in listed(world.host, BEGAN + timedelta(minutes=155))


def test_a_list_that_is_too_long_is_said_to_be_incomplete(world: World) -> None:
    for number in range(1001):
        world.runs.run(number, created=BEGAN + timedelta(seconds=number), after=timedelta(0))
    assert not world.host.pipelines(PATH, BEGAN).complete


def test_what_has_changed_is_told_anew(world: World) -> None:
    ran = world.runs.run(7, Outcome.RUNNING)
    assert listed(world.host, BEGAN) == {"7": Outcome.RUNNING}
    assert listed(world.host, BEGAN) == {"7": Outcome.RUNNING}
    ran.outcome, ran.updated = Outcome.PASSED, ran.updated + timedelta(minutes=1)
    assert listed(world.host, BEGAN) == {"7": Outcome.PASSED}


def test_an_unknown_repository_and_a_wrong_token_are_refused(world: World) -> None:
    with pytest.raises(CodeRefused, match="no such repository"):
        world.host.pipelines("acme/other", BEGAN)
    world.host.greet()
    with pytest.raises(CodeRefused, match="another token"):
        world.locked.greet()
    with pytest.raises(CodeRefused):
        world.locked.pipelines(PATH, BEGAN)
