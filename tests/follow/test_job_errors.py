"""A failed job's line is asked for once, on the queue, and stands on what is known of the job."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.edges.store import SqlStore
from bot.facts.pipelines import Job, JobChange, News, Outcome, Pipeline
from bot.follow import job_errors
from bot.notify.ci.pipelines import Pipelines
from bot.ports.errors import CodeDown, CodeLimited, CodeRefused
from bot.render.messages import Templates
from bot.settings import Settings
from tests.fakes.ci_hosts import FakeCiHost, Runs

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
PATH = "acme/churn"
LINE = "FAILED tests/a.py::test_a - assert 2 == 3"


class World:
    """A host on which one pipeline failed."""

    def __init__(self, store: SqlStore) -> None:
        self.store = store
        self.runs = Runs()
        self.ran = self.runs.run(7, Outcome.FAILED, NOON - timedelta(hours=1), unit=Outcome.FAILED)
        self.ran.error = LINE
        self.host = FakeCiHost({PATH: self.runs})
        self.pipelines = Pipelines(Settings(), Templates())

    def whole(self) -> Pipeline:
        found = self.host.whole(PATH, "7")
        assert found is not None
        return found

    def job(self, **changes: Any) -> JobChange:
        return JobChange("github", PATH, "7", replace(self.whole().jobs[0], **changes))

    def taken(self, *news: News) -> list[dict[str, Any]]:
        """Take news; the tasks that were handed over."""
        with self.store.write() as unit:
            self.pipelines.take(unit, news, NOON)
            job_errors.plan(unit, {"github": self.host}, news, NOON)
            found = []
            while task := unit.tasks.claim("me", NOON, NOON + timedelta(minutes=1)):
                assert task.name == job_errors.TASK
                found.append(dict(task.arguments))
        return found

    def read(self, asked: dict[str, Any]) -> None:
        job_errors.read({"github": self.host}, self.store, self.pipelines, asked, NOON)

    def known(self) -> Job:
        with self.store.read() as unit:
            course = unit.pipelines.course(f"pipeline:github:{PATH}:7")
        assert course is not None
        return course.jobs[0]


@pytest.fixture
def world(sqlite_store: SqlStore) -> World:
    return World(sqlite_store)


def test_a_failed_jobs_line_replaces_what_the_webhook_knew(world: World) -> None:
    told = replace(world.whole(), jobs=(world.job(error="in step “Run pytest”").job,))
    (asked,) = world.taken(told)
    assert world.known().error == "in step “Run pytest”"
    world.read(asked)
    assert world.known().error == LINE


def test_it_is_asked_for_once_though_told_again_and_again(world: World) -> None:
    assert len(world.taken(world.job())) == 1
    assert world.taken(world.job(), world.whole()) == []
    assert len(world.taken(world.job(attempt=2))) == 1


def test_a_job_may_be_told_before_its_pipeline(world: World) -> None:
    (asked,) = world.taken(world.job())
    world.read(asked)
    world.taken(replace(world.whole(), jobs=()))
    assert world.known().error == LINE


def test_a_job_that_was_run_again_meanwhile_stays_as_it_is(world: World) -> None:
    (asked,) = world.taken(world.whole())
    passed = world.job(attempt=2, outcome=Outcome.PASSED, updated=NOON)
    world.taken(passed)
    world.read(asked)
    assert (world.known().outcome, world.known().error) == (Outcome.PASSED, "")


def test_what_does_not_matter_is_not_asked_for(world: World) -> None:
    assert world.taken(world.job(outcome=Outcome.PASSED), world.job(job_id="8", allowed_to_fail=True)) == []
    assert world.taken(world.job(job_id="9", updated=NOON - timedelta(days=2))) == []
    assert world.taken(replace(world.job(), provider="gitlab")) == [], "it may not be asked"


def test_of_many_failures_a_few_are_asked_about(world: World) -> None:
    assert len(world.taken(*(world.job(job_id=str(number)) for number in range(100)))) == job_errors.JOBS_AT_MOST


@pytest.mark.parametrize("refusal", [CodeRefused("no"), CodeLimited("not now", NOON)])
def test_a_refusal_ends_it(world: World, refusal: Exception) -> None:
    (asked,) = world.taken(world.whole())
    world.host.trouble = refusal  # type: ignore[assignment]
    world.read(asked)
    assert world.known().error == ""


def test_a_host_that_is_down_is_asked_again_by_the_queue(world: World) -> None:
    (asked,) = world.taken(world.whole())
    world.host.trouble = CodeDown("gone")
    with pytest.raises(CodeDown):
        world.read(asked)


def test_a_job_of_which_nothing_is_told_stays_as_it_is(world: World) -> None:
    (asked,) = world.taken(world.whole())
    world.ran.error = ""
    world.read(asked)
    assert world.known().error == ""
