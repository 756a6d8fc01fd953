"""Where the comparable runs before stood, and how seldom noise alone takes newer ones so far from there."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from bot.facts.verdicts import Method, MinChange, Noise, Point
from bot.judge.noise import NOISES, centre_of, noise_of

FEWEST = 5
"""Comparable runs there must be before anything is judged."""


@dataclass(frozen=True, slots=True)
class Level:
    """Where runs stood: `expected`, resting on `runs` of them (one for a baseline), with their noise and range.

    `degrees` are the degrees of freedom of the noise. `least` is the least difference from there that matters:
    the configured one, or twice the noise.
    """

    expected: float
    runs: int
    noise: Noise
    degrees: int
    least: float
    lowest: float
    highest: float

    def chance(self, newest: Sequence[float]) -> float:
        """How often noise alone takes the mean of as many new runs so far: two-sided, Student's t.

        A prediction interval (https://en.wikipedia.org/wiki/Prediction_interval#Unknown_mean,_unknown_variance).
        Where all runs before were equal, it is 0 for a difference that matters, else 1.
        """
        from scipy.special import stdtr  # noqa: PLC0415  takes a third of a second at start-up

        apart = abs(math.fsum(newest) / len(newest) - self.expected)
        if self.noise.method is Method.MINIMUM:
            return 0.0 if apart >= self.least and apart > 0 else 1.0
        width = self.noise.spread * math.sqrt(1 / len(newest) + 1 / self.runs)
        return float(2 * stdtr(self.degrees, -apart / width))

    def beyond(self, value: float) -> int:
        """-1 or 1 for a value that lies lower or higher by what matters, else 0."""
        apart = value - self.expected
        return 0 if apart == 0 or abs(apart) < self.least else int(math.copysign(1, apart))


def level_of(before: Sequence[Point], start: int, least: MinChange, baseline: float | None = None) -> Level:
    """The level that began at index `start` of these finite points, oldest first.

    With fewer than five points since then, the noise is that of the points before it.
    """
    present = before[start:]
    steady = present if len(present) >= FEWEST else max(present, before[:start], key=len)
    noise, degrees = noise_of(steady, least)
    values = [one.value for one in present]
    expected = centre_of(values) if baseline is None else baseline
    return Level(
        expected,
        len(values) if baseline is None else 1,
        noise,
        degrees,
        max(least.at(expected), NOISES * noise.spread),
        min(values),
        max(values),
    )
