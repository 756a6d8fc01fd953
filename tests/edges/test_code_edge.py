"""Hosts of code that say no, say nothing, say too much, or want to be left alone."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from bot.edges.code import HttpCodeHosts
from bot.edges.code.connection import limited_until
from bot.edges.code.github import api_of
from bot.edges.store import SqlStore
from bot.facts.causes import Relation, Repository
from bot.ports.errors import CodeDown, CodeLimited, CodeRefused
from bot.settings import CiSettings
from tests.fakes.code import Repo
from tests.servers.code_host import TOKEN, CodeHost
from tests.servers.scripted import Said, Scripted, scripted_server

PATH = "acme/churn"
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
A, B = "a" * 40, "b" * 40


@dataclass
class Desk:
    """The edge before a scripted GitHub."""

    server: Scripted
    store: SqlStore
    host: CodeHost = field(default_factory=lambda: CodeHost({PATH: Repo()}))
    now: datetime = NOON
    token: str = TOKEN

    def __post_init__(self) -> None:
        self.server.script = self.host
        self.place = Repository("github", PATH, f"{self.server.url}/{PATH}", ours=True)
        self.hosts = self.again()

    def again(self) -> HttpCodeHosts:
        settings = {"github": {"url": self.server.url, "token": self.token}}
        return HttpCodeHosts(CiSettings.model_validate(settings), self.store, lambda: self.now)

    @property
    def repo(self) -> Repo:
        return self.host.repos[PATH]

    def refused(self, said: Said, kind: type[Exception]) -> str:
        self.host.instead = said
        with pytest.raises(kind) as raised:
            self.hosts.compare(self.place, A, B)
        assert TOKEN not in str(raised.value)
        return str(raised.value)


@pytest.fixture
def desk(sqlite_store: SqlStore) -> Iterator[Desk]:
    with scripted_server() as server:
        made = Desk(server, sqlite_store)
        yield made
        made.hosts.close()


@pytest.mark.parametrize(
    ("url", "api"),
    [
        ("https://github.com", "https://api.github.com"),
        ("https://acme.ghe.com", "https://api.acme.ghe.com"),
        ("https://git.acme.com", "https://git.acme.com/api/v3"),
    ],
)
def test_each_github_has_its_api_in_its_place(url: str, api: str) -> None:
    assert api_of(url) == api


def test_two_whole_commits_are_compared_once_and_for_all(desk: Desk) -> None:
    base = desk.repo.commit("Begin", a=b"1")
    head = desk.repo.commit("Go on", base, a=b"2")
    first = desk.hosts.compare(desk.place, base, head)
    assert desk.again().compare(desk.place, base, head) == first
    assert len(desk.server.asked) == 1
    assert desk.hosts.file(desk.place, base, "a", 10) == desk.again().file(desk.place, base, "a", 10) == b"1"
    assert len(desk.server.asked) == 2


def test_an_abbreviated_commit_is_asked_again_with_its_etag(desk: Desk) -> None:
    base = desk.repo.commit("Begin", a=b"1")
    head = desk.repo.commit("Go on", base, a=b"2")
    first = desk.hosts.compare(desk.place, base[:8], head)
    assert desk.again().compare(desk.place, base[:8], head) == first
    tags = [asked.headers.get("if-none-match", "") for asked in desk.server.asked]
    assert [bool(tag) for tag in tags] == [False, True]


def test_without_a_token_nothing_is_asked(desk: Desk) -> None:
    desk.token = ""
    hosts = desk.again()
    for question in (lambda: hosts.compare(desk.place, A, B), lambda: hosts.file(desk.place, A, "dvc.lock", 9)):
        with pytest.raises(CodeRefused, match=r"no token for 127\.0\.0\.1"):
            question()
    assert desk.server.asked == []


def test_a_redirect_is_not_followed(desk: Desk) -> None:
    said = Said(b"{}", 301, {"location": "http://169.254.169.254/latest"})
    assert "has moved" in desk.refused(said, CodeRefused)
    assert len(desk.server.asked) == 1


def test_a_limit_is_kept_to(desk: Desk) -> None:
    reset = NOON + timedelta(minutes=25)
    headers = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(reset.timestamp()))}
    desk.host.instead = Said(b'{"message": "API rate limit exceeded"}', 403, headers)
    for _ in range(3):
        with pytest.raises(CodeLimited) as raised:
            desk.hosts.compare(desk.place, A, B)
        assert raised.value.until == reset
    assert len(desk.server.asked) == 1
    desk.host.instead, desk.now = None, reset
    base = desk.repo.commit("Begin")
    head = desk.repo.commit("Go on", base)
    assert desk.hosts.compare(desk.place, base, head).relation is Relation.AHEAD


@pytest.mark.parametrize(
    ("status", "headers", "body", "wait"),
    [
        (429, {"retry-after": "90"}, b"", 90),
        (403, {"retry-after": "60"}, b"secondary", 60),
        (429, {"ratelimit-reset": str(int(NOON.timestamp()) + 30)}, b"", 30),
        (429, {}, b"", 60),
        (403, {}, b'{"message": "You have exceeded a secondary rate limit"}', 60),
        (429, {"retry-after": "99999999999"}, b"", 86400),
        (429, {"x-ratelimit-reset": "1"}, b"", 1),
        (403, {}, b'{"message": "Resource not accessible"}', None),
        (404, {"retry-after": "9"}, b"", None),
    ],
)
def test_hosts_say_in_many_ways_how_long_to_wait(
    status: int, headers: dict[str, str], body: bytes, wait: int | None
) -> None:
    until = limited_until(httpx.Response(status, headers=headers), body, NOON)
    assert until == (NOON + timedelta(seconds=wait) if wait is not None else None)


@pytest.mark.parametrize(
    ("said", "kind", "words"),
    [
        (Said(b"{}", 401), CodeRefused, "another token"),
        (Said(b"{}", 403), CodeRefused, "does not let the token"),
        (Said(b"{}", 422), CodeRefused, "HTTP 422"),
        (Said(b"{}", 503), CodeDown, "trouble of its own"),
        (Said(b"<html>", 200), CodeDown, "not JSON"),
        (Said(b"[]", 200), CodeDown, "something else"),
        (Said(b"{}", promised=99), CodeDown, "cannot be reached"),
        (Said(drop=True), CodeDown, "cannot be reached"),
        (Said(b'"' + b"x" * (8 * 2**20) + b'"'), CodeRefused, "more than 8 MB"),
    ],
)
def test_each_no_says_why(desk: Desk, said: Said, kind: type[Exception], words: str) -> None:
    assert words in desk.refused(said, kind)


def test_histories_without_a_common_beginning_are_told(desk: Desk) -> None:
    base, head = desk.repo.commit("One", a=b"1"), desk.repo.commit("Another", a=b"2")
    assert desk.hosts.compare(desk.place, base, head).relation is Relation.UNRELATED


def test_of_many_commits_and_files_some_are_kept_and_all_are_counted(desk: Desk) -> None:
    base = at = desk.repo.commit("Begin")
    for number in range(260):
        at = desk.repo.commit(f"Step {number}", at, **{f"f{number}_{one}": b"1" for one in range(2)})
    found = desk.hosts.compare(desk.place, base, at)
    assert (found.gained_count, len(found.gained), found.paths_cut) == (260, 250, True)


@pytest.mark.parametrize(
    "body", ['{"commits": 7, "files": {"a": 1}, "status": []}', '{"commits": [1, {"sha": 2}]}']
)
def test_what_means_nothing_is_left_out(desk: Desk, body: str) -> None:
    desk.host.instead = Said(body.encode())
    found = desk.hosts.compare(desk.place, A, B)
    assert (found.gained, found.paths) == ((), ())


def test_a_commit_without_its_facts_is_still_one(desk: Desk) -> None:
    body = {"status": "ahead", "ahead_by": 1, "commits": [{"sha": B, "commit": {"author": {"date": "never"}}}]}
    desk.host.instead = Said(json.dumps(body).encode())
    (one,) = desk.hosts.compare(desk.place, A, B).gained
    assert (one.sha, one.title, one.author, one.at) == (B, "", "", None)


def test_a_path_stays_below_its_repository(desk: Desk) -> None:
    base = desk.repo.commit("Begin")
    for path in ("a/../../../../../user", "/user", "./a", "a//b"):
        assert desk.hosts.file(desk.place, base, path, 10) is None
    assert desk.server.asked == []
    assert desk.hosts.file(desk.place, base, "a/b?ref=x#y z.dvc", 10) is None
    assert desk.server.asked[0].path == f"/api/v3/repos/{PATH}/contents/a/b%3Fref%3Dx%23y%20z.dvc?ref={base}"
