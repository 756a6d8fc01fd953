"""The newest state of each pull request under each commit that was its head."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, select

from bot.edges.store.tables import pull_requests
from bot.edges.store.told import packed, put_newer, unpacked, version_of
from bot.facts.pipelines import PullRequest, PullRequestState


class SqlPullRequests:
    """bot.ports.ci.PullRequests."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def put(self, pull_request: PullRequest) -> bool:
        """Keep a state; False when an equal or newer one of this head is there."""
        details = packed(pull_request)
        over = pull_request.state is not PullRequestState.OPEN
        row = {
            "subject": pull_request.subject,
            "head_commit": pull_request.head_commit.lower(),
            "version": version_of(pull_request.updated, int(over), details),
            "provider": pull_request.provider,
            "repository": pull_request.repository,
            "details": details,
        }
        return put_newer(self.connection, pull_requests, row)

    def get(self, subject: str) -> PullRequest | None:
        """A pull request in its newest state."""
        return next(iter(self._find(pull_requests.c.subject == subject)), None)

    def by_head(self, provider: str, repository: str, commit: str) -> Sequence[PullRequest]:
        """The pull requests into a repository whose head is or was this whole commit, in their newest state."""
        heads = select(pull_requests.c.subject).where(
            pull_requests.c.head_commit == commit.lower(),
            pull_requests.c.provider == provider,
            pull_requests.c.repository == repository,
        )
        return self._find(pull_requests.c.subject.in_(heads))

    def _find(self, condition: ColumnElement[bool]) -> Sequence[PullRequest]:
        rows = select(pull_requests.c.subject, pull_requests.c.details).where(condition)
        rows = rows.order_by(pull_requests.c.subject, pull_requests.c.version)
        newest = {row.subject: row.details for row in self.connection.execute(rows)}
        return [_pull_request(details) for details in newest.values()]


def _pull_request(details: Mapping[str, Any]) -> PullRequest:
    return PullRequest(**(unpacked(details) | {"state": PullRequestState(details["state"])}))
