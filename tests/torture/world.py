"""The core in one process for stories: a real database, a tracker and a Slack in memory, and clocks as values."""

import hashlib
import hmac
import json
import shutil
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from sqlalchemy import event

from bot.deps import Deps
from bot.edges.store import open_store
from bot.facts.messages import PostState
from bot.facts.runs import Run, RunRef
from bot.follow.record import Record, Sight
from bot.follow.tracker import Follower
from bot.notify.announce import Announcer
from bot.notify.delivery import Delivery
from bot.ports.errors import EdgeError
from bot.render.messages import Templates
from bot.settings import (
    AppSettings,
    CardSettings,
    CiSettings,
    DeliverySettings,
    FollowingSettings,
    GithubSettings,
    Settings,
    SubscriptionSettings,
    TrackerSettings,
)
from handlers.webhooks import deliver, find_providers
from sandbox.deliveries import workflow_run
from tests.fakes.code import FakeCodeHosts
from tests.fakes.slack import FakeSlack, Fault, Shown
from tests.fakes.tracker import FakeTracker
from tests.torture.seen import MEMBERS, REVISION

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
LAG = 8 * SECOND
SECRET = "story-secret"
TEAMS = ("alpha", "beta")
POISON = "poison"
TEMPLATES = Templates()
GITHUB = find_providers()["github"]


def story_settings() -> Settings:
    """Two teams, a channel that refuses everything, and somebody who hears of failures only."""
    wanted: dict[str, tuple[SubscriptionSettings, ...]] = {
        f"#{name}": (SubscriptionSettings(experiments=(name,), post=("finished", "failed", "pipelines")),)
        for name in (*TEAMS, POISON)
    }
    lead = SubscriptionSettings(experiments=TEAMS, post=("failed", "stalled"))
    return Settings(
        app=AppSettings(ops_channel="#ops"),
        trackers=(TrackerSettings(name="main", uri="http://mlflow.example.com"),),
        channels={**wanted, "#lead": (lead,)},
        cards=CardSettings(group_after=2, early_failure=timedelta(0)),
        delivery=DeliverySettings(settle=10 * SECOND, timeout=10 * SECOND),
        following=FollowingSettings(),
        ci=CiSettings(github=GithubSettings(secret=SecretStr(SECRET))),
    )


class Died(BaseException):
    """The process is gone: nothing may catch this."""


