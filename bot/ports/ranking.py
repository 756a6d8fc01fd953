"""Runs in the order of a metric, and what people said of its direction, as the core sees them."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from bot.facts.people import Said
from bot.facts.runs import Experiment, Run
from bot.ports.index import RunQuery


class Ranking(Protocol):
    """The index of runs by what they measured: NaN and infinities are in no ranking."""

    def best(self, query: RunQuery, metric: str, *, highest: bool) -> Sequence[Run]:
        """The runs of a query that have this metric, best first; of equals the earlier start comes first."""
        ...

    def count(self, query: RunQuery, metric: str, most: int) -> int:
        """How many runs `best` ranks (limit and offset aside), counted up to `most`."""
        ...

    def ahead(self, query: RunQuery, metric: str, value: float, *, highest: bool, most: int) -> int:
        """How many runs that `best` ranks are better than a value, counted up to `most`."""
        ...

    def not_finite(self, query: RunQuery, metric: str) -> int:
        """How many runs of a query (limit and offset aside) measured NaN or ±inf; some thousands at most."""
        ...

    def measured(self, metric: str) -> Sequence[Experiment]:
        """The experiments of which some run has this metric, by name; deleted ones too."""
        ...

    def metrics(self, experiments: Sequence[Experiment] = (), limit: int = 2000) -> Sequence[str]:
        """The names of metrics of these experiments, else of all, in order."""
        ...


class Directions(Protocol):
    """What people said of metrics whose direction nobody knew."""

    def put(self, said: Said) -> None:
        """Keep it, in place of what was said before of this metric of this experiment."""
        ...

    def of(self, metric: str) -> Sequence[Said]:
        """What was said of a metric, in all experiments, the newest first."""
        ...

    def about(self, wanted: Collection[tuple[str, str]]) -> Mapping[tuple[str, str], Mapping[str, Said]]:
        """What was said of the metrics of experiments (tracker, experiment id), by metric."""
        ...
