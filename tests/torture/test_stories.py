"""Stories that Hypothesis makes up, event by event, and shrinks to the shortest one that breaks a promise."""

import itertools
import os
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from bot.facts.messages import PostState
from bot.facts.runs import RunRef
from bot.ports.errors import TrackerDown, TrackerRefused
from tests.fakes.slack import Fault
from tests.torture.world import POISON, SECOND, TEAMS, Died, World, unfinished, went_back

FAULTS = (
    Fault(error="ratelimited", retry_after=3),
    Fault(error="ratelimited"),
    Fault(error="connection_refused"),
    Fault(drop="before"),
    *(Fault(drop="after"),) * 3,
)
TROUBLES = (TrackerDown("main does not answer."), TrackerRefused("main refuses the password."))
# The faults of the next calls, the last one first; all that follow go well.
BAD_DAYS = st.lists(st.sampled_from((None, None, *FAULTS)), min_size=1, max_size=4)
STATUSES = st.sampled_from(("FINISHED", "FAILED", "KILLED", ""))
FEW = 30
NEVER = 1_000_000
STEPS = st.one_of(st.just(NEVER), st.just(NEVER), st.integers(1, 8))
PAUSES = ("claimed", "called", "looked")


class Stories(RuleBasedStateMachine):
    """The world turns by rules; what was promised is looked at after each of them."""

    runs = Bundle("runs")
    answers = Bundle("answers")
    template: Path

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.world = World(self.template, Path(self.folder.name) / "rundown.db")
        self.numbers = itertools.count()
        self.ended: set[str] = set()
        self.deleted: set[str] = set()
        self.names: dict[str, tuple[int, int]] = {}

    @initialize()
    def some_runs_have_ended(self) -> None:
        for team in (*TEAMS, *TEAMS, POISON):
            self.train(team, "FAILED")
        self.world.tick()

    # What happens at the tracker

    @rule(target=runs, team=st.sampled_from((*TEAMS, *TEAMS, POISON)), status=STATUSES)
    def train(self, team: str, status: str) -> str:
        """A run begins and, unless it goes on, ends before anybody looked."""
        number = next(self.numbers)
        world = self.world
        run_id = world.tracker.create_run(world.experiments[team], f"t{number:03}-r1", started=world.true)
        self.names[run_id] = (number, 1)
        if status:
            self.end(run_id, status)
        return run_id

    def end(self, run: str, status: str) -> None:
        self.world.tracker.end(run, status, ended=self.world.true)
        self.ended.add(run)

    @rule(run=runs, status=STATUSES)
    def live_again(self, run: str, status: str) -> None:
        self.rename(run)
        self.world.tracker.reopen(run)
        self.ended.discard(run)
        if status:
            self.end(run, status)

    @rule(run=runs)
    def rename(self, run: str) -> None:
        number, revision = self.names[run]
        self.names[run] = number, revision + 1
        self.world.tracker.rename(run, f"t{number:03}-r{revision + 1}")

    @rule(run=runs, gone=st.booleans())
    def delete_or_restore(self, run: str, gone: bool) -> None:
        """What is deleted when it is first seen is not told, and its end is not told when it comes back."""
        (self.world.tracker.delete if gone else self.world.tracker.restore)(run)
        self.deleted.add(run)

    @rule(target=answers, run=runs)
    def read(self, run: str) -> tuple[object, object]:
        """A question is answered, and the answer lies about."""
        return self.world.tracker.get(run), self.world.follower._moment()

    # What happens to the bot

    @rule(answer=answers)
    def answer_again(self, answer: tuple) -> None:
        """An answer comes twice, or after newer ones."""
        self.world.keep(*answer)

    @rule(seconds=st.integers(1, 15), trouble=st.sampled_from((None, None, None, *TROUBLES)), dies=STEPS)
    def poll(self, seconds: int, trouble: TrackerDown | TrackerRefused | None, dies: int) -> None:
        self.world.true += seconds * SECOND
        self.world.trouble[:] = [trouble] if trouble else []
        self._live(self.world.tick, dies)

    @rule(posts=st.integers(1, 6), faults=BAD_DAYS, dies=STEPS)
    def send(self, posts: int, faults: list[Fault | None], dies: int) -> None:
        self.world.faults[:] = faults
        self._live(lambda: self._send(posts), dies)

    def _send(self, posts: int) -> None:
        for _ in range(posts):
            self.world.true += SECOND
            self.world.delivery.run_once()

    @rule(seconds=st.integers(1, 40), faults=BAD_DAYS, dies=STEPS)
    def settle(self, seconds: int, faults: list[Fault | None], dies: int) -> None:
        self.world.true += seconds * SECOND
        self.world.faults[:] = faults
        self._live(self._settle, dies)

    def _settle(self) -> None:
        self.world.delivery.settle()
        self._send(2)

    @rule(step=st.sampled_from(PAUSES), seconds=st.integers(1, 60))
    def oversleep(self, step: str, seconds: int) -> None:
        """The process is suspended at a step, and another one works meanwhile."""
        world = self.world
        world.true += SECOND

        def sleep(passed: str) -> None:
            if passed == step:
                world.passing = lambda _: None
                world.true += seconds * SECOND
                other = world.sender("another")
                other.settle()
                other.run_once()

        world.passing = sleep
        world.delivery.settle()
        world.delivery.run_once()
        world.passing = lambda _: None

    @rule(seconds=st.sampled_from((-3600, -60, -2, 2, 60, 3600)))
    def clock_steps(self, seconds: int) -> None:
        """Forward by minutes only while nothing is unclear: to wait for a lagging history takes a clock."""
        if seconds <= 2 or not self.world.unclear():
            self.world.offset += timedelta(seconds=seconds)

    @rule(number=st.integers(0, 2), attempt=st.integers(1, 3))
    def webhook(self, number: int, attempt: int) -> None:
        self.world.webhook(number, attempt)

    def _live(self, work: Callable[[], object], dies: int) -> None:
        """Work, and die at the given step if it is reached."""
        left = itertools.count(dies, -1)

        def step(name: str) -> None:
            if next(left) == 1:
                raise Died(name)

        self.world.passing = step
        try:
            work()
        except Died:
            self.world.live()
        self.world.passing = lambda _: None

    # What is promised

    @invariant()
    def nothing_is_seen_twice(self) -> None:
        doubled = {where: len(found) for where, found in self.world.shown().items() if len(found) > 1}
        assert not doubled

    @invariant()
    def no_card_goes_back(self) -> None:
        assert not [one.key for found in self.world.shown().values() for one in found if went_back(one)]

    @invariant()
    def slack_is_not_called_before_it_may_be(self) -> None:
        assert self.world.slack.hasty == []

    def teardown(self) -> None:
        """Peace comes, and nothing is missing."""
        try:
            self.world.peace()
            self.nothing_is_seen_twice()
            self.no_card_goes_back()
            self._everything_is_seen()
            self._every_end_is_told()
        finally:
            self.world.close()
            self.folder.cleanup()

    def _everything_is_seen(self) -> None:
        shown = self.world.shown()
        with self.world.store.read() as unit:
            refs = [RunRef("main", run) for run in self.names]
            places = {(row.channel, row.card_key) for ref in refs for row in unit.cards.of_run(ref)}
            posts = [unit.outbox.get(*place) for place in places]
            dead = unit.outbox.dead(self.world.true - timedelta(days=9))
        assert {post.channel for post in dead} <= {f"#{POISON}"}, "poison kills nothing else"
        for post in posts:
            if post is not None and post.channel != f"#{POISON}":
                assert post.state is PostState.SENT
                assert [one.text for one in shown[post.channel, post.key]] == [post.text]
        if dead:
            assert any(
                "not a member of #poison" in one[0].text for where, one in shown.items() if where[0] == "#ops"
            )

    def _every_end_is_told(self) -> None:
        refs = [RunRef("main", run) for run in self.ended]
        with self.world.store.read() as unit:
            known = unit.runs.get(refs)
            placed = {ref: [row.channel for row in unit.cards.of_run(ref)] for ref in refs}
        for ref in refs:
            run = self.world.tracker.get(ref.run_id)
            if ref.run_id not in self.deleted:
                assert (known[ref].run.status, known[ref].run.name) == (run.status, run.name)
                assert f"#{run.experiment}" in placed[ref], "somebody was told"
        assert unfinished(self.world, refs) == []


@pytest.fixture
def machine(sqlite_template: Path) -> type[Stories]:
    return type("Stories", (Stories,), {"template": sqlite_template})


@pytest.mark.timeout(0)
def test_no_story_breaks_a_promise(machine: type[Stories]) -> None:
    """A few stories with every test run; `make torture` asks for more of them by STORIES."""
    wanted = settings(
        max_examples=int(os.environ.get("STORIES", FEW)),
        stateful_step_count=25,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(machine, settings=wanted)
