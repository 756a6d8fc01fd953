"""How far runs that are meant to be alike lie apart, from the history of a metric."""

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeAlias

from bot.facts.verdicts import Method, MinChange, Noise, Point

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Values: TypeAlias = Sequence[float] | NDArray[np.float64]

NOISES = 2.0
"""A difference of fewer noises than this is noise."""
DEGREES = 4
"""Degrees of freedom that replicates must have together to be believed."""
MAD_TO_SIGMA = 1.4826
"""The standard deviation of a normal distribution, in median absolute deviations."""
CLIP = 3.5
"""Values farther than this many robust deviations from the median are drawn in to there."""
FEW = 0.9
"""More than a tenth of the values are no outliers but how the metric is."""
MANY = 10
"""With fewer values a median absolute deviation is too rough to tell which of them is an outlier."""
ROUNDING = 1e-12
"""A spread below this share of the values is rounding in the last digits, not noise."""


def noise_of(points: Sequence[Point], least: MinChange) -> tuple[Noise, int]:
    """The noise of a metric and its degrees of freedom, from two or more comparable runs of one level, all finite.

    Replicates speak first (the variance within groups, pooled, with at least four degrees of freedom), else the
    spread of these runs; where all are equal, half the least change that matters.
    """
    values = [one.value for one in points]
    squares, degrees, runs = _replicates(points)
    if degrees >= DEGREES:
        found = Noise(Method.REPLICATES, (squares / degrees) ** 0.5, runs)
    else:
        found, degrees = Noise(Method.LINEAGE, spread_of(values), len(values)), len(values) - 1
    if found.spread > ROUNDING * max(map(abs, values)):
        return found, degrees
    return Noise(Method.MINIMUM, least.at(centre_of(values)) / NOISES, len(values)), degrees


def spread_of(values: "Values") -> float:
    """One standard deviation of two or more finite values, once outliers are drawn in."""
    import numpy as np  # noqa: PLC0415  takes a tenth of a second at start-up

    return float(np.std(_drawn_in(values), ddof=1))


def centre_of(values: "Values") -> float:
    """The mean of finite values, once outliers are drawn in."""
    return float(_drawn_in(values).mean())


def _drawn_in(values: "Values") -> "NDArray[np.float64]":
    """Winsorised: of ten values or more, those beyond 3.5 robust deviations are set there, at most a tenth."""
    import numpy as np  # noqa: PLC0415

    taken = np.asarray(values, dtype=float)
    if len(taken) < MANY:
        return taken
    middle = np.median(taken)
    apart = np.sort(np.abs(taken - middle))
    reach = max(CLIP * MAD_TO_SIGMA * apart[len(apart) // 2], apart[int(FEW * (len(apart) - 1))])
    return np.clip(taken, middle - reach, middle + reach) if reach > 0 else taken


def _replicates(points: Sequence[Point]) -> tuple[float, int, int]:
    """Squares within groups of replicates, their degrees of freedom, and how many runs those are."""
    groups: dict[str, list[float]] = defaultdict(list)
    for one in points:
        if one.group:
            groups[one.group].append(one.value)
    alike = [values for values in groups.values() if len(values) > 1]
    runs = sum(map(len, alike))
    return sum(spread_of(values) ** 2 * (len(values) - 1) for values in alike), runs - len(alike), runs
