"""Test reports as the core sees them: kept for as long as something is compared with them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.facts.reports import CaseId, Filed, Past, Report


class Reports(Protocol):
    """Reports as they came: a test run of several shards or attempts is several of them."""

    def put(self, report: Report) -> bool:
        """Keep a report; False when one with its source and id was kept before."""
        ...

    def parts(self, test_run: str) -> Sequence[Report]:
        """Every report of a test run (Origin.test_run), oldest first."""
        ...

    def last_complete(
        self, repository: str, name: str, branch: str, before: datetime, leave: str = ""
    ) -> Sequence[Report]:
        """The parts of a branch's newest test run before a moment that has all its shards; `leave` one out."""
        ...

    def history(
        self,
        repository: str,
        name: str,
        branches: Collection[str],
        cases: Collection[CaseId],
        before: datetime,
        limit: int = 10,
    ) -> Mapping[CaseId, Sequence[Past]]:
        """How cases ended in the newest `limit` reports of some branches before a moment, oldest first."""
        ...

    def find(
        self,
        *,
        test_run: str | None = None,
        commit: str | None = None,
        pipeline: str | None = None,
        branch: str | None = None,
        repository: str | None = None,
        name: str | None = None,
        run: str | None = None,
        model: str | None = None,
        limit: int = 50,
    ) -> Sequence[Filed]:
        """Reports of which all that is given is true, newest first; a commit may be short (7 characters)."""
        ...

    def lines(self) -> Sequence[tuple[str, str, str]]:
        """(repository, branch, name) of everything that was reported, the newest first."""
        ...

    def forget(self, before: datetime) -> int:
        """Drop what is older than a moment, but a branch's newest only once it is a year older than that."""
        ...
