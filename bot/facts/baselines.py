"""What runs are compared with because somebody said so: pins, and the aliases of registered models."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Pin:
    """What somebody (a Slack id) said runs of an experiment are compared with, when (UTC) and why.

    `target` is written as in app.yaml: run:<id>, model:<name>@<alias> or previous; empty where the pin before it
    was taken away. `name` is what the run was called then. `id` grows with every word that is kept.
    """

    tracker: str
    experiment_id: str
    target: str
    who: str
    at: datetime
    name: str = ""
    reason: str = ""
    id: int = 0


@dataclass(frozen=True, slots=True)
class ModelVersion:
    """A version of a registered model; `run_id` is empty where it was registered without a run."""

    model: str
    version: str
    run_id: str = ""


@dataclass(frozen=True, slots=True)
class Alias:
    """Where an alias of a registered model led when the registry last told, at `read_at` (UTC).

    Without a version there is none: `problem` says what is missing.
    """

    tracker: str
    model: str
    alias: str
    read_at: datetime
    version: ModelVersion | None = None
    problem: str = ""

    @property
    def written(self) -> str:
        """The alias as people write it: churn@champion."""
        return f"{self.model}@{self.alias}"
