"""The facts of what is said about pipelines: their cards, their pull request's card, and thread replies; pure."""

from collections.abc import Sequence

from bot.facts.messages import Message
from bot.facts.pipelines import Job, Outcome, Pipeline, PullRequest
from bot.notify.turns import Turn

JOBS_AT_MOST = 5
CHECKS_AT_MOST = 8


def pipeline_card(turn: Turn) -> Message:
    """A pipeline as it stands, with the jobs that failed."""
    pipeline = turn.course.now
    failed = failed_jobs(pipeline)
    allowed = [job for job in pipeline.jobs if job.outcome is Outcome.FAILED and job.allowed_to_fail]
    facts = {
        "pipeline": pipeline,
        "word": turn.word,
        "failed": failed[:JOBS_AT_MOST],
        "more_failed": max(0, len(failed) - JOBS_AT_MOST),
        "allowed": allowed[:JOBS_AT_MOST],
        "over": sum(job.outcome.ended for job in pipeline.jobs),
    }
    return Message("cards/pipeline", facts)


def failed_jobs(pipeline: Pipeline) -> list[Job]:
    """The jobs that failed and were not allowed to."""
    return [job for job in pipeline.jobs if job.outcome is Outcome.FAILED and not job.allowed_to_fail]


def turn_reply(turn: Turn) -> Message:
    """What people must notice: the pipeline started failing, or is fixed."""
    failed = failed_jobs(turn.course.now)[:JOBS_AT_MOST]
    return Message("cards/pipeline_turn", {"pipeline": turn.course.now, "word": turn.word, "failed": failed})


def pull_request_card(subject: str, known: PullRequest | None, checks: Sequence[Pipeline]) -> Message:
    """A pull request, whose thread holds its pipelines; `checks` are those of its newest commit, at least one.

    Before the provider told of it, it is what its pipelines say.
    """
    number = int(subject.rpartition(":")[2])
    more = max(0, len(checks) - CHECKS_AT_MOST)
    facts = {"known": known, "number": number, "checks": checks[:CHECKS_AT_MOST], "more_checks": more}
    return Message("cards/pull_request", facts)


def pipeline_reply(pipeline: Pipeline, *, own: bool) -> Message:
    """A pipeline in the thread of a run of its commit; `own` where the thread is about that run alone."""
    failed = failed_jobs(pipeline)[:JOBS_AT_MOST]
    return Message("cards/pipeline_reply", {"pipeline": pipeline, "own": own, "failed": failed})
