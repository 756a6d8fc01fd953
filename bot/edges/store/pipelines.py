"""The newest state of each pipeline."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, or_, select

from bot.edges.store.columns import clean, microseconds, moment_of
from bot.edges.store.statements import insert, was_kept
from bot.edges.store.tables import pipelines
from bot.facts.pipelines import Outcome, Pipeline

SHORTEST_COMMIT = 7
ENDED = tuple(outcome.value for outcome in Outcome if outcome.ended)
MOMENTS = ("updated", "started", "created")
LAST_CHARACTER = "\U0010ffff"


class SqlPipelines:
    """bot.ports.cards.Pipelines."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def put(self, pipeline: Pipeline) -> bool:
        """Keep a pipeline's state; False when an equal or newer one (attempt, then updated) is there."""
        statement = insert(self.connection, pipelines).values(**_row(pipeline))
        new = statement.excluded
        newer = or_(
            pipelines.c.attempt < new.attempt,
            and_(pipelines.c.attempt == new.attempt, pipelines.c.updated < new.updated),
        )
        values = {column.name: new[column.name] for column in pipelines.c if column.name != "subject"}
        statement = statement.on_conflict_do_update(index_elements=["subject"], set_=values, where=newer)
        return was_kept(self.connection, statement.returning(pipelines.c.subject))

    def get(self, subject: str) -> Pipeline | None:
        """A pipeline by its subject."""
        return next(iter(self._find(1, pipelines.c.subject == subject)), None)

    def previous(self, pipeline: Pipeline) -> Pipeline | None:
        """The newest ended pipeline of the same repository, name and branch, updated before this one."""
        same = (
            pipelines.c.provider == pipeline.provider,
            pipelines.c.repository == pipeline.repository,
            pipelines.c.name == pipeline.name,
            pipelines.c.branch == pipeline.branch,
        )
        earlier = (pipelines.c.subject != pipeline.subject, pipelines.c.updated < pipeline.updated)
        return next(iter(self._find(1, *same, *earlier, pipelines.c.outcome.in_(ENDED))), None)

    def by_commit(self, commit: str) -> Sequence[Pipeline]:
        """Pipelines of a commit (long or at least 7 characters), newest first."""
        commit = clean(commit.lower())
        if len(commit) < SHORTEST_COMMIT:
            return []
        column = pipelines.c.git_commit
        beginnings = [commit[:length] for length in range(SHORTEST_COMMIT, len(commit) + 1)]
        longer = and_(column >= commit, column < commit + LAST_CHARACTER)
        return self._find(None, or_(longer, column.in_(beginnings)))

    def find(self, since: datetime, limit: int = 50) -> Sequence[Pipeline]:
        """Pipelines updated since a moment, newest first."""
        return self._find(limit, pipelines.c.updated >= since)

    def _find(self, limit: int | None, *conditions: ColumnElement[bool]) -> Sequence[Pipeline]:
        newest = (pipelines.c.updated.desc(), pipelines.c.subject)
        statement = select(pipelines.c.details).where(*conditions).order_by(*newest).limit(limit)
        return [_pipeline(details) for details in self.connection.scalars(statement)]


def _row(pipeline: Pipeline) -> dict[str, Any]:
    return {
        "subject": pipeline.subject,
        "attempt": pipeline.attempt,
        "updated": pipeline.updated,
        "provider": pipeline.provider,
        "repository": pipeline.repository,
        "name": pipeline.name,
        "branch": pipeline.branch,
        "git_commit": pipeline.commit.lower(),
        "outcome": pipeline.outcome.value,
        "details": asdict(replace(pipeline, jobs=()))
        | {name: _number(getattr(pipeline, name)) for name in MOMENTS},
    }


def _number(moment: datetime | None) -> int | None:
    return None if moment is None else microseconds(moment)


def _pipeline(details: dict[str, Any]) -> Pipeline:
    times = {name: None if details.get(name) is None else moment_of(details[name]) for name in MOMENTS}
    numbers = tuple(details.get("pull_requests", ()))
    known = {"outcome": Outcome(details["outcome"]), "pull_requests": numbers, "jobs": ()}
    return Pipeline(**(details | times | known))
