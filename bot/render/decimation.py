"""A long curve thinned out so that nobody sees it: of every stretch its lowest and highest point stay."""

import numpy as np
from numpy.typing import NDArray

POINTS = 5


def kept(values: NDArray[np.float64], stretches: int) -> NDArray[np.intp]:
    """The places of the points to draw, ascending: up to five of each of `stretches` parts of equal length.

    Of each part they are its first, its last, its lowest and its highest point, and its first NaN or infinity,
    which is a gap in the line. A curve of no more points than that stays whole.
    """
    count = len(values)
    if count <= POINTS * stretches:
        return np.arange(count)
    size = -(-count // stretches)
    padded = np.full(-(-count // size) * size, np.nan)
    padded[:count] = values
    parts = padded.reshape(-1, size)
    starts = np.arange(len(parts)) * size
    finite = np.isfinite(parts)
    lowest = np.where(finite, parts, np.inf).argmin(axis=1)
    highest = np.where(finite, parts, -np.inf).argmax(axis=1)
    gap = np.where(finite.all(axis=1), 0, (~finite).argmax(axis=1))
    places = np.concatenate([starts, starts + lowest, starts + highest, starts + gap, starts + size - 1])
    return np.unique(np.minimum(places, count - 1))
