"""What every bot.ports.ci_artifacts.CiArtifacts keeps to, on the fake and on the edge with GitHub's shapes."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import SecretStr

from bot.edges.ci import GithubActions
from bot.ports.ci_artifacts import CiArtifact, CiArtifacts
from bot.ports.errors import CodeDown, CodeRefused
from bot.settings import GithubSettings
from tests.fakes.ci_artifacts import FakeArtifacts
from tests.servers.scripted import Asked, Said, Scripted, scripted_server

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
TOKEN, PATH = "token-of-the-tests", "acme/churn"


@dataclass
class Store:
    """GitHub's API, and the other host where it keeps artifacts: that one must not get the token."""

    store: Scripted
    left: dict[str, list[tuple[CiArtifact, bytes]]] = field(default_factory=dict)
    expired: set[int] = field(default_factory=set)
    instead: str = ""

    def leave(self, repository: str, pipeline_id: str, artifact: CiArtifact, content: bytes) -> None:
        self.left.setdefault(f"{repository}/{pipeline_id}", []).append((artifact, content))

    def api(self, asked: Asked) -> Said:
        if asked.headers.get("authorization") != f"Bearer {TOKEN}":
            return Said(b"{}", 401)
        path, _, query = asked.path.partition("?")
        parts = path.split("/")[3:]
        if parts[3:5] == ["actions", "runs"]:
            page = int(query.partition("&page=")[2] or 1)
            found = self.left.get(f"{PATH}/{parts[5]}", [])[(page - 1) * 100 : page * 100]
            return Said(json.dumps({"artifacts": [self.shown(one) for one, _ in found]}).encode())
        known = {str(one.number) for left in self.left.values() for one, _ in left}
        if parts[5] not in known:
            return Said(b"{}", 404)
        return Said(b"", 302, {"Location": self.instead or f"{self.store.url}/kept/{parts[5]}?sig=a%2Fb&e=1"})

    def shown(self, one: CiArtifact) -> dict[str, object]:
        created = one.created.isoformat().replace("+00:00", "Z")
        gone = one.number in self.expired
        return {
            "id": one.number,
            "name": one.name,
            "size_in_bytes": one.size,
            "expired": gone,
            "created_at": created,
        }

    def kept(self, asked: Asked) -> Said:
        if "authorization" in asked.headers or not asked.path.endswith("?sig=a%2Fb&e=1"):
            return Said(b"a token, or another address", 400)
        number = asked.path.split("/")[2].partition("?")[0]
        contents = {str(one.number): raw for left in self.left.values() for one, raw in left}
        return Said(contents[number])


@dataclass
class World:
    source: CiArtifacts
    host: Store | FakeArtifacts
    locked: CiArtifacts


@pytest.fixture
def github() -> Iterator[World]:
    with scripted_server() as store, scripted_server() as api:
        host = Store(store)
        store.script, api.script = host.kept, host.api
        made = [
            GithubActions(GithubSettings(url=api.url, token=SecretStr(token)), lambda: NOW)
            for token in (TOKEN, "another")
        ]
        sources = [one.artifacts for one in made]
        assert sources[0] is not None
        assert sources[1] is not None
        yield World(sources[0], host, sources[1])
        for one in made:
            one.close()


@pytest.fixture(params=["fake", "github"])
def world(request: pytest.FixtureRequest) -> World:
    if request.param == "github":
        found: World = request.getfixturevalue("github")
        return found
    fake = FakeArtifacts()
    return World(fake, fake, FakeArtifacts(token=False))


def artifact(number: int = 1, name: str = "junit") -> CiArtifact:
    return CiArtifact(number, name, 100, NOW - timedelta(minutes=number))


def test_what_a_pipeline_left_is_listed_and_read(world: World) -> None:
    world.host.leave(PATH, "7", artifact(), b"PK zip")
    world.host.leave(PATH, "8", artifact(2), b"PK other")
    assert world.source.of_pipeline(PATH, "7") == [artifact()]
    assert world.source.content(PATH, artifact(), 1000) == b"PK zip"
    assert world.source.of_pipeline(PATH, "9") == []


def test_many_are_listed(world: World) -> None:
    for number in range(150):
        world.host.leave(PATH, "7", artifact(number), b"")
    assert len(world.source.of_pipeline(PATH, "7")) == 150


def test_more_than_wanted_is_refused(world: World) -> None:
    world.host.leave(PATH, "7", artifact(), b"x" * 3000)
    with pytest.raises(CodeRefused, match="more than"):
        world.source.content(PATH, artifact(), 2000)


def test_what_is_gone_or_locked_is_refused(world: World) -> None:
    with pytest.raises(CodeRefused, match="has it no more"):
        world.source.content(PATH, artifact(404), 1000)
    with pytest.raises(CodeRefused, match="another token"):
        world.locked.of_pipeline(PATH, "7")


def test_an_expired_one_is_not_listed(github: World) -> None:
    assert isinstance(github.host, Store)
    github.host.leave(PATH, "7", artifact(), b"")
    github.host.expired.add(1)
    assert github.source.of_pipeline(PATH, "7") == []


@pytest.mark.parametrize("location", ["file:///etc/passwd", "ftp://example.com/a", "//", "/relative", "https://"])
def test_a_redirect_to_no_address_is_refused(github: World, location: str) -> None:
    assert isinstance(github.host, Store)
    github.host.leave(PATH, "7", artifact(), b"")
    github.host.instead = location
    with pytest.raises(CodeRefused, match="no https address"):
        github.source.content(PATH, artifact(), 1000)


def test_a_second_redirect_is_not_followed(github: World) -> None:
    assert isinstance(github.host, Store)
    github.host.leave(PATH, "7", artifact(), b"")
    github.host.store.script = lambda _asked: Said(b"", 302, {"Location": github.host.instead or "https://x"})
    with pytest.raises(CodeRefused):
        github.source.content(PATH, artifact(), 1000)
    assert len(github.host.store.asked) == 1


def test_a_store_that_drops_is_tried_later(github: World) -> None:
    assert isinstance(github.host, Store)
    github.host.leave(PATH, "7", artifact(), b"")
    github.host.store.script = lambda _asked: Said(drop=True)
    with pytest.raises(CodeDown):
        github.source.content(PATH, artifact(), 1000)
