"""GitHub's API of artifacts: https://docs.github.com/rest/actions/artifacts."""

from collections.abc import Callable, Sequence
from datetime import datetime
from urllib.parse import urlsplit

from pydantic import AwareDatetime, BaseModel

from bot.edges.ci.questions import PAGE, Questions, named
from bot.edges.code.connection import Connection, NotFound
from bot.edges.code.github import JSON
from bot.ports.ci_artifacts import CiArtifact
from bot.ports.errors import CodeRefused

PAGES_AT_MOST = 3


class Artifact(BaseModel):
    """An artifact of a run."""

    id: int
    name: str
    size_in_bytes: int
    expired: bool = False
    created_at: AwareDatetime | None = None


class ArtifactList(BaseModel):
    """A page of artifacts."""

    artifacts: list[Artifact]


class GithubArtifacts:
    """bot.ports.ci_artifacts.CiArtifacts on GitHub. Safe to use from several threads."""

    def __init__(self, connection: Connection, questions: Questions, now: Callable[[], datetime]) -> None:
        """`questions` are asked by the connection."""
        self._connection = connection
        self._questions = questions
        self._now = now

    def of_pipeline(self, repository: str, pipeline_id: str) -> Sequence[CiArtifact]:
        """What a run left in all of its attempts and has not expired."""
        place = f"/repos/{named(repository, 2)}/actions/runs/{int(pipeline_id)}/artifacts"
        found: list[CiArtifact] = []
        for page in range(1, PAGES_AT_MOST + 1):
            try:
                listed = self._questions.ask(ArtifactList, place, per_page=str(PAGE), page=str(page)).artifacts
            except NotFound:
                break
            found += [
                CiArtifact(one.id, one.name, one.size_in_bytes, one.created_at or self._now())
                for one in listed
                if not one.expired
            ]
            if len(listed) < PAGE:
                break
        return found

    def content(self, repository: str, artifact: CiArtifact, most: int) -> bytes:
        """The zip: GitHub says where it is kept, for a minute and for whoever asks; that place gets no token."""
        place = f"/repos/{named(repository, 2)}/actions/artifacts/{artifact.number}/zip"
        try:
            got = self._connection.get(place, accept=JSON, most=most, moved=True)
            return self._stored(got.location, most) if got.location else got.body
        except NotFound:
            raise CodeRefused(f"{self._connection.host} has it no more") from None

    def _stored(self, location: str, most: int) -> bytes:
        target = urlsplit(location)
        if target.scheme not in ("https", self._connection.scheme) or not target.hostname:
            raise CodeRefused(f"{self._connection.host} says that it is at no https address")
        path = target._replace(scheme="", netloc="", fragment="").geturl()
        stored = Connection(f"{target.scheme}://{target.netloc}", {}, self._now)
        try:
            return stored.get(path, accept="*/*", most=most).body
        finally:
            stored.close()
