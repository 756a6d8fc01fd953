"""What a method found in marked series, as one row of figures."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from tests.bench.regressions.series import Marked, near


@dataclass(frozen=True, slots=True)
class Alarm:
    """A change told when point `at` was the newest, and the `place` where it was then said to have begun."""

    place: int
    at: int


@dataclass(frozen=True, slots=True)
class Replayed:
    """The alarms of one series in turn, the places a method holds to at its end, and how long it took."""

    alarms: Sequence[Alarm]
    places: Sequence[int]
    seconds: float


@dataclass(frozen=True, slots=True)
class Score:
    """Figures over all series; shares are 0 to 1, `delay` is in points, `milliseconds` for a series."""

    precision: float
    recall: float
    false_series: float
    delay: float
    withdrawn: float
    per_thousand: float
    milliseconds: float

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return 2 * self.precision * self.recall / (self.precision + self.recall or 1.0)


def score(series: Sequence[Marked], found: Sequence[Replayed], by_moment: bool = False) -> Score:
    """Event precision (alarms near anybody's mark) and recall (consensus points near an alarm), and the rest.

    An alarm stands at its place, or, `by_moment`, at the point at which it was told.
    """
    alarms = right = wanted = hit = unchanged = alarmed = withdrawn = points = 0
    delays: list[int] = []
    for one, what in zip(series, found, strict=True):
        places = [alarm.at if by_moment else alarm.place for alarm in what.alarms]
        good = [near(place, one.anybody) for place in places]
        delays += [alarm.at - alarm.place for alarm, is_good in zip(what.alarms, good, strict=True) if is_good]
        alarms, right, points = alarms + len(places), right + sum(good), points + len(one.values)
        consensus = one.consensus
        wanted, hit = wanted + len(consensus), hit + sum(near(place, places) for place in consensus)
        unchanged, alarmed = unchanged + (not consensus), alarmed + (not consensus and bool(places))
        withdrawn += sum(not near(alarm.place, what.places) for alarm in what.alarms)
    return Score(
        right / (alarms or 1),
        hit / (wanted or 1),
        alarmed / (unchanged or 1),
        statistics.median(delays) if delays else 0.0,
        withdrawn / (alarms or 1),
        1000 * alarms / (points or 1),
        1000 * statistics.fmean(what.seconds for what in found),
    )
