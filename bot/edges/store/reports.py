"""Test reports, one row each."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, func, or_, select

from bot.edges.store.cases import packed, picked, unpacked
from bot.edges.store.columns import clean, microseconds, moment_of, short
from bot.edges.store.statements import insert_new
from bot.edges.store.tables import reports
from bot.facts.reports import CaseId, Counts, Filed, Origin, Past, Report, all_shards

# So many reports of one name and branch are kept; a test run is one for each of its shards and attempts.
PARTS_KEPT = 1_200
LAST_OF_A_BRANCH = timedelta(days=365)
SHORTEST_COMMIT = 7
LINES_AT_MOST = 1000
LAST_CHARACTER = "\U0010ffff"
NEWEST = (reports.c.at.desc(), reports.c.id.desc())


class SqlReports:
    """bot.ports.reports.Reports."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def put(self, report: Report) -> bool:
        """Keep a report, and let the oldest of its branch go; False when its id was kept before."""
        if not insert_new(self.connection, reports, _row(report), ("source", "report_id")):
            return False
        of_branch = _of_branch(report.origin.repository, report.origin.name, report.origin.branch)
        superfluous = select(reports.c.id).where(*of_branch).order_by(*NEWEST).offset(PARTS_KEPT)
        self.connection.execute(delete(reports).where(reports.c.id.in_(superfluous.limit(PARTS_KEPT))))
        return True

    def parts(self, test_run: str) -> Sequence[Report]:
        """Every report of a test run, oldest first."""
        statement = select(reports.c.origin, reports.c.cases).where(reports.c.test_run == test_run)
        rows = self.connection.execute(statement.order_by(reports.c.at, reports.c.id))
        return [Report(_origin(row.origin), unpacked(row.cases)) for row in rows]

    def last_complete(
        self, repository: str, name: str, branch: str, before: datetime, leave: str = ""
    ) -> Sequence[Report]:
        """The parts of a branch's newest test run before a moment that has all its shards."""
        conditions = *_of_branch(repository, name, branch), reports.c.at < before
        statement = select(reports.c.test_run, reports.c.origin).where(*conditions)
        found: dict[str, list[Origin]] = {}
        for row in self.connection.execute(statement.order_by(*NEWEST).limit(PARTS_KEPT)):
            found.setdefault(row.test_run, []).append(_origin(row.origin))
        for test_run, origins in found.items():
            if test_run != short(leave) and all_shards(origins):
                return [part for part in self.parts(test_run) if part.origin.at < before]
        return []

    def history(
        self,
        repository: str,
        name: str,
        branches: Collection[str],
        cases: Collection[CaseId],
        before: datetime,
        limit: int = 10,
    ) -> Mapping[CaseId, Sequence[Past]]:
        """How cases ended in the newest test runs of some branches before a moment, oldest first."""
        wanted = frozenset(cases)
        found: dict[CaseId, list[Past]] = {}
        if not wanted:
            return found
        conditions = (
            reports.c.repository == repository,
            reports.c.name == name,
            reports.c.branch.in_(tuple(branches)),
            reports.c.at < before,
        )
        newest = select(reports.c.test_run).where(*conditions).group_by(reports.c.test_run)
        newest = newest.order_by(func.max(reports.c.at).desc()).limit(limit)
        statement = select(reports.c.at, reports.c.git_commit, reports.c.cases).where(
            reports.c.test_run.in_(newest), *conditions
        )
        for row in self.connection.execute(statement.order_by(reports.c.at, reports.c.id)):
            for identity, outcome, seconds in picked(row.cases, wanted):
                found.setdefault(identity, []).append(Past(row.at, row.git_commit, outcome, seconds))
        return found

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
        """Reports of which all that is given is true, newest first."""
        given = {"test_run": test_run, "pipeline": pipeline, "branch": branch, "run": run, "model": model}
        given |= {"repository": repository, "name": name}
        conditions = [reports.c[column] == value for column, value in given.items() if value is not None]
        if commit is not None:
            if len(clean(commit)) < SHORTEST_COMMIT:
                return []
            conditions.append(_of_commit(clean(commit.lower())))
        statement = select(reports.c.origin, reports.c.counts).where(*conditions)
        rows = self.connection.execute(statement.order_by(*NEWEST).limit(limit))
        return [Filed(_origin(row.origin), Counts(**row.counts)) for row in rows]

    def lines(self) -> Sequence[tuple[str, str, str]]:
        """(repository, branch, name) of everything that was reported, the newest first."""
        line = (reports.c.repository, reports.c.branch, reports.c.name)
        newest = select(*line).group_by(*line).order_by(func.max(reports.c.at).desc()).limit(LINES_AT_MOST)
        return [(row.repository, row.branch, row.name) for row in self.connection.execute(newest)]

    def forget(self, before: datetime) -> int:
        """Drop what is older than a moment, but a branch's newest only once it is a year older than that."""
        newer = reports.alias()
        same = [reports.c[name] == newer.c[name] for name in ("repository", "name", "branch")]
        later = newer.c.test_run != reports.c.test_run, newer.c.at > reports.c.at, ~newer.c.partial
        superseded = select(newer.c.id).where(*same, *later).exists()
        old = and_(reports.c.at < before, superseded)
        gone = or_(old, reports.c.at < before - LAST_OF_A_BRANCH)
        return self.connection.execute(delete(reports).where(gone)).rowcount


def _of_branch(repository: str, name: str, branch: str) -> tuple[ColumnElement[bool], ...]:
    return reports.c.repository == repository, reports.c.name == name, reports.c.branch == branch


def _of_commit(commit: str) -> ColumnElement[bool]:
    column = reports.c.git_commit
    beginnings = [commit[:length] for length in range(SHORTEST_COMMIT, len(commit) + 1)]
    return or_(and_(column >= commit, column < commit + LAST_CHARACTER), column.in_(beginnings))


def _row(report: Report) -> dict[str, Any]:
    origin = report.origin
    return {
        "source": origin.source,
        "report_id": origin.id,
        "test_run": origin.test_run,
        "repository": origin.repository,
        "name": origin.name,
        "branch": origin.branch,
        "git_commit": origin.commit.lower(),
        "pipeline": origin.pipeline,
        "run": origin.run,
        "model": origin.model,
        "at": origin.at,
        "shard": origin.shard,
        "shards": origin.shards,
        "partial": origin.partial,
        "origin": asdict(origin) | {"at": microseconds(origin.at)},
        "counts": asdict(report.counts),
        "cases": packed(report.cases),
    }


def _origin(kept: dict[str, Any]) -> Origin:
    return Origin(**(kept | {"at": moment_of(kept["at"])}))
