"""What a team does meanwhile: runs that end, live again, are edited or deleted; and what must be seen of each."""

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from heapq import heappop, heappush
from itertools import count

from tests.servers.mlflow import MlflowHand
from tests.torture.size import Size

HOSTILE = (" <!channel>", " *bold* _it_ `code`", " \u202eright to left", " " + "long " * 60)
STATUSES = ("FINISHED",) * 7 + ("FAILED",) * 2 + ("KILLED",)
POISON = "poison"
QUIET = {"quiet": "yes"}


@dataclass(slots=True)
class Trained:
    """A run as it is at the tracker now; `revision` counts what people should have seen of it."""

    number: int
    run_id: str
    team: str
    decoration: str = ""
    revision: int = 1
    status: str = "RUNNING"
    deleted: bool = False
    ended_at: float = 0.0

    @property
    def name(self) -> str:
        return f"t{self.number:03}-r{self.revision}{self.decoration}"


@dataclass
class Team:
    """Scripts and people at a real server; `work` does everything in order, each thing at its time."""

    hand: MlflowHand
    seed: int
    size: Size
    prefix: str
    runs: list[Trained] = field(default_factory=list)
    transitions: int = 0

    def __post_init__(self) -> None:
        self.dice = random.Random(f"team {self.seed}")
        names = [f"team{number}" for number in range(self.size.teams)] + [POISON]
        self.experiments = {name: self.hand.create_experiment(f"{self.prefix}-{name}") for name in names}
        self._agenda: list[tuple[float, int, Callable[[], None]]] = []
        self._order = count()

    def work(self) -> None:
        """Train: returns when the last run is as it stays."""
        began = time.monotonic()
        for number in range(self.size.runs):
            self._plan(number, self.dice.uniform(0, self.size.seconds * 0.75))
        while self._agenda:
            at, _, act = heappop(self._agenda)
            time.sleep(max(0.0, at - (time.monotonic() - began)))
            act()

    def _at(self, seconds: float, act: Callable[[], None]) -> None:
        heappush(self._agenda, (seconds, next(self._order), act))

    def _plan(self, number: int, start: float) -> None:
        length = self.dice.choice((0.0, 0.0, 1.0, 3.0))
        status = self.dice.choice(STATUSES)
        self._at(start, lambda: self._begin(number, start, length, status))

    def _begin(self, number: int, start: float, length: float, status: str) -> None:
        team = POISON if number % 40 == 7 else f"team{number % self.size.teams}"
        decoration = HOSTILE[number // 10 % len(HOSTILE)] if number % 10 == 3 else ""
        run = Trained(number, "", team, decoration)
        asked = self.dice.random() * 100 < self.size.asked
        run.run_id = self.hand.create_run(
            self.experiments[team], run.name, started=datetime.now(UTC), tags={} if asked else QUIET
        )
        self.hand.log(run.run_id, "auc", "NaN" if number % 25 == 4 else 0.5 + number / 1000)
        self.runs.append(run)
        self._at(start + length, lambda: self._end(run, status))
        for act, later in self._afterwards(run):
            self._at(start + length + later, act)

    def _afterwards(self, run: Trained) -> Iterator[tuple[Callable[[], None], float]]:
        """What happens to a run after its end."""
        roll = self.dice.random() * 100
        later = self.dice.uniform(0.5, 12)
        if roll < self.size.reopened:
            status = self.dice.choice(STATUSES)
            yield lambda: self._reopen(run), later
            yield lambda: self._end(run, status), later + self.dice.choice((0.1, 2.0, 4.0))
        elif roll < self.size.reopened + self.size.edited:
            yield lambda: self._rename(run), later
        elif roll < self.size.reopened + self.size.edited + self.size.deleted:
            yield lambda: self._delete(run), later

    def _end(self, run: Trained, status: str) -> None:
        self.hand.end(run.run_id, status, ended=datetime.now(UTC))
        run.status, run.ended_at = status, time.time()
        self.transitions += 1

    def _reopen(self, run: Trained) -> None:
        self._rename(run)
        self.hand.reopen(run.run_id)
        run.status = "RUNNING"

    def _rename(self, run: Trained) -> None:
        run.revision += 1
        self.hand.rename(run.run_id, run.name)

    def _delete(self, run: Trained) -> None:
        self.hand.delete(run.run_id)
        run.deleted = True
