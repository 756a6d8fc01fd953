"""Which runs were evaluated on the same data: on other data, scores say nothing of a run."""

import re
from collections.abc import Mapping
from typing import TypeVar

from bot.facts.runs import Run
from bot.judge.direction import HELD_OUT
from bot.judge.level import FEWEST

K = TypeVar("K")
# The name and the digest of each dataset.
Evaluated = frozenset[tuple[str, str]]
_PARTS = re.compile(r"[^a-z0-9]+")


def evaluated_on(run: Run) -> Evaluated:
    """The datasets that a run was evaluated on; empty where it logged none."""
    return frozenset((one.name, one.digest) for one in run.datasets if _held_out(one.context))


def otherwise(run: Run, one: Run) -> bool:
    """Whether two runs say that they were evaluated on different data."""
    here, there = evaluated_on(run), evaluated_on(one)
    return bool(here and there) and here != there


def apart(own: Evaluated, earlier: Mapping[K, Evaluated]) -> frozenset[K]:
    """The earlier runs that were evaluated on other data than a run.

    None where that is not known, nor where they had at least five evaluation sets: then such changes are part of
    how the metric is.
    """
    known = {key: one for key, one in earlier.items() if one}
    if not own or len(set(known.values())) >= FEWEST:
        return frozenset()
    return frozenset(key for key, one in known.items() if one != own)


def _held_out(context: str) -> bool:
    return bool(HELD_OUT.intersection(_PARTS.split(context.lower())))
