"""The course of a pipeline, made of everything that was told of it, in whatever order it came."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from bot.facts.pipelines import Job, Outcome, Pipeline

DECIDED = frozenset({Outcome.PASSED, Outcome.FAILED})


@dataclass(frozen=True, slots=True)
class Course:
    """A pipeline's states, the oldest first, and the newest state of each of its jobs, by name.

    There is at least one state, and at most one of each outcome of each attempt: the newest that was told.
    """

    states: tuple[Pipeline, ...]
    jobs: tuple[Job, ...] = ()

    @property
    def now(self) -> Pipeline:
        """The newest attempt as it stands, with its jobs, and with what only earlier states tell."""
        newest = self.states[-1]
        numbers = {number for state in self.states for number in state.pull_requests}
        return replace(
            newest,
            branch=newest.branch or self._told("branch"),
            target_branch=newest.target_branch or self._told("target_branch"),
            head_repository=newest.head_repository or self._told("head_repository"),
            parent=newest.parent or self._told("parent"),
            pull_requests=tuple(sorted(numbers)),
            jobs=self.jobs,
        )

    @property
    def began(self) -> datetime:
        """What pipelines of one branch are ordered by (UTC): a rerun does not make a pipeline newer."""
        return min(state.began for state in self.states)

    @property
    def before(self) -> Outcome | None:
        """How it ended when it last passed or failed before its newest state; nothing where it did not."""
        decided = [state.outcome for state in self.states[:-1] if state.outcome in DECIDED]
        return decided[-1] if decided else None

    def ever(self, outcome: Outcome) -> bool:
        """Whether it was seen to end like this, in this attempt or before."""
        return any(state.outcome is outcome for state in self.states)

    def _told(self, name: str) -> str:
        return next((told for state in reversed(self.states) if (told := str(getattr(state, name)))), "")


def course_of(states: Iterable[Pipeline], jobs: Iterable[Job] = ()) -> Course | None:
    """The course that these states and jobs make, the same in any order; nothing without a state."""
    ordered = sorted(states, key=lambda state: (state.attempt, state.updated, state.outcome.rank))
    return Course(tuple(ordered), _newest(jobs)) if ordered else None


def _newest(jobs: Iterable[Job]) -> tuple[Job, ...]:
    """The last word on each job by its name; what it died of may have been told apart from its end."""
    by_name: dict[str, list[Job]] = {}
    for job in jobs:
        by_name.setdefault(job.name, []).append(job)
    return tuple(_last(by_name[name]) for name in sorted(by_name))


def _last(told: Iterable[Job]) -> Job:
    ordered = sorted(told, key=lambda job: (job.attempt, job.updated, job.outcome.rank, job.job_id, job.error))
    last = ordered[-1]
    errors = [
        one.error for one in ordered if one.error and (one.job_id, one.attempt) == (last.job_id, last.attempt)
    ]
    failed = last.outcome is Outcome.FAILED
    return replace(last, error=errors[-1] if errors and failed else "")
