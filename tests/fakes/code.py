"""Repositories in memory: what people commit, and what a CodeHosts then tells of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha1

from bot.facts.causes import Commit, CommitRange, Relation, Repository
from bot.ports.errors import CodeRefused, EdgeError

BEGAN = datetime(2026, 3, 1, 9, tzinfo=UTC)


@dataclass(frozen=True)
class Committed:
    """One commit: its own facts, its parents and all files at it."""

    commit: Commit
    message: str
    parents: tuple[str, ...]
    files: Mapping[str, bytes]


@dataclass
class Repo:
    """A repository's history."""

    commits: dict[str, Committed] = field(default_factory=dict)

    def commit(self, message: str, parent: str = "", **files: bytes | None) -> str:
        """A commit on a parent; names of files are written with "__" for "." and "___" for "/", None removes."""
        before = dict(self.commits[parent].files) if parent else {}
        for name, content in files.items():
            path = name.replace("___", "/").replace("__", ".")
            if content is None:
                before.pop(path, None)
            else:
                before[path] = content
        sha = sha1(f"{len(self.commits)} {message}".encode()).hexdigest()
        at = BEGAN + timedelta(hours=len(self.commits))
        one = Commit(sha, message.partition("\n")[0], "Jo Doe", at)
        self.commits[sha] = Committed(one, message, (parent,) if parent else (), before)
        return sha

    def whole(self, sha: str) -> str:
        """The full hash; empty for a commit that is not there."""
        return next((one for one in self.commits if sha and one.startswith(sha)), "")

    def history(self, sha: str) -> list[str]:
        """A commit and all before it, the newest first."""
        found = [sha]
        for one in found:
            found += [parent for parent in self.commits[one].parents if parent not in found]
        return found

    def between(self, base: str, head: str) -> list[Committed]:
        """What the head has and the base has not, the oldest first."""
        known = set(self.history(base))
        return [self.commits[one] for one in reversed(self.history(head)) if one not in known]

    def merge_base(self, base: str, head: str) -> str:
        """The newest commit that both have; empty where there is none."""
        known = set(self.history(base))
        return next((one for one in self.history(head) if one in known), "")

    def differ(self, base: str, head: str) -> list[str]:
        """The paths that are not the same at both."""
        before, after = self.commits[base].files, self.commits[head].files
        return sorted(path for path in {*before, *after} if before.get(path) != after.get(path))


class FakeCodeHosts:
    """bot.ports.code.CodeHosts without a host; `trouble` is raised by every question while it is set."""

    def __init__(self, repos: Mapping[str, Repo] | None = None) -> None:
        self.repos = dict(repos or {})
        self.hidden: set[str] = set()
        self.tokens = True
        self.trouble: EdgeError | None = None
        self.asked: list[str] = []

    def compare(self, repository: Repository, base: str, head: str) -> CommitRange:
        repo = self._repo(repository, "compare")
        base, head = self._known(repo, repository, (base, head))
        gained, lost = repo.between(base, head), repo.between(head, base)
        return CommitRange(
            base=base,
            head=head,
            relation=_relation(repo, base, head),
            gained=tuple(one.commit for one in reversed(gained)),
            gained_count=len(gained),
            lost=tuple(one.commit for one in reversed(lost)),
            lost_count=len(lost),
            paths=tuple(repo.differ(base, head)),
        )

    def file(self, repository: Repository, commit: str, path: str, most: int) -> bytes | None:
        repo = self._repo(repository, "file")
        found = repo.commits[repo.whole(commit)].files.get(path) if repo.whole(commit) else None
        if found is not None and len(found) > most:
            raise CodeRefused("it is too long")
        return found

    def _repo(self, repository: Repository, question: str) -> Repo:
        self.asked.append(question)
        if self.trouble is not None:
            raise self.trouble
        if not repository.ours:
            raise CodeRefused(f"{repository.url} is not on the host that app.yaml names")
        if not self.tokens:
            raise CodeRefused("there is no token for github.com")
        if repository.path not in self.repos or repository.path in self.hidden:
            raise CodeRefused("github.com knows no such repository, or the token may not see it")
        return self.repos[repository.path]

    def _known(self, repo: Repo, repository: Repository, commits: Iterable[str]) -> tuple[str, str]:
        base, head = (repo.whole(one) for one in commits)
        if not base or not head:
            raise CodeRefused(f"{repository.path} does not have one of the commits: never pushed, or rewritten")
        return base, head


def _relation(repo: Repo, base: str, head: str) -> Relation:
    common = repo.merge_base(base, head)
    if base == head:
        return Relation.SAME
    if not common:
        return Relation.UNRELATED
    return Relation.AHEAD if common == base else Relation.BEHIND if common == head else Relation.DIVERGED
