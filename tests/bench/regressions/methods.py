"""Rundown's verdicts and plain rivals, each fed one point at a time."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np

from bot.facts.runs import RunRef
from bot.facts.verdicts import Point, Series, Stage
from bot.judge.drift import changes
from bot.judge.verdict import replay
from tests.bench.regressions.score import Alarm, Replayed
from tests.bench.regressions.series import TOLERANCE, Marked

Method = Callable[[Sequence[float]], tuple[list[Alarm], list[int]]]
SINCE = datetime(2026, 1, 1, tzinfo=UTC)


def points(values: Sequence[float]) -> list[Point]:
    """Values as comparable runs, a day apart; each run's id is its index."""
    return [
        Point(RunRef("bench", str(number)), SINCE + timedelta(days=number), float(value))
        for number, value in enumerate(values)
    ]


def rundown(values: Sequence[float]) -> tuple[list[Alarm], list[int]]:
    """Confirmed verdicts on a metric whose direction nobody knows; what is held to is the history as a whole."""
    alarms: list[Alarm] = []
    for at, verdict in enumerate(replay(Series("metric", points(values)))):
        if verdict.stage is Stage.CONFIRMED and verdict.since is not None:
            place = int(verdict.since.run_id)
            if not alarms or alarms[-1].place != place:
                alarms.append(Alarm(place, at))
    return alarms, [one.index for one in changes(values)]


def threshold(share: float) -> Method:
    """Farther than a share from the previous value."""

    def method(values: Sequence[float]) -> tuple[list[Alarm], list[int]]:
        return _first(
            at for at in range(1, len(values)) if abs(values[at] - values[at - 1]) > share * abs(values[at - 1])
        )

    return method


def three_sigma(values: Sequence[float], last: int = 20) -> tuple[list[Alarm], list[int]]:
    """Farther than three standard deviations from the mean of the last 20 values."""
    known = np.asarray(values)
    return _first(
        at
        for at in range(last, len(known))
        if abs(known[at] - known[at - last : at].mean()) > 3 * known[at - last : at].std(ddof=1)
    )


def perfherder(
    values: Sequence[float], side: int = 12, most: int = 24, limit: float = 7.0
) -> tuple[list[Alarm], list[int]]:
    """Mozilla's way: a t-test of 12 to 24 values before and 12 behind, the nearest weighing most; peaks above 7.

    Told as soon as the next place is known not to have a larger t.
    https://github.com/mozilla/treeherder/blob/master/treeherder/perfalert/perfalert/__init__.py
    """
    known = np.asarray(values)
    t = np.zeros(len(known) + 1)
    quiet = 0
    for place in range(side, len(known) - side + 1):
        back = min(max(quiet, side), most, place)
        t[place] = _weighted_t(known[place - back : place][::-1], known[place : place + side])
        quiet = 0 if t[place] > limit else quiet + 1
    peaks = [
        place
        for place in range(side, len(known) - side)
        if t[place] > limit and t[place] >= max(t[place - 1], t[place + 1])
    ]
    return _distinct([Alarm(place, place + side) for place in peaks]), peaks


def _weighted_t(before: "np.ndarray", after: "np.ndarray") -> float:
    means, errors = [], 0.0
    for part in (before, after):
        means.append(float(np.average(part, weights=np.arange(len(part), 0, -1))))
        errors += float(((part - means[-1]) ** 2).sum()) / (len(part) - 1) / len(part)
    return abs(means[1] - means[0]) / max(errors**0.5, 1e-300)


def timed(method: Method, values: Sequence[float]) -> Replayed:
    """A method's replay of a series, with the seconds of this process it took."""
    began = time.process_time()
    alarms, places = method(values)
    return Replayed(alarms, places, time.process_time() - began)


def people(series: Sequence[Marked]) -> tuple[list[Marked], list[Replayed]]:
    """Each person as a method of their own, held to what the others marked in the same series."""
    held: list[Marked] = []
    found: list[Replayed] = []
    for one in series:
        for person, places in one.marks.items():
            others = {name: marked for name, marked in one.marks.items() if name != person}
            if len(others) > 1:
                held.append(replace(one, marks=others))
                found.append(Replayed([Alarm(place, place) for place in places], places, 0.0))
    return held, found


METHODS: dict[str, Method] = {
    "Rundown": rundown,
    "> 5 % against the previous": threshold(0.05),
    "> 10 % against the previous": threshold(0.10),
    "3 sigma of the last 20": three_sigma,
    "Perfherder-like t-test": perfherder,
}


def _first(found: Iterator[int]) -> tuple[list[Alarm], list[int]]:
    alarms = _distinct([Alarm(at, at) for at in found])
    return alarms, [one.place for one in alarms]


def _distinct(alarms: Sequence[Alarm]) -> list[Alarm]:
    """Without those within the tolerance of an earlier one: they are the same event."""
    kept: list[Alarm] = []
    for one in alarms:
        if all(abs(one.place - other.place) > TOLERANCE for other in kept):
            kept.append(one)
    return kept
