"""Curves: how a metric of some runs went, over steps or over time."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Curve:
    """One run's metric: `across` ascends, `values` may hold NaN and ±inf, which are gaps."""

    name: str
    across: Sequence[float]
    values: Sequence[float]

    @cached_property
    def finite(self) -> list[float]:
        """The values that are numbers, picked out once."""
        return [value for value in self.values if math.isfinite(value)]


@dataclass(frozen=True, slots=True)
class Plot:
    """Curves in one picture; `across` says what the horizontal axis counts."""

    title: str
    across: str
    curves: Sequence[Curve]
