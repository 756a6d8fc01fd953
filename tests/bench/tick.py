"""What a tick costs on a real MLflow server with 200 experiments, and what asking that server would cost."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from bot.follow.tracker import Follower
from bot.settings import load_settings
from bot.wiring import wire
from tests.bench import team
from tests.bench.asking import Asking
from tests.bench.figures import Line, at_least, at_most, median, timed, told
from tests.bench.index import copied, filled
from tests.bench.latest import doors
from tests.bench.mlflow_store import mlflow_with
from tests.servers.mlflow import MlflowHand

SIZES = (1_000, 10_000, 100_000)
TICKS = 7
CHANGED = 10
SEARCHES = 15


@dataclass(frozen=True, slots=True)
class Cost:
    """What one tick took: requests, bytes of answers, seconds on the clock and of this process."""

    calls: int
    size: int
    seconds: float
    own: float


class Watched:
    """A follower whose requests are counted."""

    def __init__(self, server: str, database: str, folder: Path) -> None:
        config = folder / "app.yaml"
        config.write_text(
            f"trackers: [{{name: main, uri: '{server}', public_url: 'http://mlflow.example.com'}}]\n"
            "channels: {'#churn': [{experiments: ['churn-*']}]}\n"
        )
        self.works = wire(load_settings(config, {"SLACK_BOT_TOKEN": "xoxb-bench", "DATABASE_URL": database}))
        self.follower: Follower = self.works.followers[0]
        self.answers: list[int] = []
        client: httpx.Client = self.works.deps.trackers["main"]._connection._client  # type: ignore[attr-defined]
        client.event_hooks = {"response": [self._count]}

    def _count(self, response: httpx.Response) -> None:
        self.answers.append(int(response.headers.get("content-length", 0)))

    def tick(self) -> Cost:
        """One tick, which has to go well."""
        self.answers.clear()
        began, own = time.perf_counter(), time.process_time()
        report = self.follower.tick()
        seconds, own = time.perf_counter() - began, time.process_time() - own
        assert not report.error, report
        return Cost(len(self.answers), sum(self.answers), seconds, own)


def measure() -> Iterator[Line]:
    """An idle tick, one with changes, and one with a turn of reading everything, at each size."""
    idle: list[Cost] = []
    for count in SIZES:
        with TemporaryDirectory() as folder, mlflow_with(count) as server:
            watched = Watched(server.url, copied(count, Path(folder)), Path(folder))
            turn, first = watched.tick(), watched.tick()
            ticks = [first, *(watched.tick() for _ in range(TICKS - 1))]
            idle.append(_middle(ticks))
            changed = _with_changes(watched, server.url)
            name = f"{count:,} runs"
            yield from _lines(f"{name}: an idle tick", idle[-1])
            yield from _lines(f"{name}: a tick with {CHANGED} new runs", changed)
            yield from _lines(f"{name}: the tick that also rereads 1,000", turn)
            watched.works.close()
            if count == SIZES[-1]:
                yield from _against_the_tracker(server.url)
    yield at_most("an idle tick: calls at 100,000, of those at 1,000", idle[-1].calls / idle[0].calls, 1, "×")
    yield at_most("an idle tick: bytes at 100,000, of those at 1,000", idle[-1].size / idle[0].size, 1.1, "×")


def _with_changes(watched: Watched, url: str) -> Cost:
    hand = MlflowHand(url)
    for number in range(CHANGED):
        hand.end(hand.create_run("1", f"new-{number}", started=datetime.now(UTC)), ended=datetime.now(UTC))
    hand.close()
    return watched.tick()


def _against_the_tracker(url: str) -> Iterator[Line]:
    """`/runs latest` beside MlflowClient.search_runs on the same runs, in turns."""
    from mlflow import MlflowClient

    client = MlflowClient(url)
    ids = [one.experiment_id for one in team.experiments()]
    with doors(f"sqlite:///{filled(SIZES[-1])}") as (ours, _):
        asking = Asking(ours)
        asking.times(10)
        searched: list[float] = []
        answered: list[float] = []
        for _ in range(SEARCHES):
            searched.append(timed(lambda: client.search_runs(ids, max_results=5)))
            answered += asking.times(3)
    yield told("MlflowClient.search_runs(max_results=5) at 100,000, median", median(searched) * 1000, " ms")
    yield told("/runs latest at 100,000, median", median(answered) * 1000, " ms")
    yield at_least("/runs latest is faster by", median(searched) / median(answered), 10, "×")


def _middle(ticks: list[Cost]) -> Cost:
    return Cost(
        *(median([getattr(tick, field) for tick in ticks]) for field in ("calls", "size", "seconds", "own"))  # type: ignore[arg-type]
    )


def _lines(what: str, cost: Cost) -> Iterator[Line]:
    figure = f"{cost.calls:.0f} calls, {cost.size / 1000:,.1f} kB, {cost.seconds * 1000:,.0f} ms"
    yield Line(what, f"{figure} ({cost.own * 1000:,.0f} ms of it Rundown’s)")
