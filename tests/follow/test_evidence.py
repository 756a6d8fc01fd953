"""Comparable runs show what lies behind them: gathered on the queue and never in a tick, then kept."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from bot.edges.queue import ThreadQueue
from bot.edges.store import SqlStore
from bot.facts.runs import Change, RunRef
from bot.follow.evidence import TASK, TRIES, Evidences
from bot.follow.gathering import LATER, Gatherer
from bot.follow.tracker import Follower
from bot.notify.announce import Announcer
from bot.ports.errors import CodeDown, CodeLimited, CodeRefused, EdgeError, TrackerDown
from bot.ports.store import Unit
from bot.render.messages import Templates
from bot.settings import CardSettings, FollowingSettings, Settings, SubscriptionSettings
from handlers.jobs import forget
from tests.fakes.code import FakeCodeHosts, Repo
from tests.fakes.tracker import FakeTracker
from tests.follow.world import MINUTE, POLL, SECOND, Clock

SETTINGS = Settings(
    channels={"#churn": (SubscriptionSettings(experiments=("churn",), post=("finished",)),)},
    cards=CardSettings(group_after=2),
)


@dataclass
class World:
    """A followed tracker, a repository and a queue; cards are what the outbox would say."""

    store: SqlStore
    clock: Clock = field(default_factory=Clock)
    repo: Repo = field(default_factory=Repo)

    def __post_init__(self) -> None:
        self.tracker = FakeTracker("main", self.clock)
        self.experiment = self.tracker.create_experiment("churn")
        self.code = FakeCodeHosts({"acme/churn": self.repo})
        self.base = self.repo.commit("Begin", train__py=b"1")
        self.head = self.repo.commit("Scale the inputs", self.base, train__py=b"2")
        announcer = Announcer(SETTINGS, Templates())
        gatherer = Gatherer(self.code, {"main": self.tracker}, SETTINGS.ci)
        self.evidence = Evidences(announcer, self.store, gatherer, self.clock)
        self.queue = ThreadQueue(self.store, self.clock, "worker")

        def announce(unit: Unit, changes: Sequence[Change], now: datetime) -> None:
            announcer(unit, changes, now)
            self.evidence.plan(unit, changes, now)

        self.follower = Follower(self.tracker, self.store, announce, self.clock, FollowingSettings(), POLL)

    def tick(self, after: timedelta = POLL) -> None:
        self.clock.now += after
        assert self.follower.tick().error == ""

    def train(self, commit: str, lr: str = "0.1") -> str:
        """A run from start to end, alike to the others but for its commit."""
        tags = {
            "mlflow.source.git.commit": commit,
            "mlflow.source.git.repoURL": "https://github.com/acme/churn.git",
        }
        run = self.tracker.create_run(self.experiment, started=self.clock.now, tags=tags)
        self.tracker.param(run, "lr", lr)
        self.tracker.log(run, "auc", 0.5)
        self.clock.now += MINUTE
        self.tracker.end(run, ended=self.clock.now)
        self.tick()
        return run

    def work(self) -> int:
        """Do what waits; returns how many tasks there were."""
        self.clock.now += SECOND
        done = 0
        while self.queue.work_one({TASK: self.evidence.read}):
            done += 1
        return done

    def card(self, run: str) -> str:
        with self.store.read() as unit:
            (row,) = unit.cards.of_run(RunRef("main", run))
            post = unit.outbox.get(row.channel, row.card_key)
        assert post is not None
        return " ".join(post.text.split())

    def kept(self, run: str) -> int:
        with self.store.read() as unit:
            return len(unit.evidence.of(RunRef("main", run)))


@pytest.fixture
def world(sqlite_store: SqlStore) -> World:
    made = World(sqlite_store)
    for _ in range(3):
        made.tick(SECOND)
    return made


def test_a_comparable_run_names_the_commits_since_its_baseline(world: World) -> None:
    world.train(world.base)
    run = world.train(world.head)
    before = world.card(run)
    assert f"Changed: commit {world.base[:7]} → {world.head[:7]}" in before
    assert world.code.asked == [], "never in the tick"
    assert world.work() == 1
    assert "Only the code changed: 1 commit: “Scale the inputs”" in world.card(run)


def test_a_card_that_is_said_again_needs_no_network(world: World) -> None:
    world.train(world.base)
    run = world.train(world.head)
    world.work()
    asked = len(world.code.asked)
    world.tracker.tag(run, "mlflow.note.content", "Learned something.")
    for _ in range(5):
        world.tick(2 * MINUTE)
    assert "Only the code changed" in world.card(run)
    assert len(world.code.asked) == asked


def test_exploration_and_first_runs_are_not_looked_into(world: World) -> None:
    world.train(world.base)
    explored = world.train(world.head, lr="0.5")
    assert world.work() == 0
    assert "lr 0.1 → 0.5" in world.card(explored)
    assert "Only" not in world.card(explored)


def test_runs_that_share_a_card_are_not_looked_into(world: World) -> None:
    runs = [world.train(world.base) for _ in range(5)]
    world.work()
    assert [world.kept(run) for run in runs] == [0, 1, 0, 0, 0]


@pytest.mark.parametrize(
    ("trouble", "asked"),
    [(CodeDown("down"), TRIES), (CodeRefused("github.com knows no such repository"), 1)],
)
def test_a_host_in_trouble_is_asked_again_and_then_left(world: World, trouble: EdgeError, asked: int) -> None:
    world.code.trouble = trouble
    world.train(world.base)
    run = world.train(world.head)
    for _ in range(8):
        world.work()
        world.clock.now += LATER
    assert world.code.asked == ["compare"] * asked
    assert f"commit {world.base[:7]} → {world.head[:7]}" in world.card(run)
    assert "Only" not in world.card(run)


def test_a_host_that_counts_questions_is_asked_when_it_counts_anew(world: World) -> None:
    world.train(world.base)
    run = world.train(world.head)
    until = world.clock.now + timedelta(minutes=40)
    world.code.trouble = CodeLimited("github.com answers no more questions", until)
    assert world.work() == 1
    world.clock.now += timedelta(minutes=30)
    assert world.work() == 0
    world.code.trouble = None
    world.clock.now = until
    assert world.work() == 1
    assert "“Scale the inputs”" in world.card(run)


def test_a_tracker_in_trouble_does_not_hide_the_commits(world: World) -> None:
    world.train(world.base)
    run = world.train(world.head)
    world.tracker.trouble, world.tracker.trouble_in = TrackerDown("main did not answer in time."), "model_files"
    world.work()
    assert "Changed: 1 commit: “Scale the inputs”" in world.card(run)
    assert "Not known: environment (main did not answer in time)" in world.card(run)


def test_a_commit_that_was_given_later_makes_old_evidence_void(world: World) -> None:
    world.train(world.base)
    run = world.train(world.head)
    world.work()
    other = world.repo.commit("Another way", world.base)
    world.tracker.tag(run, "mlflow.source.git.commit", other)
    for _ in range(5):
        world.tick(2 * MINUTE)
    assert "Scale the inputs" not in world.card(run)
    assert other[:7] in world.card(run)


def test_a_run_that_is_gone_is_let_go(world: World) -> None:
    world.evidence.read({"tracker": "main", "run_id": "x", "other_id": "y", "tries": 3})
    assert world.code.asked == []


def test_evidence_is_forgotten_in_time(world: World) -> None:
    world.train(world.base)
    run = world.train(world.head)
    world.work()
    forget(world.store, world.clock.now - MINUTE)
    assert world.kept(run) == 1
    forget(world.store, world.clock.now + MINUTE)
    assert world.kept(run) == 0
