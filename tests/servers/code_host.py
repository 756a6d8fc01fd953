"""GitHub's and GitLab's answers about repositories in memory, in the shapes that their documentation gives."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.fakes.code import Committed, Repo
from tests.servers.scripted import Asked, Said

TOKEN = "token-of-the-tests"


@dataclass
class CodeHost:
    """What a host has, and how it is; an instance answers requests of a scripted server."""

    repos: dict[str, Repo] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)
    instead: Said | None = None

    def __call__(self, asked: Asked) -> Said:
        url = urlsplit(asked.path)
        query = {key: values[0] for key, values in parse_qs(url.query).items()}
        if self.instead is not None:
            return self.instead
        if TOKEN not in (asked.headers.get("private-token"), asked.headers.get("authorization", "")[7:]):
            return said({"message": "Bad credentials"}, 401)
        parts = url.path.split("/")[2:]
        answer = self._github(parts, query) if parts[1] == "repos" else self._gitlab(parts, query)
        if asked.headers.get("if-none-match") and asked.headers["if-none-match"] == answer.headers.get("etag"):
            return Said(b"", 304)
        return answer

    def _repo(self, path: str) -> Repo | None:
        return self.repos.get(path) if path not in self.hidden else None

    def _github(self, parts: list[str], query: Mapping[str, str]) -> Said:
        repo = self._repo("/".join(parts[2:4]))
        if repo is None:
            return said({"message": "Not Found"}, 404)
        if len(parts) == 4:
            return said({"full_name": "/".join(parts[2:4])})
        if parts[4] == "contents":
            return content(repo, query["ref"], unquote("/".join(parts[5:])))
        base, head = (repo.whole(one) for one in parts[5].split("..."))
        if not base or not head:
            return said({"message": "Not Found"}, 404)
        common = repo.merge_base(base, head)
        if not common:
            return said({"message": f"No common ancestor between {base} and {head}."}, 404)
        return said(github_compare(repo, base, head, common))

    def _gitlab(self, parts: list[str], query: Mapping[str, str]) -> Said:
        repo = self._repo(unquote(parts[2]))
        if repo is None:
            return said({"message": "404 Project Not Found"}, 404)
        if len(parts) == 3:
            return said({"path_with_namespace": unquote(parts[2])})
        if parts[4] == "files":
            return content(repo, query["ref"], unquote(parts[5]))
        base, head = repo.whole(query["from"]), repo.whole(query["to"])
        if not base or not head:
            return said({"message": "404 Ref Not Found"}, 404)
        return said(gitlab_compare(repo, base, head))


def said(content: Any, status: int = 200) -> Said:
    body = json.dumps(content).encode()
    return Said(body, status, {"etag": f'W/"{hash(body)}"'})


def content(repo: Repo, ref: str, path: str) -> Said:
    files = repo.commits[repo.whole(ref)].files if repo.whole(ref) else {}
    if path not in files:
        return said({"message": "Not Found"}, 404)
    return Said(files[path], headers={"content-type": "application/octet-stream"})


def github_compare(repo: Repo, base: str, head: str, common: str) -> Mapping[str, Any]:
    """The answer of https://docs.github.com/rest/commits/commits#compare-two-commits, as far as it is read."""
    ahead, behind = repo.between(base, head), repo.between(head, base)
    status = "diverged" if ahead and behind else "ahead" if ahead else "behind" if behind else "identical"
    return {
        "status": status,
        "ahead_by": len(ahead),
        "behind_by": len(behind),
        "total_commits": len(ahead),
        "merge_base_commit": {"sha": common},
        "commits": [github_commit(one) for one in ahead[:250]],
        "files": [
            {"filename": path, "status": "modified", "patch": "@@"} for path in repo.differ(common, head)[:300]
        ],
    }


def github_commit(one: Committed) -> Mapping[str, Any]:
    at = one.commit.at.isoformat().replace("+00:00", "Z") if one.commit.at else ""
    return {
        "sha": one.commit.sha,
        "commit": {"message": one.message, "author": {"name": one.commit.author, "date": at}},
        "author": None,
    }


def gitlab_compare(repo: Repo, base: str, head: str) -> Mapping[str, Any]:
    """The answer of https://docs.gitlab.com/api/repositories, asked `straight`, as far as it is read."""
    return {
        "commits": [
            {
                "id": one.commit.sha,
                "title": one.commit.title,
                "message": one.message,
                "author_name": one.commit.author,
                "created_at": one.commit.at.isoformat() if one.commit.at else "",
            }
            for one in repo.between(base, head)
        ],
        "diffs": [{"old_path": path, "new_path": path, "diff": "@@"} for path in repo.differ(base, head)],
        "compare_timeout": False,
        "compare_same_ref": base == head,
    }
