"""GitHub's REST API: what lies between two commits, and a file at one.

https://docs.github.com/rest/commits/commits#compare-two-commits and /rest/repos/contents.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlsplit

from bot.edges.code.connection import Connection, Got, NotFound
from bot.edges.code.reading import commits, count, items, paths, text
from bot.facts.causes import CommitRange, Relation, Repository
from bot.ports.errors import CodeRefused
from bot.settings import GithubSettings

JSON = "application/vnd.github+json"
RAW = "application/vnd.github.raw+json"
VERSION = "2022-11-28"
# Of each comparison; the documentation gives 300 files and 250 commits.
FILES_AT_MOST = 300
RELATIONS = {
    "identical": Relation.SAME,
    "ahead": Relation.AHEAD,
    "behind": Relation.BEHIND,
    "diverged": Relation.DIVERGED,
}


def api_of(url: str) -> str:
    """Where the API of a GitHub is: on a host of its own in GitHub's cloud, below /api/v3 on a team's server."""
    host = urlsplit(url).hostname or ""
    return f"https://api.{host}" if host == "github.com" or host.endswith(".ghe.com") else f"{url}/api/v3"


class Github:
    """Reads from one GitHub."""

    def __init__(self, settings: GithubSettings, now: Callable[[], datetime]) -> None:
        self.token = settings.token.get_secret_value() if settings.token else ""
        headers = {"authorization": f"Bearer {self.token}", "x-github-api-version": VERSION}
        self.connection = Connection(api_of(settings.url), headers, now)

    def compare(self, repository: Repository, base: str, head: str, etag: str) -> tuple[CommitRange | None, str]:
        """What lies between two commits, and its ETag; no range where the one of this `etag` still holds.

        GitHub tells what the head has since both went apart, with the files of that side only; so the other side
        is asked for where there is one.
        """
        try:
            got = self._compared(repository, base, head, etag)
            if got.unchanged:
                return None, etag
            ahead = got.json(self.connection.host)
            behind: Mapping[str, Any] = {}
            if count(ahead, "behind_by"):
                behind = self._compared(repository, head, base).json(self.connection.host)
        except NotFound as error:
            if b"no common ancestor" in error.body.lower():
                return CommitRange(base, head, Relation.UNRELATED, paths_cut=True), ""
            raise self._explained(repository) from error
        return _range(base, head, ahead, behind), got.etag

    def file(self, repository: Repository, commit: str, path: str, most: int) -> bytes | None:
        """A file at a commit; nothing where there is none."""
        place = f"/repos/{repository.path}/contents/{quote(path)}"
        try:
            return self.connection.get(place, {"ref": commit}, accept=RAW, most=most).body
        except NotFound:
            return None

    def _compared(self, repository: Repository, base: str, head: str, etag: str = "") -> Got:
        return self.connection.get(f"/repos/{repository.path}/compare/{base}...{head}", accept=JSON, etag=etag)

    def _explained(self, repository: Repository) -> CodeRefused:
        """GitHub says 404 of a repository it hides and of a commit it never saw; the repository tells which."""
        self.connection.get(f"/repos/{repository.path}", accept=JSON)
        return CodeRefused(f"{repository.path} does not have one of the commits: never pushed, or rewritten")


def _range(base: str, head: str, ahead: Mapping[str, Any], behind: Mapping[str, Any]) -> CommitRange:
    sides = [items(side.get("files")) for side in (ahead, behind)]
    return CommitRange(
        base=base,
        head=head,
        relation=RELATIONS.get(text(ahead, "status"), Relation.DIVERGED),
        gained=commits(ahead.get("commits"), _commit),
        gained_count=count(ahead, "ahead_by"),
        lost=commits(behind.get("commits"), _commit),
        lost_count=count(ahead, "behind_by"),
        paths=tuple(paths([*sides[0], *sides[1]], "filename", "previous_filename")),
        paths_cut=any(len(side) >= FILES_AT_MOST for side in sides),
    )


def _commit(raw: Mapping[str, Any]) -> tuple[str, str, str, str]:
    """Hash, message, author and time of one commit."""
    inner = raw.get("commit")
    commit = inner if isinstance(inner, dict) else {}
    author = commit.get("author")
    who = author if isinstance(author, dict) else {}
    return text(raw, "sha"), text(commit, "message"), text(who, "name"), text(who, "date")
