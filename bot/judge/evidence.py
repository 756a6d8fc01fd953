"""What the newest runs of a metric say against the level of the comparable runs before them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

from bot.facts.runs import RunRef
from bot.facts.verdicts import MinChange, Noise, Point, Series, Shift, Word
from bot.judge.drift import newest_change
from bot.judge.level import FEWEST, Level, level_of
from bot.judge.noise import NOISES

NEWEST = 400
"""How many of the newest points are looked at; what lies before changes nothing."""
SUSPECT = 0.01
"""How often noise alone may be suspected: two-sided, the false discovery rate over all metrics of a run."""
CONFIRM = 0.001
"""How often noise alone may lie so far off in each of the newest runs that confirm together."""
CLEAR = {2: 4.5, 3: 3.5}
"""By so many noises must each of the newest two, or three, runs lie off to confirm by themselves."""
TINY, HUGE = 1e-100, 1e100
"""Between these no square of a value overflows or vanishes; other series are scaled first."""


class Spoke(Enum):
    """Which rule confirmed a change."""

    RUNS = "the newest runs"
    REPLICATES = "replicates"
    CHANGE_POINT = "a change point"


class Return(Enum):
    """How far a metric that regressed has come back to where it stood."""

    AWAY = 0
    ONE_RUN = 1
    BACK = 2


@dataclass(frozen=True, slots=True)
class Evidence:
    """The newest run beside the runs before it.

    `value` is None where the run lacks the metric; `earlier` counts comparable runs before, `finite` those of
    them that can be compared. `expected` and `noise` say where these stood; None where there are too few.
    `way` is where the newest `runs` lie by what matters, together and the last by itself (-1 lower, 1 higher,
    0 neither), `chance` how often noise alone goes so far. `spoke` is the rule that confirms, if one does, and
    `since` the first run of that change.
    """

    value: float | None
    earlier: int
    finite: int
    expected: float | None = None
    noise: Noise | None = None
    chance: float = 1.0
    way: int = 0
    runs: int = 1
    spoke: Spoke | None = None
    since: RunRef | None = None
    returned: Return = Return.AWAY


def weigh(run: RunRef, series: Series, standing: Shift | None = None) -> Evidence:
    """What the newest 400 points of a series say of a run, which is their last one if it has the metric."""
    points = series.points[-NEWEST:]
    here = points[-1].value if points and points[-1].run == run else None
    earlier = len(series.points) - (here is not None)
    finite = [one for one in points if math.isfinite(one.value)]
    judged = here is not None and math.isfinite(here)
    before = len(finite) - judged
    if before < FEWEST:
        return Evidence(here, earlier, before)
    began = _began(points, standing)
    scale = _scale(finite)
    if scale != 1.0:
        finite = [replace(one, value=one.value / scale) for one in finite]
        series = _divided(series, scale)
        standing = standing and replace(standing, expected=standing.expected / scale)
    if judged:
        return replace(_times(scale, _weighed(series, finite, began, standing)), earlier=earlier)
    level = level_of(finite, began if began < before else 0, series.least, series.baseline)
    return replace(_times(scale, Evidence(None, earlier, before, level.expected, level.noise)), value=here)


def _weighed(series: Series, points: Sequence[Point], began: int, standing: Shift | None) -> Evidence:
    start = began if began < len(points) - 1 else 0
    looks = [
        _look(series, points, start, newest)
        for newest in (1, 2, 3)
        if len(points) - newest >= max(FEWEST, start + 1)
    ]
    found = next((one for one in looks if one.spoke), None) or _changed(series, points, start, looks[0])
    suspected = min((one for one in looks if one.way), key=lambda one: one.chance, default=looks[0])
    seen = found or suspected
    if standing is None or standing.word is not Word.REGRESSED:
        return seen
    return replace(seen, returned=_returned(series, points, standing, looks, len(points) - began))


def _look(series: Series, points: Sequence[Point], start: int, newest: int) -> Evidence:
    """What so many newest runs say of the last: those before it bear it out, and do not stand in for it."""
    before, after = points[:-newest], points[-newest:]
    level = level_of(before, start, series.least, series.baseline)
    values = [one.value for one in after]
    way = level.beyond(math.fsum(values) / newest)
    one_side = all((one - level.expected) * way > 0 for one in values)
    alike = one_side and level.beyond(values[-1]) == way
    chance = level.chance(values)
    spoke = None
    if way and alike and newest > 1:
        spoke = _spoke(series, before, after, level, chance, len(before) - start >= FEWEST)
    # Three looks at the newest runs are three chances to be wrong.
    told = min(1.0, chance if newest == 1 else 3 * chance)
    return Evidence(
        values[-1], len(points) - 1, len(points) - 1, level.expected, level.noise,
        told, way if alike else 0, newest, spoke, after[0].run,
    )  # fmt: skip


def _spoke(
    series: Series, before: Sequence[Point], after: Sequence[Point], level: Level, chance: float, steady: bool
) -> Spoke | None:
    """The rule by which runs that lie on one side confirm a change, if there is one."""
    groups = {one.group for one in after}
    values = [one.value for one in after]
    if (
        len(groups) == 1
        and all(map(level.beyond, values))
        and groups != {""}
        and groups.isdisjoint(one.group for one in before)
        and chance <= CONFIRM
    ):
        return Spoke.REPLICATES
    apart = min(abs(one - level.expected) for one in values)
    unseen = series.baseline is not None or min(values) > level.highest or max(values) < level.lowest
    clear = apart >= max(level.least, CLEAR[len(after)] * level.noise.spread)
    seldom = max(level.chance([one]) for one in values) <= CONFIRM
    return Spoke.RUNS if steady and unseen and clear and seldom else None


def _changed(series: Series, points: Sequence[Point], start: int, newest: Evidence) -> Evidence | None:
    change = newest_change([one.value for one in points], start, series.least)
    if change is None:
        return None
    level = level_of(points[: change.index], start, series.least, series.baseline)
    way = (
        level.beyond(change.after)
        if series.baseline is not None
        else int(math.copysign(1, change.after - change.before))
    )
    if not way:
        return None
    return replace(
        newest, expected=level.expected, noise=level.noise, way=way, runs=len(points) - change.index,
        spoke=Spoke.CHANGE_POINT, since=points[change.index].run,
    )  # fmt: skip


def _returned(
    series: Series, points: Sequence[Point], standing: Shift, looks: Sequence[Evidence], behind: int
) -> Return:
    """Whether the newest two runs stand where the metric stood before it regressed, and not where it stood since.

    `behind` is how many finite points lie behind the change, these among them.
    """
    noise = looks[0].noise
    target = standing.expected if series.baseline is None else series.baseline
    reach = max(series.least.at(target), NOISES * (noise.spread if noise else 0.0))
    fine = [_no_worse(one.value - target, series.better, reach) for one in points[-2:]]
    if not fine[-1]:
        return Return.AWAY
    apart = len(looks) > 1 and looks[1].way != 0 and looks[1].chance <= 3 * SUSPECT
    settled = behind > 2 and series.baseline is None
    return Return.BACK if all(fine) and behind > 1 and (apart or not settled) else Return.ONE_RUN


def _no_worse(apart: float, better: str | None, reach: float) -> bool:
    if better is None:
        return abs(apart) <= reach
    return apart >= -reach if better == "higher" else apart <= reach


def _began(points: Sequence[Point], standing: Shift | None) -> int:
    """How many finite points lie before the standing change; none where it is not among these."""
    if standing is None:
        return 0
    at = next((n for n in range(len(points) - 1, -1, -1) if points[n].run == standing.since), 0)
    return sum(math.isfinite(one.value) for one in points[:at])


def _scale(points: Sequence[Point]) -> float:
    largest = max(abs(one.value) for one in points)
    return largest if largest > HUGE or 0 < largest < TINY else 1.0


def _divided(series: Series, scale: float) -> Series:
    least = MinChange(series.least.share, series.least.amount / scale)
    return replace(series, least=least, baseline=None if series.baseline is None else series.baseline / scale)


def _times(scale: float, seen: Evidence) -> Evidence:
    if scale == 1.0:
        return seen
    noise = seen.noise and replace(seen.noise, spread=seen.noise.spread * scale)
    return replace(
        seen,
        value=None if seen.value is None else seen.value * scale,
        expected=None if seen.expected is None else seen.expected * scale,
        noise=noise,
    )
