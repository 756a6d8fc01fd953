"""Where the level of a metric changed: one gate, held to the newest runs, one run at a time."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.facts.verdicts import MinChange
from bot.judge.noise import MAD_TO_SIGMA

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ONE_PERCENT = MinChange(share=0.01)
# Found by cross-validation over series that people annotated, see docs/verdicts.md; `make bench-regressions`.
WINDOW = 80
BEFORE = 6
AFTER = 10
SEPARATION = 9.0
NOISES = 2.5
FEW = 8.0
RANKS = 4.5
LONG = 150
SPAN = 0.9
STEADY = 0.4


@dataclass(frozen=True, slots=True)
class Change:
    """A change of level: the index of the first value behind it, and the medians on both sides."""

    index: int
    before: float
    after: float


def newest_change(
    values: "Sequence[float] | NDArray[np.float64]", start: int = 0, least: MinChange = ONE_PERCENT
) -> Change | None:
    """The change that the newest values prove, none before `start`, where the present level began.

    Values are finite, oldest first. The newest 80 since `start` are split where the means lie farthest apart
    for their numbers (the likelihood ratio of one step). The split is a change if it passes every gate: six
    values before and ten behind it; medians apart by `least` of the level before, by 2.5 noises and 8 over the
    number of values behind it more, and by 0.9 standard deviations of the newest 150 values; 9 noises by the
    numbers of values; and ranks apart by 4.5 standard deviations (Mann and Whitney), or wholly where there are
    too few for that.
    """
    import numpy as np  # noqa: PLC0415

    known = np.asarray(values, dtype=float)
    first = max(start, len(known) - WINDOW)
    newest = known[first:]
    split = _best_split(newest)
    if split is None:
        return None
    before, after = newest[:split], newest[split:]
    found = Change(first + split, float(np.median(before)), float(np.median(after)))
    apart = abs(found.after - found.before)
    if apart < least.at(found.before) or apart < SPAN * float(np.std(known[-LONG:])):
        return None
    behind = len(after)
    noise = _noise(before - found.before, after - found.after, before, after)
    numbers = (split * behind / (split + behind)) ** 0.5
    if apart < (NOISES + FEW / behind) * noise or apart * numbers < SEPARATION * noise:
        return None
    return found if _ranked_apart(before, after) else None


def changes(values: "Sequence[float] | NDArray[np.float64]", least: MinChange = ONE_PERCENT) -> list[Change]:
    """All changes of level in a history, each found as it would have been when its runs were the newest."""
    found: list[Change] = []
    for end in range(BEFORE + AFTER, len(values) + 1):
        one = newest_change(values[:end], found[-1].index if found else 0, least)
        if one is not None:
            found.append(one)
    return found


def _best_split(values: "NDArray[np.float64]") -> int | None:
    import numpy as np  # noqa: PLC0415

    total = len(values)
    if total < BEFORE + AFTER:
        return None
    sums = np.cumsum(values - values[0])
    at = np.arange(BEFORE, total - AFTER + 1)
    gap = np.abs(sums[at - 1] / at - (sums[-1] - sums[at - 1]) / (total - at))
    return int(at[int(np.argmax(gap * np.sqrt(at * (total - at) / total)))])


def _noise(
    before_off: "NDArray[np.float64]",
    after_off: "NDArray[np.float64]",
    before: "NDArray[np.float64]",
    after: "NDArray[np.float64]",
) -> float:
    import numpy as np  # noqa: PLC0415

    robust = MAD_TO_SIGMA * float(np.median(np.abs(np.concatenate([before_off, after_off]))))
    squares = float(np.var(before)) * len(before) + float(np.var(after)) * len(after)
    return max(robust, STEADY * math.sqrt(squares / (len(before) + len(after) - 2)))


def _ranked_apart(before: "NDArray[np.float64]", after: "NDArray[np.float64]") -> bool:
    import numpy as np  # noqa: PLC0415

    ordered = np.sort(before)
    under = np.searchsorted(ordered, after, "left").sum()
    ties = np.searchsorted(ordered, after, "right").sum() - under
    middle = len(before) * len(after) / 2
    deviation = (len(before) * len(after) * (len(before) + len(after) + 1) / 12) ** 0.5
    return bool(abs(under + ties / 2 - middle) / deviation >= min(RANKS, middle / deviation))
