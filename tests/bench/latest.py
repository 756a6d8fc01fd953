"""`/runs latest` from a signed request to the whole answer in the response, beside a listener that only acks."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tests.bench.asking import Asking, at_once
from tests.bench.figures import Line, at_most, median, p99, told
from tests.bench.index import filled

RUNS = 100_000
ROUNDS = 15
EACH = 20
CALLERS = 16
MS = 1000


@contextmanager
def doors(database: str) -> Iterator[tuple[int, int]]:
    """The ports of Rundown's door and of the one that only acks, in a process of their own."""
    command = [sys.executable, "-m", "tests.bench.door", database]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            ours, floor = json.loads(process.stdout.readline())
            yield ours, floor
        finally:
            process.kill()


def measure() -> Iterator[Line]:
    """Interleaved rounds, so that whatever else the machine does slows both."""
    with doors(f"sqlite:///{filled(RUNS)}") as (ours, floor):
        yield from _one_by_one("latest", Asking(ours), Asking(floor), 3)
        yield from _one_by_one("latest, subscribed", Asking(ours, channel="churn"), Asking(floor))
        yield from _one_by_one("latest, kept connection", Asking(ours, kept=True), Asking(floor, kept=True))
        yield from _anew(Asking(ours), Asking(floor))
        yield from _together(ours, floor)


def _one_by_one(what: str, ours: Asking, floor: Asking, most: float = 0) -> Iterator[Line]:
    _check(ours.once()[1])
    floor.times(EACH)
    answered: list[float] = []
    acked: list[float] = []
    for _ in range(ROUNDS):
        answered += ours.times(EACH)
        acked += floor.times(EACH)
    yield told(f"{what}: a listener that only acks, median", median(acked) * MS, " ms")
    yield told(f"{what}: the answer, median", median(answered) * MS, " ms")
    ratio, of_that = median(answered) / median(acked), f"{what}: the answer, of that"
    yield at_most(of_that, ratio, most, "×") if most else told(of_that, ratio, "×")


def _anew(ours: Asking, floor: Asking) -> Iterator[Line]:
    """An answer that was just given is not laid out again, so here none is the same as the one before."""
    answered: list[float] = []
    acked: list[float] = []
    for _ in range(ROUNDS):
        answered += ours.anew(EACH, "latest")
        acked += floor.times(EACH)
    yield told("latest, another page each time: the answer, median", median(answered) * MS, " ms")
    yield told("latest, another page each time: the answer, of that", median(answered) / median(acked), "×")


def _together(ours: int, floor: int) -> Iterator[Line]:
    answered: list[float] = []
    acked: list[float] = []
    for _ in range(4):
        answered += at_once(ours, CALLERS, EACH)
        acked += at_once(floor, CALLERS, EACH)
    yield told(f"latest, {CALLERS} at once: a listener that only acks, p99", p99(acked) * MS, " ms")
    yield told(f"latest, {CALLERS} at once: the answer, p99", p99(answered) * MS, " ms")
    yield at_most(f"latest, {CALLERS} at once: p99, of that", p99(answered) / p99(acked), 5, "×")


def _check(raw: bytes) -> None:
    answer = json.loads(raw)
    table = [block for block in answer["blocks"] if block["type"] == "table"]
    assert len(table[0]["rows"]) == 6, answer
