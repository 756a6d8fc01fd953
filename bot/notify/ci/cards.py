"""The facts of what is said about checks: their cards, their pull request's card, and thread replies; pure."""

from collections.abc import Sequence

from bot.facts.checks import Check
from bot.facts.messages import Message
from bot.facts.pipelines import Outcome, Pipeline, PullRequest
from bot.facts.runs import Run
from bot.notify.ci.turns import Turn

ALLOWED_AT_MOST = 5
CHECKS_AT_MOST = 8
RUNS_AT_MOST = 10


def check_card(turn: Turn) -> Message:
    """A pipeline as it stands, with the jobs that failed and what its tests say; or tests without a pipeline."""
    check, pipeline = turn.check, turn.check.pipeline
    if pipeline is None:
        return Message("cards/tests", {"check": check, "tested": check.tested})
    allowed = [job for job in pipeline.jobs if job.outcome is Outcome.FAILED and job.allowed_to_fail]
    facts = {
        "pipeline": pipeline,
        "word": turn.word,
        "failed": check.failed_jobs,
        "allowed": allowed[:ALLOWED_AT_MOST],
        "over": sum(job.outcome.ended for job in pipeline.jobs),
        "tested": check.tested,
    }
    return Message("cards/pipeline", facts)


def turn_reply(turn: Turn) -> Message:
    """What people must notice: the pipeline started failing, or is fixed."""
    check = turn.check
    facts = {"pipeline": check.pipeline, "word": turn.word, "failed": check.failed_jobs}
    return Message("cards/pipeline_turn", facts)


def flaky_reply(check: Check) -> Message:
    """What people must notice of the tests of a check: some of them are newly flaky."""
    return Message(
        "cards/flaky", {"check": check, "tested": [one for one in check.tested if one.newly_flaky.cases]}
    )


def suites_reply(check: Check, command: str) -> Message:
    """What the tests of a check changed, all of it that is told, in a thread."""
    facts = {"tested": [one for one in check.tested if one.changed], "branch": check.branch, "command": command}
    return Message("cards/tests_reply", facts)


def pull_request_card(subject: str, known: PullRequest | None, checks: Sequence[Pipeline]) -> Message:
    """A pull request, whose thread holds its pipelines; `checks` are those of its newest commit, at least one.

    Before the provider told of it, it is what its pipelines say.
    """
    number = int(subject.rpartition(":")[2])
    more = max(0, len(checks) - CHECKS_AT_MOST)
    facts = {"known": known, "number": number, "checks": checks[:CHECKS_AT_MOST], "more_checks": more}
    return Message("cards/pull_request", facts)


def check_reply(check: Check, *, own: bool, dirty: bool = False) -> Message:
    """A check in the thread of a run it is about; `own` where the thread is about that run alone.

    `dirty` tells that the run was trained from the commit with changes on top, which no pipeline saw.
    """
    facts = {
        "check": check,
        "own": own,
        "dirty": dirty,
        "failed": check.failed_jobs,
        "tested": check.tested,
    }
    return Message("cards/check_reply", facts)


def check_of_runs(check: Check, runs: Sequence[Run]) -> Message:
    """One message for the many runs that a check is about."""
    facts = {
        "check": check,
        "failed": check.failed_jobs,
        "tested": check.tested,
        "runs": runs[:RUNS_AT_MOST],
        "more_runs": max(0, len(runs) - RUNS_AT_MOST),
    }
    return Message("cards/check_of_runs", facts)
