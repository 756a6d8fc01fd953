"""Test results that a pipeline left at GitHub are read once it ended; what cannot be read is told once."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.edges.store import SqlStore
from bot.facts.pipelines import Outcome, Pipeline
from bot.facts.reports import Filed
from bot.follow.artifacts import AGAIN, ARTIFACTS_AT_MOST, BYTES_AT_MOST, TASK, TRIES, Reading, plan
from bot.notify.ci.pipelines import Pipelines
from bot.ports.ci_artifacts import CiArtifact
from bot.ports.errors import CodeDown, CodeLimited, CodeRefused
from bot.render.messages import Templates
from bot.settings import Settings
from tests.ci.test_junit import PYTEST, SUREFIRE, zipped
from tests.fakes.ci_artifacts import FakeArtifacts
from tests.fakes.ci_hosts import FakeCiHost

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
PATH = "acme/churn"
ENDED = Pipeline(
    "github", PATH, "7", 1, "tests", "dev", "c" * 40, Outcome.FAILED, "https://x/7", False, NOON,
    started=NOON - 10 * MINUTE, target_branch="main",
)  # fmt: skip
TEMPLATES = Templates()


class World:
    """GitHub's artifacts, a bot's store, and its queue worked by hand."""

    def __init__(self, store: SqlStore, **github: Any) -> None:
        given: dict[str, Any] = {"token": "t", **github}
        self.settings = Settings.model_validate({"app": {"ops_channel": "#ops"}, "ci": {"github": given}})
        self.store = store
        self.github = FakeArtifacts()
        self.now = NOON
        self.pipelines = Pipelines(self.settings, TEMPLATES)
        host = FakeCiHost({})
        host.artifacts = self.github
        self.reading = Reading(self.settings, store, {"github": host}, lambda: self.now)

    def ends(self, pipeline: Pipeline = ENDED) -> None:
        with self.store.write() as unit:
            self.pipelines.take(unit, [pipeline], self.now)
            plan(unit, self.settings, [pipeline], self.now)

    def leave(self, name: str, content: bytes, number: int = 1, size: int = 100, minutes: int = 1) -> None:
        self.github.leave(PATH, "7", CiArtifact(number, name, size, NOON - minutes * MINUTE), content)

    def work(self) -> list[Mapping[str, Any]]:
        """Do what is due; what was asked."""
        done = []
        while True:
            with self.store.write() as unit:
                task = unit.tasks.claim("me", self.now, self.now + MINUTE)
            if task is None:
                return done
            with self.store.write() as unit:
                unit.tasks.done(task.id)
            if task.name == TASK:
                self.reading.read(task.arguments)
                done.append(task.arguments)

    def filed(self) -> list[Filed]:
        with self.store.read() as unit:
            return list(unit.reports.find(pipeline=ENDED.subject))

    def ops(self) -> list[str]:
        with self.store.read() as unit:
            return [text for _, text, _ in unit.notices.open()]


@pytest.fixture
def world(sqlite_store: SqlStore) -> World:
    return World(sqlite_store)


def test_the_reports_of_a_pipeline_are_kept_with_where_they_come_from(world: World) -> None:
    world.leave("junit-unit", zipped(out__a_xml=PYTEST), 1)
    world.leave("Test-Results", zipped(a_xml=SUREFIRE, b_xml=PYTEST, log_txt="x"), 2)
    world.leave("coverage", b"not asked for", 3)
    world.ends()
    world.work()
    found = {filed.origin.name: filed for filed in world.filed()}
    assert {name: filed.counts.total for name, filed in found.items()} == {
        "tests / junit-unit": 5,
        "tests / Test-Results": 8,
    }
    origin = found["tests / junit-unit"].origin
    assert (origin.source, origin.id, origin.at) == ("github", "artifact-1", NOON - MINUTE)
    assert (origin.commit, origin.branch, origin.target) == (ENDED.commit, "dev", "main")
    assert (origin.pipeline, origin.attempt, origin.url) == (ENDED.subject, 1, "https://x/7")
    assert world.github.downloads == 2
    assert world.ops() == []


def test_each_is_read_once_and_a_rerun_adds_its_own(world: World) -> None:
    world.leave("junit", zipped(a_xml=PYTEST), 1)
    world.ends()
    world.ends()
    assert len(world.work()) == 1
    world.leave("junit", zipped(a_xml=SUREFIRE), 2, minutes=-5)
    world.now += 6 * MINUTE
    world.ends(replace(ENDED, attempt=2, started=NOON + MINUTE, updated=world.now))
    assert len(world.work()) == 1
    assert [(filed.origin.id, filed.origin.attempt) for filed in world.filed()] == [
        ("artifact-2", 2),
        ("artifact-1", 1),
    ]
    assert world.github.downloads == 2


def test_a_late_look_tells_the_attempts_apart(world: World) -> None:
    world.leave("junit", zipped(a_xml=PYTEST), 1, minutes=11)
    world.ends(replace(ENDED, attempt=2))
    world.work()
    assert [filed.origin.attempt for filed in world.filed()] == [1]


@pytest.mark.parametrize(
    "pipeline",
    [
        replace(ENDED, outcome=Outcome.RUNNING),
        replace(ENDED, outcome=Outcome.CANCELLED),
        replace(ENDED, provider="gitlab"),
    ],
    ids=["running", "cancelled", "elsewhere"],
)
def test_only_what_ended_at_github_is_asked_for(world: World, pipeline: Pipeline) -> None:
    world.ends(pipeline)
    assert world.work() == []


@pytest.mark.parametrize("github", [{"token": None}, {"artifacts": []}], ids=["no token", "no patterns"])
def test_nothing_is_asked_where_nothing_is_wanted(sqlite_store: SqlStore, github: dict[str, Any]) -> None:
    world = World(sqlite_store, **github)
    world.ends()
    assert world.work() == []


@pytest.mark.parametrize(
    ("name", "content", "size", "reason"),
    [
        ("junit", b"PK no zip", 100, "the zip ends in the middle"),
        ("junit", zipped(a_xml="<html></html>"), 100, "outermost element"),
        ("junit", zipped(a_txt="x"), 100, "no test case"),
        ("junit", b"", BYTES_AT_MOST + 1, "larger than 20 MB"),
        ("junit", b"x" * (BYTES_AT_MOST + 1), 100, "more than"),
    ],
)
def test_what_cannot_be_read_is_told_once_until_it_can(
    world: World, name: str, content: bytes, size: int, reason: str
) -> None:
    world.leave(name, content, 1, size)
    world.leave("test-results", zipped(a_xml=PYTEST), 2)
    world.ends()
    world.work()
    (told,) = world.ops()
    assert reason in told
    assert "junit: " in told
    assert len(world.filed()) == 1, "the other one is kept all the same"
    world.github.left.clear()
    world.ends(replace(ENDED, attempt=2))
    world.work()
    assert world.ops() == []


def test_a_flood_of_artifacts_is_read_in_part_and_told(world: World) -> None:
    for number in range(ARTIFACTS_AT_MOST + 5):
        world.leave(f"junit-{number}", zipped(a_xml=PYTEST), number)
    world.ends()
    world.work()
    assert len(world.filed()) == ARTIFACTS_AT_MOST
    assert "more than 20 artifacts" in world.ops()[0]


def test_trouble_is_tried_later_and_given_up_in_the_end(world: World) -> None:
    world.leave("junit", zipped(a_xml=PYTEST))
    world.ends()
    world.github.trouble = CodeLimited("github.com answers no more questions", NOON + 30 * MINUTE)
    assert len(world.work()) == 1
    world.now += 29 * MINUTE
    assert world.work() == []
    world.now += MINUTE
    world.github.trouble = None
    assert len(world.work()) == 1
    assert len(world.filed()) == 1


def test_a_host_that_is_down_is_not_asked_for_ever(world: World) -> None:
    world.ends()
    world.github.trouble = CodeDown("github.com cannot be reached")
    asked = 0
    for _ in range(20):
        asked += len(world.work())
        world.now += AGAIN * 16
    assert asked == TRIES


def test_a_token_that_may_not_is_told(world: World) -> None:
    world.ends()
    world.github.trouble = CodeRefused("github.com does not let the token read the repository")
    world.work()
    assert "does not let the token read" in world.ops()[0]
