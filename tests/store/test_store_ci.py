"""What CI tells is kept whatever order it comes in, and found again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

from bot.edges.store import SqlStore
from bot.facts.courses import Course
from bot.facts.pipelines import Job, JobChange, Outcome, Pipeline, PullRequest, PullRequestState
from bot.ports.store import Unit

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
COMMIT = "0123456789abcdef0123456789abcdef01234567"
PIPELINE = Pipeline(
    "github", "acme/churn", "77", 1, "Train", "main", COMMIT, Outcome.FAILED, "https://x/77", True, NOW, NOW
)
JOB = Job("5", "behaviour \0", Outcome.FAILED, NOW, started=NOW - MINUTE, ended=NOW)
PULL = PullRequest(
    "github",
    "acme/churn",
    12,
    "Lower it \ud800",
    "https://x/12",
    PullRequestState.OPEN,
    "lower",
    COMMIT,
    "main",
    NOW,
)


def course(unit: Unit, subject: str = PIPELINE.subject) -> Course:
    found = unit.pipelines.course(subject)
    assert found is not None
    return found


def test_the_newest_state_of_each_outcome_stays(store: SqlStore) -> None:
    later = replace(PIPELINE, updated=NOW + MINUTE, title="\ud800", pull_requests=(3, 4), created=NOW - MINUTE)
    running = replace(PIPELINE, outcome=Outcome.RUNNING, updated=NOW)
    rerun = replace(PIPELINE, attempt=2, outcome=Outcome.RUNNING, updated=NOW - MINUTE)
    with store.write() as unit:
        assert unit.pipelines.course(PIPELINE.subject) is None
        assert unit.pipelines.put(PIPELINE)
        assert not unit.pipelines.put(PIPELINE)
        assert unit.pipelines.put(later)
        assert not unit.pipelines.put(PIPELINE)
        assert unit.pipelines.put(running)
        assert course(unit).states == (running, later)
        assert unit.pipelines.put(rerun)
        assert course(unit).states == (running, later, rerun)
        assert course(unit).now == replace(rerun, pull_requests=(3, 4))


def test_two_states_of_one_moment_end_the_same_in_either_order(store: SqlStore) -> None:
    others = [replace(PIPELINE, pipeline_id="8", title=title) for title in ("one", "two", "three")]
    ends = set()
    for order in permutations(others):
        with store.write() as unit:
            for one in order:
                unit.pipelines.put(one)
            ends.add(course(unit, others[0].subject).now.title)
    assert len(ends) == 1


def test_jobs_may_come_before_their_pipeline_and_their_errors_apart(store: SqlStore) -> None:
    change = JobChange("github", "acme/churn", "77", JOB)
    error = replace(JOB, error="assert 2 == 3", updated=NOW - MINUTE, outcome=Outcome.FAILED)
    other = replace(JOB, job_id="6", name="lint", outcome=Outcome.PASSED)
    with store.write() as unit:
        assert unit.pipelines.put_job(change)
        assert not unit.pipelines.put_job(change)
        assert unit.pipelines.course(PIPELINE.subject) is None
        assert unit.pipelines.put_job(replace(change, job=error))
        assert unit.pipelines.put(replace(PIPELINE, jobs=(other,)))
        assert not unit.pipelines.put(replace(PIPELINE, jobs=(other,)))
        assert course(unit).jobs == (replace(JOB, error="assert 2 == 3"), other)
        again = replace(JOB, job_id="9", attempt=2, outcome=Outcome.RUNNING)
        assert unit.pipelines.put_job(replace(change, job=again))
        assert course(unit).jobs == (again, other)


def test_the_previous_pipeline_is_the_newest_before_that_passed_or_failed(store: SqlStore) -> None:
    def earlier(pipeline_id: str, minutes: int, **changed: object) -> Pipeline:
        moment = NOW - minutes * MINUTE
        return replace(PIPELINE, pipeline_id=pipeline_id, started=moment, **changed)  # type: ignore[arg-type]

    wanted = earlier("5", 5)
    mended = replace(wanted, outcome=Outcome.PASSED, updated=NOW + MINUTE)
    with store.write() as unit:
        unit.pipelines.put(PIPELINE)
        assert unit.pipelines.previous(course(unit)) is None
        assert not unit.pipelines.followed(course(unit))
        for one in (
            earlier("1", 1, outcome=Outcome.CANCELLED),
            earlier("2", 2, branch="dev"),
            earlier("3", 3, name="Lint"),
            earlier("4", 4, repository="acme/fraud"),
            wanted,
            earlier("6", 6),
        ):
            unit.pipelines.put(one)
        assert unit.pipelines.previous(course(unit)) == wanted
        assert not unit.pipelines.followed(course(unit))
        unit.pipelines.put(mended)
        assert unit.pipelines.previous(course(unit)) == mended
        unit.pipelines.put(earlier("7", -1))
        assert unit.pipelines.previous(course(unit)) == mended
        assert unit.pipelines.followed(course(unit))


def test_pipelines_are_found_by_commit_and_time(store: SqlStore) -> None:
    newer = replace(PIPELINE, pipeline_id="78", updated=NOW + MINUTE)
    other = replace(PIPELINE, pipeline_id="79", commit="f" * 40)
    with store.write() as unit:
        for one in (PIPELINE, newer, other):
            unit.pipelines.put(one)
        assert [one.now for one in unit.pipelines.by_commit(COMMIT)] == [newer, PIPELINE]
        assert [one.now for one in unit.pipelines.by_commit(COMMIT[:7].upper())] == [newer, PIPELINE]
        assert unit.pipelines.by_commit(COMMIT[:6]) == []
        assert [one.now for one in unit.pipelines.find(NOW + MINUTE)] == [newer]
        assert [one.now for one in unit.pipelines.find(NOW, limit=1)] == [newer]


def test_a_pull_request_is_found_by_every_commit_that_was_its_head(store: SqlStore) -> None:
    pushed = replace(PULL, head_commit="f" * 40, title="Lower it more", updated=NOW + MINUTE)
    merged = replace(pushed, state=PullRequestState.MERGED)
    with store.write() as unit:
        assert unit.pull_requests.get(PULL.subject) is None
        assert unit.pull_requests.put(pushed)
        assert unit.pull_requests.put(PULL)
        assert not unit.pull_requests.put(PULL)
        assert unit.pull_requests.get(PULL.subject) == pushed
        assert unit.pull_requests.put(merged)
        assert not unit.pull_requests.put(pushed)
        assert unit.pull_requests.by_head("github", "acme/churn", COMMIT.upper()) == [merged]
        assert unit.pull_requests.by_head("github", "acme/fraud", COMMIT) == []
        assert unit.pull_requests.by_head("gitlab", "acme/churn", COMMIT) == []


def test_repositories_are_known_by_their_pipelines(store: SqlStore) -> None:
    others = [
        replace(PIPELINE, pipeline_id="8", repository="acme/data"),
        replace(PIPELINE, pipeline_id="9", repository="acme/old", updated=NOW - MINUTE),
        replace(PIPELINE, provider="gitlab", repository="acme/elsewhere"),
    ]
    with store.write() as unit:
        for one in (PIPELINE, replace(PIPELINE, outcome=Outcome.RUNNING), *others):
            unit.pipelines.put(one)
        assert unit.pipelines.repositories("github", NOW) == ["acme/churn", "acme/data"]
        assert unit.pipelines.repositories("jenkins", NOW) == []


def test_what_was_not_told_to_be_over_is_unfinished(store: SqlStore) -> None:
    running = replace(PIPELINE, outcome=Outcome.RUNNING, updated=NOW - MINUTE)
    again = replace(running, pipeline_id="78", attempt=2)
    retried = replace(running, pipeline_id="79", updated=NOW + MINUTE)
    waiting = replace(running, pipeline_id="80", outcome=Outcome.WAITING)
    with store.write() as unit:
        for one in (
            *(running, PIPELINE),
            *(replace(PIPELINE, pipeline_id="78"), again),
            *(replace(PIPELINE, pipeline_id="79"), retried),
            *(replace(waiting, outcome=Outcome.QUEUED, updated=NOW - 2 * MINUTE), waiting),
            replace(running, pipeline_id="81", updated=NOW - 5 * MINUTE),
            replace(running, pipeline_id="82", repository="acme/data"),
        ):
            unit.pipelines.put(one)

        def unfinished(limit: int) -> list[tuple[str, Outcome]]:
            found = unit.pipelines.unfinished("github", "acme/churn", NOW - 3 * MINUTE, limit)
            return [(one.pipeline_id, one.outcome) for one in found]

        every = [("80", Outcome.WAITING), ("78", Outcome.RUNNING), ("79", Outcome.RUNNING)]
        assert unfinished(10) == every
        assert unfinished(1) == every[:1]


def test_each_name_and_branch_has_a_newest_pipeline_and_says_since_when_it_fails(store: SqlStore) -> None:
    def told(pipeline_id: str, minutes: int, outcome: Outcome = Outcome.FAILED, **changed: object) -> Pipeline:
        moment = NOW + minutes * MINUTE
        return replace(
            PIPELINE,
            pipeline_id=pipeline_id,
            created=moment,
            updated=moment,
            outcome=outcome,
            **changed,  # type: ignore[arg-type]
        )

    with store.write() as unit:
        for one in (
            told("1", 1),
            told("2", 2, Outcome.PASSED),
            told("3", 3),
            told("4", 4, Outcome.CANCELLED),
            told("5", 5),
            told("6", 6, Outcome.RUNNING),
            told("7", 4, Outcome.PASSED, branch="try"),
            told("8", -9, name="lint"),
        ):
            unit.pipelines.put(one)
        lines = unit.pipelines.lines(NOW)
        assert [one.now.pipeline_id for one in lines] == ["6", "7"]
        assert [since and since.pipeline_id for since in map(unit.pipelines.failing_since, lines)] == ["3", None]
        assert len(unit.pipelines.lines(NOW - 9 * MINUTE)) == 3
        newest = unit.pipelines.default_branch("acme/churn")
        assert newest is not None
        assert newest.branch == "main"
        assert unit.pipelines.default_branch("acme/fraud") is None
