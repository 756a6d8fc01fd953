"""Where the level of a metric changed: one gate, held to the newest runs, one run at a time."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.facts.verdicts import MinChange
from bot.judge.noise import MAD_TO_SIGMA, NOISES

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Values = NDArray[np.float64]

# Found by cross-validation over series in which people marked changes: docs/verdicts.md.
WINDOW = 130
"""A change is looked for in so many of the newest runs."""
BEFORE, AFTER = 6, 10
"""The fewest runs on each side of a change."""
SEPARATION = 7.0
"""So many noises, by the numbers of runs, must the medians lie apart."""
RANKS = 4.5
"""By so many standard deviations must the ranks of both sides differ (Mann and Whitney)."""
SIDE = 15
"""So many runs on each side are held against each other in the test of clearness."""
PAST = 400
"""The newest runs that tell how far the metric ever went."""
ALIKE = 200
"""The runs before a change that tell how alike successive ones are."""
RANGE = 0.7
"""The power to which the share of that range counts that a step takes."""
CLEARNESS = 2.8
"""How clear to the eye a change must be."""


@dataclass(frozen=True, slots=True)
class Change:
    """A change of level: the index of the first value behind it, and the medians on both sides."""

    index: int
    before: float
    after: float


def newest_change(
    values: "Sequence[float] | Values",
    start: int = 0,
    least: MinChange = MinChange(share=0.01),  # noqa: B008
) -> Change | None:
    """The change that the newest values prove, none before `start`, where the present level began.

    Values are finite, oldest first. those since `start`, at most 130, are split where the means lie farthest
    apart for their numbers (the likelihood ratio of one step), with six before and ten behind. The split is a
    change if its medians lie apart by what matters (`least`, and twice the noise), by 7 noises for their
    numbers, if the ranks differ, and if it is clear to the eye.
    """
    import numpy as np  # noqa: PLC0415  takes a tenth of a second at start-up

    known = np.asarray(values, dtype=float)
    first = max(start, len(known) - WINDOW)
    newest = known[first:]
    split = _best_split(newest)
    if split is None:
        return None
    before, after = newest[:split], newest[split:]
    found = Change(first + split, float(np.median(before)), float(np.median(after)))
    apart = abs(found.after - found.before)
    noise = MAD_TO_SIGMA * float(np.median(np.abs(np.concatenate([before - found.before, after - found.after]))))
    numbers = math.sqrt(len(before) * len(after) / len(newest))
    if apart == 0 or apart < max(least.at(found.before), NOISES * noise, SEPARATION * noise / numbers):
        return None
    return found if _ranked_apart(before, after) and _clear(known, found) else None


def changes(
    values: "Sequence[float] | Values",
    least: MinChange = MinChange(share=0.01),  # noqa: B008
) -> list[Change]:
    """All changes of level in a history, each found as it would have been when its runs were the newest."""
    found: list[Change] = []
    for end in range(BEFORE + AFTER, len(values) + 1):
        one = newest_change(values[:end], found[-1].index if found else 0, least)
        if one is not None:
            found.append(one)
    return found


def _best_split(values: "Values") -> int | None:
    import numpy as np  # noqa: PLC0415

    total = len(values)
    if total < BEFORE + AFTER:
        return None
    sums = np.cumsum(values - values[0])
    at = np.arange(BEFORE, total - AFTER + 1)
    gap = np.abs(sums[at - 1] / at - (sums[-1] - sums[at - 1]) / (total - at))
    return int(at[int(np.argmax(gap * np.sqrt(at * (total - at) / total)))])


def _ranked_apart(before: "Values", after: "Values") -> bool:
    """Whether the Mann-Whitney statistic is 4.5 deviations off, or as far as so few values allow."""
    import numpy as np  # noqa: PLC0415

    ordered = np.sort(before)
    under = np.searchsorted(ordered, after, "left").sum()
    ties = np.searchsorted(ordered, after, "right").sum() - under
    middle = len(before) * len(after) / 2
    deviation = math.sqrt(len(before) * len(after) * (len(before) + len(after) + 1) / 12)
    return bool(abs(under + ties / 2 - middle) / deviation >= min(RANKS, middle / deviation))


def _clear(values: "Values", change: Change) -> bool:
    """Whether a change is clear to the eye, from three things, multiplied.

    Welch's t of the nearest 15 values on each side, the nearest weighing most; the share that the step takes of
    how far the metric ever went; and e to the power of how alike successive runs were before.
    """
    import numpy as np  # noqa: PLC0415

    at = change.index
    sides = (values[max(0, at - SIDE) : at][::-1], values[at : at + SIDE])
    means = [float(np.average(one, weights=np.arange(SIDE, SIDE - len(one), -1))) for one in sides]
    errors = [
        float(((one - mean) ** 2).sum()) / (len(one) - 1) / len(one)
        for one, mean in zip(sides, means, strict=True)
    ]
    past = values[-PAST:]
    share = abs(change.after - change.before) / float(past.max() - past.min())
    error = math.sqrt(sum(errors))
    apart = abs(means[1] - means[0])
    if error <= 1e-9 * apart:
        return True
    clearness = apart / error * share**RANGE * math.exp(_alike(values[max(0, at - ALIKE) : at]))
    return bool(clearness >= CLEARNESS)


def _alike(values: "Values") -> float:
    """The lag-1 autocorrelation of values; none in fewer than eleven."""
    if len(values) <= 10:
        return 0.0
    apart = values - values.mean()
    squares = float((apart**2).sum())
    return float((apart[1:] * apart[:-1]).sum()) / squares if squares else 0.0
