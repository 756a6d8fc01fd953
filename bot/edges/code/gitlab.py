"""GitLab's REST API: what lies between two commits, and a file at one.

https://docs.gitlab.com/api/repositories/#compare-branches-tags-or-commits and /api/repository_files.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

from bot.edges.code.connection import Connection, NotFound
from bot.edges.code.reading import commits, items, paths, text
from bot.facts.causes import CommitRange, Relation, Repository
from bot.ports.errors import CodeRefused
from bot.settings import GitlabSettings

JSON = "application/json"
# GitLab's own limit of files in a diff, https://docs.gitlab.com/administration/diff_limits.
FILES_AT_MOST = 1_000


class Gitlab:
    """Reads from one GitLab."""

    def __init__(self, settings: GitlabSettings, now: Callable[[], datetime]) -> None:
        self.token = settings.token.get_secret_value() if settings.token else ""
        self.connection = Connection(f"{settings.url}/api/v4", {"private-token": self.token}, now)

    def compare(self, repository: Repository, base: str, head: str, etag: str) -> tuple[CommitRange | None, str]:
        """What lies between two commits, and its ETag; no range where the one of this `etag` still holds.

        GitLab tells the commits of one direction and, asked straight, all files that differ; so it is asked in
        both directions.
        """
        try:
            got = self.connection.get(_compare(repository), _straight(base, head), accept=JSON, etag=etag)
            if got.unchanged:
                return None, etag
            back = self.connection.get(_compare(repository), _straight(head, base), accept=JSON)
        except NotFound as error:
            raise self._explained(repository) from error
        ahead, behind = (one.json(self.connection.host) for one in (got, back))
        return _range(base, head, ahead, behind), got.etag

    def file(self, repository: Repository, commit: str, path: str, most: int) -> bytes | None:
        """A file at a commit; nothing where there is none."""
        place = f"{_project(repository)}/repository/files/{quote(path, safe='')}/raw"
        try:
            return self.connection.get(place, {"ref": commit}, accept="*/*", most=most).body
        except NotFound:
            return None

    def _explained(self, repository: Repository) -> CodeRefused:
        """GitLab says 404 of a project it hides and of a commit it never saw; the project tells which."""
        self.connection.get(_project(repository), accept=JSON)
        return CodeRefused(f"{repository.path} does not have one of the commits: never pushed, or rewritten")


def _project(repository: Repository) -> str:
    return f"/projects/{quote(repository.path, safe='')}"


def _compare(repository: Repository) -> str:
    return f"{_project(repository)}/repository/compare"


def _straight(base: str, head: str) -> dict[str, str]:
    return {"from": base, "to": head, "straight": "true"}


def _range(base: str, head: str, ahead: Mapping[str, Any], behind: Mapping[str, Any]) -> CommitRange:
    gained, lost = (items(side.get("commits")) for side in (ahead, behind))
    diffs = items(ahead.get("diffs"))
    if gained and lost:
        relation = Relation.DIVERGED
    elif gained or lost:
        relation = Relation.AHEAD if gained else Relation.BEHIND
    else:
        relation = Relation.SAME
    return CommitRange(
        base=base,
        head=head,
        relation=relation,
        gained=commits(gained, _commit),
        gained_count=len(gained),
        lost=commits(lost, _commit),
        lost_count=len(lost),
        paths=tuple(paths(diffs, "new_path", "old_path")),
        paths_cut=ahead.get("compare_timeout") is True or len(diffs) >= FILES_AT_MOST,
    )


def _commit(raw: Mapping[str, Any]) -> tuple[str, str, str, str]:
    """Hash, message, author and time of one commit."""
    message = text(raw, "message") or text(raw, "title")
    return text(raw, "id"), message, text(raw, "author_name"), text(raw, "created_at")