class World:
    """Everything outside, and the bot that lives, dies and is built anew on the same database.

    `true` is the time of Slack and the tracker; the bot's clock is off by `offset`. `passing` is called at every
    step of the bot.
    """

    def __init__(self, template: Path, file: Path) -> None:
        shutil.copy(template, file)
        self.store = open_store(f"sqlite:///{file}")
        event.listen(self.store.engine, "connect", _unsafe)
        self.true = NOON
        self.offset = timedelta(0)
        self.settings = story_settings()
        self.faults: list[Fault | None] = []
        self.trouble: list[EdgeError] = []
        self.passing: Callable[[str], None] = lambda _: None
        self.slack = FakeSlack(lambda: self.true, lag=LAG, chaos=self._fault)
        for name in (*TEAMS, "lead", "ops"):
            self.slack.add_channel(f"#{name}")
        self.slack.add_channel(f"#{POISON}", member=False)
        self.tracker = FakeTracker("main", lambda: self.true)
        self.experiments = {name: self.tracker.create_experiment(name) for name in (*TEAMS, POISON)}
        self.lives = 0
        self.live()
        self.tick()
        self.true += 2 * SECOND

    def close(self) -> None:
        self.store.close()

    def now(self) -> datetime:
        return self.true + self.offset

    def live(self) -> None:
        """A new process on the same database."""
        self.lives += 1
        self.announcer = Announcer(self.settings, TEMPLATES)
        self.follower = Follower(
            self.tracker,
            self.store,
            self.announcer,
            self.now,
            self.settings.following,
            10 * SECOND,
            ops_channel="#ops",
            page=3,
            step=self._step,
        )
        self.delivery = self.sender(f"life {self.lives}")

    def sender(self, holder: str) -> Delivery:
        return Delivery(
            self.store,
            self.slack,
            self.now,
            settings=self.settings.delivery,
            holder=holder,
            ops_channel="#ops",
            step=self._step,
        )

    def tick(self) -> None:
        self.tracker.trouble = self.trouble.pop() if self.trouble else None
        try:
            self.follower.tick()
        finally:
            self.tracker.trouble = None

    def keep(self, run: Run, read_at: datetime) -> None:
        """An answer of the tracker that comes once more, or long after newer ones."""
        with self.store.read() as unit:
            followed_from = unit.trackers.get("main").followed_from
        assert followed_from is not None
        record = Record("main", self.store, self.announcer, "#ops")
        record.keep([run], Sight(read_at, followed_from))

    def webhook(self, number: int, attempt: int) -> None:
        """A delivery of GitHub, for the first time or again."""
        conclusion = "failure" if attempt % 2 else "success"
        at = NOON + timedelta(minutes=attempt)
        payload: dict[str, Any] = workflow_run(f"{number:040x}", number, "completed", conclusion, "A story", at)
        payload["workflow_run"] |= {"name": f"workflow {number}", "run_attempt": attempt}
        raw = json.dumps(payload).encode()
        headers = {
            "x-github-event": "workflow_run",
            "x-github-delivery": f"{number}-{attempt}",
            "x-hub-signature-256": "sha256=" + hmac.new(SECRET.encode(), raw, hashlib.sha256).hexdigest(),
        }
        no_queue: Any = None
        deps = Deps(self.settings, self.store, {}, self.slack, FakeCodeHosts(), no_queue, TEMPLATES, self.now)
        deliver(deps, "github", GITHUB, headers, raw)

    def shown(self) -> dict[tuple[str, str], list[Shown]]:
        """What people see, by channel and key."""
        found: dict[tuple[str, str], list[Shown]] = {}
        for place in self.slack.places.values():
            for message in place.messages.values():
                found.setdefault((f"#{place.channel.name}", message.key), []).append(message)
        return found

    def peace(self, rounds: int = 400) -> None:
        """No more trouble, and a clock that is right: follow and send until nothing is left to do.

        A clock that was set back holds what is said until it has caught up.
        """
        self.true += max(timedelta(0), self.offset)
        self.offset = timedelta(0)
        self.faults.clear()
        self.trouble.clear()
        self.passing = lambda _: None
        for quiet in range(rounds):
            self.true += 10 * SECOND
            if quiet % 5 == 0:
                self.tick()
            while self.delivery.run_once():
                pass
            self.delivery.settle()
            if quiet > 15 and not self._backlog():
                return
        raise AssertionError(f"{self._backlog()} posts still wait")

    def unclear(self) -> bool:
        """Whether there is a post of which nobody knows whether Slack has it."""
        with self.store.read() as unit:
            return bool(unit.outbox.unsettled(self.now() + timedelta(days=9)))

    def _backlog(self) -> int:
        with self.store.read() as unit:
            return unit.outbox.backlog()

    def _step(self, step: str) -> None:
        self.passing(step)

    def _fault(self, method: str) -> Fault | None:
        return self.faults.pop() if self.faults else None


def _unsafe(connection: Any, _record: Any) -> None:
    """No power cut is played here, so nothing waits for the disk."""
    connection.execute("PRAGMA synchronous = OFF")


def went_back(message: Shown) -> bool:
    """Whether a card ever showed something older than it had shown before."""
    shape = REVISION if message.key.startswith("run:") else MEMBERS if message.key.startswith("group:") else None
    if shape is None:
        return False
    found = [shape.search(text) for text in (*message.edits, message.text)]
    states = [int(one.group(1)) for one in found if one]
    return states != sorted(states)


def unfinished(world: World, refs: Sequence[RunRef]) -> list[str]:
    """Cards of these runs that were neither sent nor given up."""
    with world.store.read() as unit:
        places = [place for ref in refs for place in unit.cards.of_run(ref)]
        posts = [(place, unit.outbox.get(place.channel, place.card_key)) for place in places]
    return [
        f"{place.channel} {place.card_key}"
        for place, post in posts
        if post is None or post.state not in (PostState.SENT, PostState.DEAD)
    ]
