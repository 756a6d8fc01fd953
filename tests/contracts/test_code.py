"""What every bot.ports.code.CodeHosts keeps to, on the fake and on the real edge against both hosts' shapes."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from bot.edges.code import HttpCodeHosts
from bot.edges.store import SqlStore
from bot.facts.causes import Relation, Repository
from bot.ports.code import CodeHosts
from bot.ports.errors import CodeRefused
from bot.settings import CiSettings
from tests.fakes.code import FakeCodeHosts, Repo
from tests.servers.code_host import TOKEN, CodeHost
from tests.servers.scripted import scripted_server

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
PATH = "acme/churn"


@dataclass
class World:
    """Hosts that know one repository, and what people did in it."""

    hosts: CodeHosts
    repo: Repo
    place: Repository
    hide: Callable[[], None]

    def compare(self, base: str, head: str) -> tuple[Relation, list[str], list[str], list[str]]:
        found = self.hosts.compare(self.place, base, head)
        assert found.gained_count == len(found.gained)
        assert found.lost_count == len(found.lost)
        titles = [[one.title for one in side] for side in (found.gained, found.lost)]
        return found.relation, *titles, sorted(found.paths)


@pytest.fixture(params=["fake", "github", "gitlab"])
def world(request: pytest.FixtureRequest, sqlite_store: SqlStore) -> Iterator[World]:
    repo = Repo()
    if request.param == "fake":
        fake = FakeCodeHosts({PATH: repo})
        place = Repository("github", PATH, f"https://github.com/{PATH}", ours=True)
        yield World(fake, repo, place, lambda: fake.hidden.add(PATH))
        return
    with scripted_server() as server:
        host = CodeHost({PATH: repo})
        server.script = host
        settings = CiSettings.model_validate({request.param: {"url": server.url, "token": TOKEN}})
        hosts = HttpCodeHosts(settings, sqlite_store, lambda: NOW)
        place = Repository(request.param, PATH, f"{server.url}/{PATH}", ours=True)
        yield World(hosts, repo, place, lambda: host.hidden.add(PATH))
        hosts.close()


def test_commits_after_the_base_are_told_the_newest_first(world: World) -> None:
    base = world.repo.commit("Begin", train__py=b"1", README__md=b"x")
    middle = world.repo.commit("Scale the inputs\n\nThey were not.", base, train__py=b"2")
    head = world.repo.commit("Lower the rate", middle, conf___lr__yaml=b"3")
    found = world.compare(base, head)
    assert found == (Relation.AHEAD, ["Lower the rate", "Scale the inputs"], [], ["conf/lr.yaml", "train.py"])


def test_a_commit_knows_its_author_and_time(world: World) -> None:
    base = world.repo.commit("Begin")
    head = world.repo.commit("Go on", base, a=b"1")
    (one,) = world.hosts.compare(world.place, base, head).gained
    assert one == world.repo.commits[head].commit


def test_a_base_that_is_newer_is_behind(world: World) -> None:
    head = world.repo.commit("Begin", a=b"1")
    base = world.repo.commit("Go on", head, a=b"2")
    assert world.compare(base, head) == (Relation.BEHIND, [], ["Go on"], ["a"])


def test_two_branches_have_both_their_sides(world: World) -> None:
    root = world.repo.commit("Begin", a=b"1")
    base = world.repo.commit("One way", root, b=b"2")
    head = world.repo.commit("Another way", root, c=b"3")
    assert world.compare(base, head) == (Relation.DIVERGED, ["Another way"], ["One way"], ["b", "c"])


def test_a_commit_is_the_same_as_itself(world: World) -> None:
    base = world.repo.commit("Begin")
    assert world.compare(base, base) == (Relation.SAME, [], [], [])


def test_a_commit_may_be_abbreviated(world: World) -> None:
    base = world.repo.commit("Begin")
    head = world.repo.commit("Go on", base, a=b"1")
    assert world.compare(base[:10], head[:10])[:2] == (Relation.AHEAD, ["Go on"])
    later = world.repo.commit("On", head, a=b"2")
    assert world.compare(base[:10], later[:10])[1] == ["On", "Go on"]
    assert world.compare(base[:10], later[:10])[1] == ["On", "Go on"]


def test_a_file_is_read_as_it_was_at_a_commit(world: World) -> None:
    base = world.repo.commit("Begin", data___my_train__csv__dvc=bytes(range(256)))
    head = world.repo.commit("Go on", base, data___my_train__csv__dvc=None)
    path = "data/my_train.csv.dvc"
    assert world.hosts.file(world.place, base, path, 256) == bytes(range(256))
    assert world.hosts.file(world.place, head, path, 256) is None
    assert world.hosts.file(world.place, base, "nowhere.dvc", 256) is None


def test_a_file_that_is_too_long_is_refused(world: World) -> None:
    base = world.repo.commit("Begin", dvc__lock=b"x" * 300_000)
    with pytest.raises(CodeRefused):
        world.hosts.file(world.place, base, "dvc.lock", 100_000)


def test_a_commit_that_was_never_pushed_is_told_from_a_hidden_repository(world: World) -> None:
    base = world.repo.commit("Begin")
    with pytest.raises(CodeRefused, match="does not have one of the commits"):
        world.hosts.compare(world.place, base, "f" * 40)
    world.hide()
    with pytest.raises(CodeRefused, match="knows no such repository, or the token may not see it"):
        world.hosts.compare(world.place, base, "e" * 40)


def test_another_host_is_never_asked(world: World) -> None:
    base = world.repo.commit("Begin")
    with pytest.raises(CodeRefused, match=r"app\.yaml"):
        world.hosts.compare(Repository("github", PATH, "https://evil.example/x", ours=False), base, "f" * 40)
