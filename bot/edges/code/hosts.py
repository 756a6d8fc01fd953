"""The code hosts of app.yaml behind one port, with what they answered kept in the database."""

from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlsplit

from pydantic import TypeAdapter, ValidationError

from bot.edges.code.github import Github
from bot.edges.code.gitlab import Gitlab
from bot.facts.causes import CommitRange, Relation, Repository
from bot.judge.repositories import GITHUB, GITLAB, WHOLE, same_commit
from bot.ports.errors import CodeRefused
from bot.ports.evidence import Answer
from bot.ports.store import Store
from bot.settings import CiSettings

RANGE = TypeAdapter(CommitRange)


class HttpCodeHosts:
    """bot.ports.code.CodeHosts over HTTP. Safe to use from several threads.

    What lies between two whole commits never changes, and is asked once; anything else is asked again with its
    ETag, which costs nothing of GitHub's limit where nothing changed.
    """

    def __init__(self, settings: CiSettings, store: Store, now: Callable[[], datetime]) -> None:
        self._hosts: dict[str, Github | Gitlab] = {
            GITHUB: Github(settings.github, now),
            GITLAB: Gitlab(settings.gitlab, now),
        }
        self._store = store
        self._now = now

    def close(self) -> None:
        """Let go of the connections."""
        for host in self._hosts.values():
            host.connection.close()

    def compare(self, repository: Repository, base: str, head: str) -> CommitRange:
        """What lies between two commits, whichever of them is older."""
        if same_commit(base, head):
            return CommitRange(base, head, Relation.SAME)
        host = self._asked(repository)
        question = f"compare {repository.url} {base} {head}"
        kept, etag = self._kept(question)
        if kept is not None and len(base) in WHOLE and len(head) in WHOLE:
            return kept
        found, etag = host.compare(repository, base, head, etag)
        if found is None:
            assert kept is not None, "only an ETag of what is kept is sent"
            return kept
        self._keep(question, RANGE.dump_python(found, mode="json"), etag)
        return found

    def file(self, repository: Repository, commit: str, path: str, most: int) -> bytes | None:
        """A file at a commit, nothing where it has none; git has no paths with `..` or empty parts."""
        if not all(part.strip(".") for part in path.split("/")):
            return None
        host = self._asked(repository)
        question = f"file {repository.url} {commit} {path}"
        with self._store.read() as unit:
            kept = unit.code_answers.get(question)
        if kept is not None and isinstance(kept.content, str) and len(commit) in WHOLE:
            return kept.content.encode("latin-1")
        found = host.file(repository, commit, path, most)
        if found is not None:
            self._keep(question, found.decode("latin-1"))
        return found

    def _asked(self, repository: Repository) -> Github | Gitlab:
        """The host, if it may be asked; CodeRefused says why not."""
        name = urlsplit(repository.url).hostname
        if not repository.ours:
            raise CodeRefused(f"{name} is not the host that app.yaml names")
        host = self._hosts[repository.host]
        if not host.token:
            raise CodeRefused(f"there is no token for {name}")
        return host

    def _kept(self, question: str) -> tuple[CommitRange | None, str]:
        with self._store.read() as unit:
            kept = unit.code_answers.get(question)
        try:
            return (RANGE.validate_python(kept.content), kept.etag) if kept is not None else (None, "")
        except ValidationError:
            return None, ""

    def _keep(self, question: str, content: object, etag: str = "") -> None:
        with self._store.write() as unit:
            unit.code_answers.put(question, Answer(content, etag), self._now())
