"""What was told of each pipeline and of its jobs."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import takewhile
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, exists, func, not_, or_, select

from bot.edges.store.columns import clean, short
from bot.edges.store.statements import chunks
from bot.edges.store.tables import pipeline_jobs, pipelines
from bot.edges.store.told import packed, put_newer, unpacked, version_of
from bot.facts.courses import Course, course_of
from bot.facts.pipelines import Job, JobChange, Outcome, Pipeline

SHORTEST_COMMIT = 7
OF_A_COMMIT_AT_MOST = 100
# Among so many states of a repository's newest pipelines one of its default branch is looked for.
LOOKED_AT = 200
LINES_AT_MOST = 500
DECIDED = (Outcome.PASSED.value, Outcome.FAILED.value)
ENDED = tuple(outcome.value for outcome in Outcome if outcome.ended)
LAST_CHARACTER = "\U0010ffff"


class SqlPipelines:
    """bot.ports.ci.Pipelines."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def put(self, pipeline: Pipeline) -> bool:
        """Keep a state and the jobs told with it; False when nothing of it is new."""
        new = [put_newer(self.connection, pipelines, _row(pipeline))]
        return any(new + [self._put_job(pipeline.subject, job) for job in pipeline.jobs])

    def put_job(self, change: JobChange) -> bool:
        """Keep the state of a job, whose pipeline need not be known yet; False when it is not new."""
        return self._put_job(change.subject, change.job)

    def course(self, subject: str) -> Course | None:
        """Everything known of a pipeline; nothing as long as only its jobs are."""
        return self.courses([subject]).get(subject)

    def courses(self, subjects: Sequence[str]) -> Mapping[str, Course]:
        """Everything known of some pipelines, by subject; those of which nothing is are left out."""
        found = self._courses(subjects)
        return {subject: course for subject in subjects if (course := found.get(short(subject))) is not None}

    def default_branch(self, repository: str) -> Pipeline | None:
        """The newest pipeline of a repository's default branch, which tells what that is called."""
        newest = select(pipelines.c.details).where(pipelines.c.repository == repository)
        newest = newest.order_by(pipelines.c.began.desc()).limit(LOOKED_AT)
        told = (_pipeline(details) for details in self.connection.scalars(newest))
        return next((one for one in told if one.default_branch), None)

    def previous(self, course: Course) -> Pipeline | None:
        """The newest pipeline of the same name and branch that began before and passed or failed."""
        began, subject = pipelines.c.began, pipelines.c.subject
        before = or_(began < course.began, and_(began == course.began, subject < short(course.now.subject)))
        newest = (began.desc(), subject.desc(), pipelines.c.attempt.desc(), pipelines.c.version.desc())
        statement = select(pipelines.c.details).where(*_like(course.now), before).order_by(*newest).limit(1)
        details = self.connection.scalars(statement).first()
        return None if details is None else _pipeline(details)

    def followed(self, course: Course) -> bool:
        """Whether a pipeline of the same name and branch that began later has passed or failed."""
        began, subject = pipelines.c.began, pipelines.c.subject
        after = or_(began > course.began, and_(began == course.began, subject > short(course.now.subject)))
        statement = select(pipelines.c.subject).where(*_like(course.now), after).limit(1)
        return self.connection.scalars(statement).first() is not None

    def lines(self, since: datetime) -> Sequence[Course]:
        """The newest pipeline of each repository, branch and name told of since a moment, newest first."""
        line = (pipelines.c.repository, pipelines.c.branch, pipelines.c.name)
        began = func.max(pipelines.c.began)
        told = select(*line, began.label("began")).where(pipelines.c.updated >= since).group_by(*line)
        newest = told.order_by(began.desc()).limit(LINES_AT_MOST).subquery()
        same = [pipelines.c[name] == newest.c[name] for name in ("repository", "branch", "name", "began")]
        found = select(pipelines.c.subject).join(newest, and_(*same)).order_by(pipelines.c.began.desc())
        courses = self._courses(list(dict.fromkeys(self.connection.scalars(found))))
        first: dict[tuple[str, str, str], Course] = {}
        for course in courses.values():
            first.setdefault((course.now.repository, course.now.branch, course.now.name), course)
        return list(first.values())

    def failing_since(self, course: Course) -> Pipeline | None:
        """The first of those of its name and branch that failed in a row until now; nothing if it passed."""
        newest = (pipelines.c.began.desc(), pipelines.c.subject.desc(), pipelines.c.attempt.desc())
        rows = select(pipelines.c.details).where(*_line(course.now), pipelines.c.outcome.in_(DECIDED))
        rows = rows.order_by(*newest, pipelines.c.version.desc()).limit(LOOKED_AT)
        ends: dict[str, Pipeline] = {}
        for one in map(_pipeline, self.connection.scalars(rows)):
            ends.setdefault(one.subject, one)
        failing = list(takewhile(lambda one: one.outcome is Outcome.FAILED, ends.values()))
        return failing[-1] if failing else None

    def by_commit(self, commit: str) -> Sequence[Course]:
        """Pipelines of a commit (at least 7 characters of it), the newest first."""
        commit = clean(commit.lower())
        if len(commit) < SHORTEST_COMMIT:
            return []
        column = pipelines.c.git_commit
        beginnings = [commit[:length] for length in range(SHORTEST_COMMIT, len(commit) + 1)]
        longer = and_(column >= commit, column < commit + LAST_CHARACTER)
        return self._find(OF_A_COMMIT_AT_MOST, or_(longer, column.in_(beginnings)))

    def find(self, since: datetime, limit: int = 50) -> Sequence[Course]:
        """Pipelines that changed since a moment, the newest first."""
        return self._find(limit, pipelines.c.updated >= since)

    def repositories(self, provider: str, since: datetime) -> Sequence[str]:
        """The repositories whose pipelines changed since a moment, by name."""
        recent = (pipelines.c.updated >= since, pipelines.c.provider == provider)
        names = select(pipelines.c.repository).where(*recent).distinct().order_by(pipelines.c.repository)
        return self.connection.scalars(names).all()

    def unfinished(self, provider: str, repository: str, since: datetime, limit: int) -> Sequence[Pipeline]:
        """Pipelines that were told of since a moment, and not that their newest attempt is over; oldest first."""
        end = pipelines.alias()
        later = or_(
            end.c.attempt > pipelines.c.attempt,
            and_(end.c.attempt == pipelines.c.attempt, end.c.updated >= pipelines.c.updated),
        )
        over = exists().where(end.c.subject == pipelines.c.subject, end.c.outcome.in_(ENDED), later)
        place = (pipelines.c.repository == repository, pipelines.c.provider == provider)
        going_on = (pipelines.c.updated >= since, pipelines.c.outcome.not_in(ENDED), not_(over))
        first = (func.min(pipelines.c.updated), pipelines.c.subject)
        statement = select(pipelines.c.subject).where(*place, *going_on).group_by(pipelines.c.subject)
        subjects = self.connection.scalars(statement.order_by(*first).limit(limit)).all()
        return [course.now for course in self._courses(subjects).values()]

    def _find(self, limit: int, *conditions: ColumnElement[bool]) -> Sequence[Course]:
        newest = (func.max(pipelines.c.updated).desc(), pipelines.c.subject)
        statement = select(pipelines.c.subject).where(*conditions)
        statement = statement.group_by(pipelines.c.subject).order_by(*newest).limit(limit)
        return list(self._courses(self.connection.scalars(statement).all()).values())

    def _courses(self, subjects: Sequence[str]) -> Mapping[str, Course]:
        """The courses of these subjects by their keys, in their order."""
        keys = [short(subject) for subject in subjects]
        states: dict[str, list[Pipeline]] = {key: [] for key in keys}
        jobs: dict[str, list[Job]] = {key: [] for key in keys}
        for some in chunks(keys):
            told = select(pipelines.c.subject, pipelines.c.details).where(pipelines.c.subject.in_(some))
            for subject, details in self.connection.execute(told):
                states[subject].append(_pipeline(details))
            parts = select(pipeline_jobs.c.subject, pipeline_jobs.c.details)
            for subject, details in self.connection.execute(parts.where(pipeline_jobs.c.subject.in_(some))):
                jobs[subject].append(_job(details))
        courses = {key: course_of(states[key], jobs[key]) for key in keys}
        return {key: course for key, course in courses.items() if course is not None}

    def _put_job(self, subject: str, job: Job) -> bool:
        details = packed(job)
        row = {
            "subject": subject,
            "attempt": job.attempt,
            "job_id": job.job_id,
            "told": "error" if job.error else "state",
            "version": version_of(job.updated, job.outcome.rank, details),
            "details": details,
        }
        return put_newer(self.connection, pipeline_jobs, row)


