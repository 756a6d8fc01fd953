"""Runs that went wrong show the last lines of what they logged, read on the queue and never in a tick."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from bot.edges.queue import TRIES, ThreadQueue
from bot.edges.store import SqlStore
from bot.facts.messages import Post
from bot.facts.runs import Change, RunRef
from bot.follow.traces import END_BYTES, LATER, TASK, Traces
from bot.follow.tracker import Follower
from bot.notify.announce import Announcer
from bot.ports.errors import EdgeError, TrackerDown, TrackerRefused
from bot.ports.store import Unit
from bot.render.messages import Templates
from bot.settings import CardSettings, FollowingSettings, Settings, SubscriptionSettings
from handlers.jobs import forget
from tests.fakes.tracker import FakeTracker
from tests.follow.world import HOUR, MINUTE, POLL, SECOND, Clock

TRACEBACK = b"""Traceback (most recent call last):
  File "/srv/train.py", line 9, in <module>
    train()
  File "/srv/train.py", line 4, in train
    raise ValueError(f"<!channel> *no* {token}")
ValueError: <!channel> *no* xoxb-12345678901-abcdefABCDEF
"""
SETTINGS = Settings(
    channels={"#churn": (SubscriptionSettings(experiments=("churn",), post=("finished", "failed", "stalled")),)},
    cards=CardSettings(group_after=2, early_failure=timedelta(0)),
)


@dataclass
class World:
    """A followed tracker and a queue; runs are what people trained, cards what the outbox would say."""

    store: SqlStore
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        self.tracker = FakeTracker("main", self.clock)
        self.experiment = self.tracker.create_experiment("churn")
        announcer = Announcer(SETTINGS, Templates())
        self.traces = Traces(announcer, self.store, {"main": self.tracker}, self.clock)
        self.queue = ThreadQueue(self.store, self.clock, "worker")

        def announce(unit: Unit, changes: Sequence[Change], now: datetime) -> None:
            self.traces.drop(unit, changes)
            announcer(unit, changes, now)
            self.traces.plan(unit, changes, now)

        self.follower = Follower(self.tracker, self.store, announce, self.clock, FollowingSettings(), POLL)

    def tick(self, after: timedelta = POLL) -> None:
        self.clock.now += after
        assert self.follower.tick().error == ""

    def begin(self, name: str = "owl") -> str:
        return self.tracker.create_run(self.experiment, name, started=self.clock.now)

    def train(self, status: str = "FAILED", *, metric: bool = True, **artifacts: bytes) -> str:
        """A run from start to end; artifacts are written with "__" for "." and "___" for "/"."""
        run = self.begin()
        if metric:
            self.tracker.log(run, "auc", 0.5)
        for path, content in artifacts.items():
            self.tracker.artifact(run, path.replace("___", "/").replace("__", "."), content)
        self.tracker.end(run, status, ended=self.clock.now)
        self.tick()
        return run

    def work(self) -> int:
        """Do what waits; returns how many tasks there were."""
        self.clock.now += SECOND  # the follower counts microseconds on while the clock stands still
        done = 0
        while self.queue.work_one({TASK: self.traces.read}):
            done += 1
        return done

    def post(self, run: str) -> Post:
        with self.store.read() as unit:
            (row,) = unit.cards.of_run(RunRef("main", run))
            post = unit.outbox.get(row.channel, row.card_key)
        assert post is not None
        return post

    def card(self, run: str) -> str:
        return self.post(run).text

    def kept(self, run: str) -> bool:
        with self.store.read() as unit:
            return unit.traces.get(RunRef("main", run)) is not None


@pytest.fixture
def world(sqlite_store: SqlStore) -> World:
    made = World(sqlite_store)
    for _ in range(3):
        made.tick(SECOND)
    return made


def test_a_failed_run_shows_what_it_logged_of_the_cause(world: World) -> None:
    run = world.train(traceback__txt=TRACEBACK, train__log=b"epoch 1\n")
    first = world.post(run)
    assert "ValueError" not in first.text
    assert "artifacts" not in world.tracker.asked, "never in the tick"
    assert world.work() == 1
    post = world.post(run)
    assert post.key == first.key
    assert "Last lines of traceback.txt" in post.text
    assert 'File "/srv/train.py", line 4, in train' in post.text
    assert f"/runs/{run}/artifacts/traceback.txt" in str(post.blocks)


def test_what_was_logged_stays_data_without_secrets(world: World) -> None:
    run = world.train(traceback__txt=TRACEBACK)
    world.work()
    blocks = str(world.post(run).blocks)
    assert "ValueError: <!channel> *no* [secret]" in blocks, "as plain text of a preformatted block"
    assert "&lt;!channel&gt; *no* [secret]" in world.card(run)
    assert "abcdef" not in blocks + world.card(run)


def test_a_secret_in_colours_is_taken_out_too(world: World) -> None:
    run = world.train(train__log=b"token xo\x1b[1mxb-12345678901-abc\x1b[0mdefABCDEF was refused\n")
    world.work()
    assert "token [secret] was refused" in world.card(run)


@pytest.mark.parametrize(("status", "metric"), [("FAILED", True), ("KILLED", True), ("FINISHED", False)])
def test_the_end_of_a_log_is_shown_where_no_traceback_is(world: World, status: str, metric: bool) -> None:
    run = world.train(status, metric=metric, logs___train__log=b"x" * END_BYTES + b"\nepoch 1\nout of memory\n")
    world.work()
    assert "Last lines of logs/train.log" in world.card(run)
    assert "epoch 1 out of memory" in " ".join(world.card(run).split())
    assert "xxx" not in world.card(run)


def test_a_traceback_in_any_log_is_more_telling_than_the_end_of_another(world: World) -> None:
    run = world.train(stderr__log=b"some warning\n", train__log=b"epoch 1\n" + TRACEBACK)
    world.work()
    assert "Last lines of train.log" in world.card(run)


def test_what_tells_nothing_is_not_shown(world: World) -> None:
    run = world.train(
        mean_squared_error__txt=b"0.43", model___err__txt=b"0", stdout__log=b"PK\0\1", err__log=b"\n"
    )
    world.work()
    assert "Last lines" not in world.card(run)


def test_a_run_that_went_well_is_not_looked_into(world: World) -> None:
    world.train("FINISHED", train__log=b"all is well\n")
    assert world.work() == 0


def test_a_silent_run_is_looked_into_and_again_when_it_ends(world: World) -> None:
    run = world.begin()
    world.tracker.artifact(run, "train.log", b"epoch 7 begins\n")
    world.tick()
    world.tick(4 * HOUR)
    world.work()
    assert "epoch 7 begins" in world.card(run)
    world.tracker.artifact(run, "train.log", b"interrupted\n")
    world.tracker.end(run, "KILLED", ended=world.clock.now)
    world.tick()
    assert "epoch 7 begins" not in world.card(run)
    world.work()
    assert "interrupted" in world.card(run)


def test_a_run_that_goes_on_drops_what_it_left_behind(world: World) -> None:
    run = world.train(traceback__txt=TRACEBACK)
    world.work()
    assert world.kept(run)
    world.tracker.reopen(run)
    world.tick()
    assert not world.kept(run)
    assert "ValueError" not in world.card(run)


def test_what_is_read_of_a_run_that_has_gone_on_is_let_go(world: World) -> None:
    run = world.train(traceback__txt=TRACEBACK)
    world.tracker.reopen(run)
    world.tick()
    assert world.work() == 1
    assert not world.kept(run)
    world.tracker.end(run, "FAILED", ended=world.clock.now)
    world.tick()
    world.work()
    assert "ValueError" in world.card(run)


def test_logs_that_come_late_are_found_and_looked_for_no_third_time(world: World) -> None:
    late, never = world.train("KILLED"), world.train("KILLED")
    assert world.work() == 2
    assert world.work() == 0
    world.tracker.artifact(late, "slurm-7.out", b"srun: oom-kill event\n")
    world.clock.now += LATER
    assert world.work() == 2
    assert "oom-kill event" in world.card(late)
    assert "Last lines" not in world.card(never)
    world.clock.now += HOUR
    assert world.work() == 0


@pytest.mark.parametrize(("trouble", "asked"), [(TrackerDown("down"), TRIES), (TrackerRefused("403"), 1)])
def test_a_tracker_in_trouble_is_asked_again_and_then_left(world: World, trouble: EdgeError, asked: int) -> None:
    run = world.train(traceback__txt=TRACEBACK)
    before = world.post(run)
    world.tracker.trouble, world.tracker.trouble_in = trouble, "artifacts"
    for _ in range(10):
        world.work()
        world.clock.now += 5 * MINUTE
    assert world.tracker.asked.count("artifacts") == asked
    assert world.post(run) == before


def test_an_artifact_that_is_refused_does_not_hide_the_others(world: World) -> None:
    run = world.train(traceback__txt=TRACEBACK, train__log=b"epoch 1\n")
    world.tracker.trouble, world.tracker.trouble_in = TrackerRefused("too long"), "artifact_end"
    world.work()
    assert world.tracker.asked.count("artifact_end") == 2
    assert "Last lines" not in world.card(run)


def test_runs_that_share_a_card_and_history_are_not_looked_into(world: World) -> None:
    old = world.tracker.create_run(world.experiment, "old", started=world.clock.now - HOUR)
    world.tracker.artifact(old, "traceback.txt", TRACEBACK)
    world.tracker.end(old, "FAILED", ended=world.clock.now - HOUR)
    runs = [world.train(traceback__txt=TRACEBACK) for _ in range(4)]
    world.work()
    assert [world.kept(run) for run in (old, *runs)] == [False, True, True, False, False]


def test_last_lines_are_forgotten_in_time(world: World) -> None:
    run = world.train(traceback__txt=TRACEBACK)
    world.work()
    forget(world.store, world.clock.now - MINUTE)
    assert world.kept(run)
    forget(world.store, world.clock.now + MINUTE)
    assert not world.kept(run)
