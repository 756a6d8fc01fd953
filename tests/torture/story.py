"""One seed of torture, from an empty database to peace, and what was found."""

import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from random import Random

from bot.edges.store import open_store
from sandbox.arrivals import SignedHttp
from sandbox.mlflow_server import free_port
from sandbox.server import SandboxServer
from sandbox.workspace import Channel, Workspace
from sandbox.workspace.seed import PEOPLE
from tests.servers.mlflow import MlflowHand
from tests.torture.bad_slack import BadDays
from tests.torture.bad_tracker import BadTracker
from tests.torture.database import BadDatabase
from tests.torture.door import MIRA, Door
from tests.torture.lives import Lives
from tests.torture.seen import Watcher
from tests.torture.size import Size
from tests.torture.table import Table, table
from tests.torture.team import POISON, Team
from tests.torture.verdict import Verdict, unquiet

SECRETS = {
    "SLACK_BOT_TOKEN": "xoxb-canary-bot-token",
    "SLACK_SIGNING_SECRET": "canary-signing-secret",
    "MLFLOW_TRACKING_TOKEN": "canary-tracking-token",
    "GITHUB_WEBHOOK_SECRET": "canary-webhook-secret",
}
SETTINGS = """
app: {mode: http, public_url: "https://rundown.example.com", ops_channel: "#rundown-ops"}
trackers: [{name: main, uri: "${MLFLOW_TRACKING_URI}", poll: 1s, timeout: 3s}]
experiments: {"PREFIX-*": {primary: auc, metrics: {auc: {better: higher}}}}
channels:
  "#lead": [{experiments: ["PREFIX-team0-*", "PREFIX-team1-*"], post: [failed]}]
CHANNELS
cards: {group_after: 15, early_failure: 0s}
following: {reconcile: 5s, overlap: 1m}
delivery: {settle: 3s, timeout: 2s}
documentation:
  remind: {after: 5s, working_hours: "00:00-24:00", days: daily, at_least: 0s}
  exempt: [children, failed, "tag:quiet=yes"]
door: {port: PORT}
"""
CONTACT_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one seed showed: the lines of its table, and what was promised and not kept."""

    seed: int
    seconds: float
    table: Table
    violations: tuple[str, ...]


class Story:
    """Everybody who takes part in one seed."""

    def __init__(self, seed: int, size: Size, folder: Path, mlflow: str, stack: ExitStack) -> None:
        self.seed, self.size, self.folder = seed, size, folder
        prefix = f"torture{seed}"
        self.slack = BadDays(seed, lambda: self.lives.number)
        self.workspace = Workspace()
        self.workspace.faults = self.slack
        self.workspace.bot_token = SECRETS["SLACK_BOT_TOKEN"]
        self.workspace.signing_secret = SECRETS["SLACK_SIGNING_SECRET"]
        teams = [f"team{number}" for number in range(size.teams)]
        for name in (*teams, "lead", POISON):
            self.workspace.channels[f"C{name.upper():0>9}"] = Channel(f"C{name.upper():0>9}", name, [MIRA])
        for name in (*teams, "lead", "rundown-ops"):
            self.workspace.join(f"#{name}")
        sandbox = stack.enter_context(SandboxServer(self.workspace))
        self.tracker = BadTracker(mlflow, seed)
        stack.callback(self.tracker.close)
        port = free_port()
        address = f"http://127.0.0.1:{port}"
        sandbox.gateway.way = SignedHttp(self.workspace, f"{address}/slack/events", time.time)
        config = folder / "app.yaml"
        wishes = "".join(
            f'  "#{name}": [{{experiments: ["{prefix}-{name}-*"], post: [finished, failed{more}]}}]\n'
            for name, more in [(name, ", pipelines" * (name == "team0")) for name in (*teams, POISON)]
        )
        text = SETTINGS.replace("CHANNELS\n", wishes).replace("PREFIX", prefix).replace("PORT", str(port))
        config.write_text(text)
        environ = SECRETS | {
            "SLACK_API_BASE_URL": f"{sandbox.url}/api/",
            "MLFLOW_TRACKING_URI": self.tracker.url,
            "DATABASE_URL": f"sqlite:///{folder / 'rundown.db'}",
        }
        self.lives = Lives(folder, config, environ, seed, size.longest_life)
        stack.callback(self.lives.close)
        hand = MlflowHand(mlflow)
        stack.callback(hand.close)
        self.team = Team(hand, seed, size, prefix)
        secret = SECRETS["GITHUB_WEBHOOK_SECRET"]
        self.database = BadDatabase(folder / "rundown.db", folder)
        self.door = Door(address, secret, self.workspace, self.lives, self.database, seed, size.pipelines)
        stack.callback(self.door.close)
        self.watcher = Watcher(self.workspace)
        stack.callback(self.workspace.listen(PEOPLE[0].id, self.watcher.hear))
        self.store = open_store(environ["DATABASE_URL"])
        stack.callback(self.store.close)

    def play(self) -> list[str]:
        """Bad days, then peace; returns what went wrong on the way."""
        wrong: list[str] = []
        self._meet()
        crew = [
            self._thread(work, wrong)
            for work in (self.team.work, self._database_troubles, self._tracker_troubles, self._visitors)
        ]
        self.lives.die_until(time.monotonic() + self.size.seconds)
        for thread in crew:
            thread.join()
        self.slack.over = self.tracker.over = True
        self.lives.start()
        self.door.finish(self.size.patience / 4)
        left = self._peace()
        if left:
            wrong.append(f"not quiet after {self.size.patience:g} s: {left}")
        code = self.lives.stop()
        if code != 0:
            wrong.append(f"the bot ended with exit code {code}")
        return wrong

    def verdict(self) -> Verdict:
        return Verdict(
            self.store, self.team, self.watcher, self.slack, self.door, self.folder, tuple(SECRETS.values())
        )

    def _meet(self) -> None:
        """Let the bot meet the tracker, dying all the way; what ended before that is history."""
        until = time.monotonic() + CONTACT_SECONDS
        while not self._met():
            if time.monotonic() > until:
                raise RuntimeError(f"the bot never met its tracker: see {self.folder / 'bot.log'}")
            self.lives.die_until(time.monotonic() + 0.1)
        time.sleep(2)

    def _met(self) -> bool:
        at, wanted = self.store.revision()
        if at != wanted:
            return False
        with self.store.read() as unit:
            return unit.trackers.get("main").followed_from is not None

    def _peace(self) -> str:
        """Wait until nothing is left to do; returns what is left when patience ends."""
        until = time.monotonic() + self.size.patience
        quiet_since = 0.0
        left = "nothing was looked at"
        while time.monotonic() < until:
            left = unquiet(self.store, self.team)
            now = time.monotonic()
            quiet_since = 0.0 if left else quiet_since or now
            if quiet_since and now - quiet_since > self.size.quiet:
                return ""
            time.sleep(0.5)
        return left

    def _database_troubles(self) -> None:
        dice = Random(f"database {self.seed}")
        acts: list[Callable[[], None]] = [lambda: self.database.lock(dice.uniform(2, 4))] * self.size.locks
        acts += [self.database.fill] * self.size.fulls
        dice.shuffle(acts)
        for act in acts:
            time.sleep(dice.uniform(0.3, 1) * self.size.seconds / (len(acts) * 1.5))
            act()

    def _tracker_troubles(self) -> None:
        dice = Random(f"outages {self.seed}")
        for _ in range(self.size.outages):
            time.sleep(dice.uniform(0.2, 0.4) * self.size.seconds)
            self.tracker.outage = dice.choice(("down", "slow", "500"))
            time.sleep(dice.uniform(4, 8))
            self.tracker.outage = ""

    def _visitors(self) -> None:
        dice = Random(f"visitors {self.seed}")
        until = time.monotonic() + self.size.seconds
        while time.monotonic() < until:
            self.door.ask()
            if self.door.deliveries and dice.random() < 0.4:
                self.door.deliver(dice.choice(self.door.deliveries))
            if dice.random() < 0.1:
                self.door.forge()
            time.sleep(0.1 if self.database.holding else 0.5)

    def _thread(self, work: Callable[[], None], wrong: list[str]) -> threading.Thread:
        def guarded() -> None:
            try:
                work()
            except Exception as problem:
                wrong.append(f"{getattr(work, '__name__', work)} broke off: {problem!r}")

        thread = threading.Thread(target=guarded, daemon=True)
        thread.start()
        return thread


def play(seed: int, size: Size, folder: Path, mlflow: str) -> Outcome:
    """Play one seed in an empty folder, against an MLflow server that may have seen others."""
    began = time.monotonic()
    with ExitStack() as stack:
        story = Story(seed, size, folder, mlflow, stack)
        wrong = story.play()
        verdict = story.verdict()
        broken = (*wrong, *verdict.violations())
        return Outcome(seed, time.monotonic() - began, table(story, verdict), broken)
