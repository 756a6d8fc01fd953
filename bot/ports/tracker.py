"""An MLflow tracking server as the core sees it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.facts.baselines import ModelVersion
from bot.facts.runs import Experiment, Metric, Run
from bot.facts.traces import Artifact


@dataclass(frozen=True, slots=True)
class RunPage:
    """Some runs in ascending order of their time, then id.

    `next` is the moment to ask from for the following page, nothing when this is the last one. Runs that
    share a moment are never parted, so a page may be longer than its limit.
    """

    runs: Sequence[Run]
    next: datetime | None = None


@dataclass(frozen=True, slots=True)
class MetricHistory:
    """What a run logged of one metric, in order of step, then time; it is `cut` where there is more."""

    points: Sequence[Metric]
    cut: bool = False


class Tracker(Protocol):
    """One tracking server; every method raises TrackerDown (try later) or TrackerRefused (it said no).

    Every method that reads runs gives whole snapshots, and leaves out a run whose data cannot be read.
    `experiments` are the experiments to read (their ids and names are needed; batches are the edge's
    business).
    """

    name: str

    def server_time(self) -> datetime:
        """The server's own time (UTC, HTTP Date header) of the newest answer; asks where there is none yet."""
        ...

    def probe(self) -> str:
        """Ask a real endpoint; returns the server's version where it tells (a green /health proves nothing)."""
        ...

    def experiments(self) -> Sequence[Experiment]:
        """All experiments, deleted ones included."""
        ...

    def running(self, experiments: Sequence[Experiment], since: datetime | None = None) -> Sequence[Run]:
        """Runs that are RUNNING or SCHEDULED now; with `since`, those of them that started after it."""
        ...

    def started_since(self, experiments: Sequence[Experiment], moment: datetime, limit: int = 1000) -> RunPage:
        """Active runs whose start time is after a moment."""
        ...

    def ended_since(self, experiments: Sequence[Experiment], moment: datetime, limit: int = 1000) -> RunPage:
        """Active runs whose end time is after a moment."""
        ...

    def by_ids(self, experiments: Sequence[Experiment], run_ids: Collection[str]) -> Sequence[Run]:
        """These runs, deleted ones included; ids the tracker does not know are left out."""
        ...

    def page(self, experiments: Sequence[Experiment], start: datetime, limit: int) -> RunPage:
        """Active runs with a start time at or after `start`; an unknown start time counts as 1970."""
        ...

    def deleted(self, experiments: Sequence[Experiment]) -> Sequence[Run]:
        """Runs in the deleted state."""
        ...

    def get(self, run_id: str) -> Run:
        """One run, deleted or not; RunMissing where the tracker does not know it."""
        ...

    def history(self, run_id: str, metric: str, most: int) -> MetricHistory:
        """The values a run logged of one metric, at most `most` of the earliest; none where it has no such metric.

        RunMissing only where the tracker tells that it does not know the run.
        """
        ...

    def set_tag(self, run_id: str, key: str, value: str) -> None:
        """Set a tag of an active run."""
        ...

    def artifacts(self, run_id: str, folder: str = "") -> Sequence[Artifact]:
        """What stands directly in a folder of a run's artifacts, the root by default; nothing where there is none.

        RunMissing where the tracker does not know the run.
        """
        ...

    def artifact_end(self, run_id: str, path: str, most: int) -> bytes:
        """The last bytes of an artifact, at most `most`; RunMissing where there is no such run or artifact.

        TrackerRefused where it is a folder, or where reaching its end would take too many bytes.
        """
        ...

    def model_alias(self, model: str, alias: str) -> ModelVersion:
        """The version of a registered model that an alias leads to now; ModelMissing where there is none."""
        ...

    def model_versions(self, *, model: str = "", run_id: str = "", limit: int = 1000) -> Sequence[ModelVersion]:
        """The versions of a model, or those that a run registered, the newest first."""
        ...

    def model_files(self, run_id: str, names: Sequence[str], most: int) -> Mapping[str, bytes]:
        """The files of these names in the folder of the model that a run logged; nothing where it logged none.

        TrackerRefused where one has more than `most` bytes. RunMissing where the tracker does not know the run.
        """
        ...