def _line(pipeline: Pipeline) -> tuple[ColumnElement[bool], ...]:
    """The pipelines of the same name and branch."""
    return (
        pipelines.c.repository == pipeline.repository,
        pipelines.c.branch == pipeline.branch,
        pipelines.c.name == pipeline.name,
        pipelines.c.provider == pipeline.provider,
    )


def _like(pipeline: Pipeline) -> tuple[ColumnElement[bool], ...]:
    """Other pipelines of the same name and branch that passed or failed."""
    return (
        *_line(pipeline),
        pipelines.c.outcome.in_(DECIDED),
        pipelines.c.subject != pipeline.subject,
    )


def _row(pipeline: Pipeline) -> dict[str, Any]:
    details = packed(pipeline, "jobs")
    return {
        "subject": pipeline.subject,
        "attempt": pipeline.attempt,
        "outcome": pipeline.outcome.value,
        "version": version_of(pipeline.updated, pipeline.outcome.rank, details),
        "began": pipeline.began,
        "updated": pipeline.updated,
        "provider": pipeline.provider,
        "repository": pipeline.repository,
        "name": pipeline.name,
        "branch": pipeline.branch,
        "git_commit": pipeline.commit.lower(),
        "details": details,
    }


def _pipeline(details: Mapping[str, Any]) -> Pipeline:
    return Pipeline(**(unpacked(details) | {"outcome": Outcome(details["outcome"])}))


def _job(details: Mapping[str, Any]) -> Job:
    return Job(**(unpacked(details) | {"outcome": Outcome(details["outcome"])}))
