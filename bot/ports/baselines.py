"""Pinned baselines and what is known of registered models, as the core sees them."""

from collections.abc import Sequence
from typing import Protocol

from bot.facts.baselines import Alias, ModelVersion, Pin
from bot.facts.runs import RunRef


class Pins(Protocol):
    """What people said runs are compared with; the newest word of an experiment holds."""

    def put(self, pin: Pin) -> int:
        """Keep a word, above those said before of this experiment; returns its id."""
        ...

    def of(self, tracker: str, experiment_id: str, limit: int = 2) -> Sequence[Pin]:
        """What was said of an experiment, the newest first, pins that were taken away included."""
        ...

    def get(self, pin_id: int) -> Pin | None:
        """One word; nothing where it was never said, or forgotten."""
        ...

    def standing(self) -> Sequence[Pin]:
        """The pins that hold now, in all experiments, by tracker and experiment id."""
        ...

    def drop(self, pin_id: int) -> None:
        """Forget a word: the one before it holds again."""
        ...


class Models(Protocol):
    """Registered models as their registries last told."""

    def put(self, alias: Alias) -> None:
        """Keep where an alias leads, in place of where it led before."""
        ...

    def get(self, tracker: str, model: str, alias: str) -> Alias | None:
        """Where an alias leads; nothing where it was never asked for."""
        ...

    def put_versions(self, tracker: str, model: str, versions: Sequence[ModelVersion]) -> Sequence[ModelVersion]:
        """Keep the versions of a model in place of those known before; returns those that are new."""
        ...

    def of_run(self, run: RunRef) -> Sequence[ModelVersion]:
        """The versions that were made of a run."""
        ...

    def versions(self, tracker: str, model: str, limit: int = 1000) -> Sequence[ModelVersion]:
        """The versions of a model, the newest first."""
        ...
