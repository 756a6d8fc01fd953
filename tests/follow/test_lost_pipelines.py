"""What a webhook lost is found by asking: after downtime, every hour, once however many processes look."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.edges.store import SqlStore
from bot.facts.pipelines import JobChange, Outcome, Pipeline
from bot.follow.lost_pipelines import LOOKS, LostPipelines
from bot.notify.ci.pipelines import Pipelines
from bot.ports.errors import CodeDown, CodeLimited, CodeRefused
from bot.render.messages import Templates
from bot.settings import Settings
from handlers.jobs import forget
from tests.fakes.ci_hosts import FakeCiHost, Runs

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
PATH = "acme/churn"
GIVEN: dict[str, Any] = {
    "app": {"ops_channel": "#ops"},
    "channels": {"#churn": [{"post": ["pipelines"]}]},
    "ci": {"github": {"repositories": [PATH]}},
}


class World:
    """A host, and a bot that may have slept; `again` is another process on the same database."""

    def __init__(self, store: SqlStore, **given: Any) -> None:
        self.store = store
        self.runs = Runs()
        self.host = FakeCiHost({PATH: self.runs})
        self.settings = Settings.model_validate({**GIVEN, **given})
        self.now = NOON
        self.looking = self.again()

    def again(self) -> LostPipelines:
        return LostPipelines({"github": self.host}, self.store, Pipelines(self.settings, Templates()))

    def look(self, after: timedelta = timedelta(0)) -> list[str]:
        """Look some time later; what the host was asked."""
        self.now += after
        self.host.asked.clear()
        self.looking.look(self.now)
        return list(self.host.asked)

    def webhook(self, number: int) -> None:
        """The webhook tells where a pipeline is, without its jobs."""
        told = self.host.whole(PATH, str(number))
        assert told is not None
        with self.store.write() as unit:
            self.looking.pipelines.take(unit, [replace(told, jobs=())], self.now)

    def known(self, number: int) -> tuple[Outcome, dict[str, Outcome]] | None:
        with self.store.read() as unit:
            course = unit.pipelines.course(f"pipeline:github:{PATH}:{number}")
            return course and (course.now.outcome, {job.name: job.outcome for job in course.jobs})

    def posted(self, channel: str) -> Sequence[str]:
        subjects = [f"pipeline:github:{PATH}:{number}" for number in self.runs.runs]
        with self.store.read() as unit:
            return [subject for subject in subjects if unit.outbox.get(channel, subject) is not None]

    def ops(self) -> bool:
        with self.store.read() as unit:
            return any(key == "ci:github" for key, _, _ in unit.notices.open())


@pytest.fixture
def world(sqlite_store: SqlStore) -> World:
    return World(sqlite_store)


def test_a_pipeline_of_which_nothing_came_is_found_with_its_jobs(world: World) -> None:
    world.runs.run(7, Outcome.FAILED, NOON - HOUR, unit=Outcome.FAILED)
    world.look()
    assert world.known(7) == (Outcome.FAILED, {"unit": Outcome.FAILED})
    assert world.posted("#churn") == [f"pipeline:github:{PATH}:7"]


def test_an_end_that_the_webhook_lost_is_found_however_long_ago_it_began(world: World) -> None:
    world.look()
    ran = world.runs.run(7, Outcome.RUNNING, world.now)
    world.webhook(7)
    world.host.most = 0
    ran.outcome, ran.updated = Outcome.FAILED, world.now + 3 * HOUR
    world.look(4 * HOUR)
    assert world.known(7) == (Outcome.FAILED, {})


def test_what_is_known_is_not_asked_for_again(world: World) -> None:
    world.runs.run(7, Outcome.PASSED, NOON - HOUR)
    world.webhook(7)
    assert world.look() == [f"pipelines {PATH}"]


def test_a_failure_whose_jobs_nobody_told_is_completed(world: World) -> None:
    world.runs.run(7, Outcome.FAILED, NOON - HOUR, unit=Outcome.FAILED)
    world.webhook(7)
    assert world.look() == [f"pipelines {PATH}", f"whole {PATH} 7"]
    assert world.known(7) == (Outcome.FAILED, {"unit": Outcome.FAILED})
    assert world.look(HOUR) == [f"pipelines {PATH}"]


def test_a_rerun_whose_deliveries_were_lost_is_found(world: World) -> None:
    ran = world.runs.run(7, Outcome.FAILED, NOON - HOUR, unit=Outcome.FAILED)
    world.look()
    ran.attempt, ran.outcome, ran.updated, ran.jobs = 2, Outcome.PASSED, NOON + MINUTE, {"unit": Outcome.PASSED}
    world.look(HOUR)
    assert world.known(7) == (Outcome.PASSED, {"unit": Outcome.PASSED})


def test_an_outline_that_is_older_than_what_is_known_changes_nothing(world: World) -> None:
    ran = world.runs.run(7, Outcome.PASSED, NOON - HOUR)
    world.webhook(7)
    ran.outcome, ran.updated = Outcome.RUNNING, ran.updated - MINUTE
    assert world.look() == [f"pipelines {PATH}"]


def test_it_looks_every_hour_and_once_at_the_start_of_a_process(world: World) -> None:
    looks = [bool(world.look(10 * MINUTE)) for _ in range(13)]
    assert looks == [True, *[False] * 5, True, *[False] * 5, True]
    world.looking = world.again()
    assert not world.look(5 * MINUTE), "it was just looked at"
    assert world.look(5 * MINUTE)
    assert not world.look(10 * MINUTE)


def test_two_processes_do_not_look_twice(world: World) -> None:
    other = world.again()
    for minutes in range(0, 180, 5):
        world.host.asked.clear()
        world.looking.look(NOON + minutes * MINUTE)
        other.look(NOON + minutes * MINUTE)
        assert len(world.host.asked) <= 1, minutes


def test_a_repository_that_a_webhook_named_is_looked_at_for_a_month(sqlite_store: SqlStore) -> None:
    world = World(sqlite_store, ci={})
    world.runs.run(7, Outcome.PASSED, NOON - HOUR)
    assert world.look() == []
    world.webhook(7)
    assert world.look(MINUTE) == [f"pipelines {PATH}"]
    assert world.look(timedelta(days=31)) == []


def test_a_missed_hour_is_made_up_for(world: World) -> None:
    world.look()
    world.host.trouble = CodeDown("github.com cannot be reached")
    world.runs.run(7, Outcome.FAILED, NOON + 10 * MINUTE)
    for _ in range(12):
        world.look(HOUR)
    world.host.trouble = None
    world.look(10 * MINUTE)
    assert world.known(7) == (Outcome.FAILED, {})


def test_a_refusal_is_told_once_and_that_it_is_over_too(world: World) -> None:
    world.host.trouble = CodeRefused("github.com wants another token")
    for _ in range(3):
        world.look(HOUR)
        assert world.ops()
    world.looking = world.again()
    world.host.trouble = None
    world.look(HOUR)
    assert not world.ops()


def test_a_host_that_is_down_for_a_moment_is_no_trouble(world: World) -> None:
    world.look()
    world.host.trouble = CodeDown("github.com cannot be reached")
    assert world.look(HOUR)
    assert not world.ops()
    assert world.look(10 * MINUTE), "it is tried again soon"
    world.look(HOUR)
    assert world.ops()


def test_one_repository_that_is_refused_is_no_others_trouble(sqlite_store: SqlStore) -> None:
    world = World(sqlite_store, ci={"github": {"repositories": ["acme/gone", PATH]}})
    world.runs.run(7, Outcome.FAILED, NOON - HOUR)
    world.look()
    assert world.known(7) == (Outcome.FAILED, {})
    assert world.ops()
    world.look(HOUR)
    assert world.ops(), "the other one can be read, this one not"


def test_a_host_whose_limit_is_used_up_is_left_alone_until_then(world: World) -> None:
    world.host.trouble = CodeLimited("github.com answers no more questions", NOON + 2 * HOUR)
    assert len(world.look()) == 1
    assert [world.look(30 * MINUTE) for _ in range(3)] == [[], [], []]
    world.host.trouble = None
    assert world.look(30 * MINUTE) == [f"pipelines {PATH}"]
    assert not world.ops()


def test_a_deleted_pipeline_holds_nothing_up(world: World) -> None:
    world.runs.run(7, Outcome.RUNNING, NOON - HOUR)
    world.webhook(7)
    del world.runs.runs[7]
    assert world.look() == [f"pipelines {PATH}", f"whole {PATH} 7"]
    assert not world.ops()


def test_a_long_list_is_read_over_several_looks(world: World) -> None:
    for number in range(250):
        world.runs.run(number, Outcome.PASSED, NOON - HOUR + number * timedelta(seconds=1))
    assert len(world.look()) == 201
    assert len(world.look(10 * MINUTE)) == 51
    assert world.look(10 * MINUTE) == []


def test_a_look_ends_when_it_is_told_to_and_is_had_again(world: World) -> None:
    world.runs.run(7, Outcome.FAILED, NOON - HOUR)
    world.looking.stopping.set()
    assert world.look() == []
    world.looking = world.again()
    world.look(10 * MINUTE)
    assert world.known(7) is not None


def test_looks_of_a_month_ago_are_forgotten(world: World) -> None:
    world.look()
    with world.store.write() as unit:
        unit.fires.fire("digest:#churn", "2026-11-02", NOON)
    forget(world.store, NOON + MINUTE)
    with world.store.read() as unit:
        assert unit.fires.last(f"{LOOKS}tried:github:{PATH}") is None
        assert unit.fires.last("digest:#churn") is not None


def test_jobs_alone_make_no_repository_known(sqlite_store: SqlStore) -> None:
    world = World(sqlite_store, ci={})
    world.runs.run(7, Outcome.FAILED, unit=Outcome.FAILED)
    whole = world.host.whole(PATH, "7")
    assert isinstance(whole, Pipeline)
    with sqlite_store.write() as unit:
        unit.pipelines.put_job(JobChange("github", PATH, "7", whole.jobs[0]))
    assert world.look() == []
