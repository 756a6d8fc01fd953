"""The questions Rundown asks a tracking server, in MLflow's REST API 2.0."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.edges.mlflow.connection import Connection
from bot.edges.mlflow.histories import read_history
from bot.edges.mlflow.models import Models
from bot.edges.mlflow.reading import (
    EPOCH,
    Unreadable,
    milliseconds,
    read_artifacts,
    read_experiment,
    read_run,
    read_runs,
)
from bot.edges.mlflow.registry import read_alias, read_versions
from bot.edges.mlflow.searching import ALL, DELETED, Search, batches
from bot.facts.baselines import ModelVersion
from bot.facts.runs import Experiment, Run
from bot.facts.traces import Artifact
from bot.ports.errors import RunMissing, TrackerDown, TrackerRefused
from bot.ports.tracker import MetricHistory, RunPage
from bot.settings import TrackerSettings

# MLflow's filters know no OR, and no IN for statuses.
OPEN = " AND ".join(f"attributes.status != '{status}'" for status in ("FINISHED", "FAILED", "KILLED"))
# `run_id IN (…)` of 5,000 ids is refused as unparsable, 1,000 are taken (MLflow 3.17).
IDS = 500
RUN_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


class RestTracker:
    """bot.ports.tracker.Tracker over HTTP. Safe to use from several threads.

    Username and password are sent as HTTP Basic and win over a token, which is sent as a bearer. The timeout
    limits each wait on the network, `max_bytes` each answer. Raises TrackerRefused for a uri that is not http or
    https.
    """

    def __init__(self, settings: TrackerSettings, *, max_bytes: int = 64 * 1024 * 1024) -> None:
        self.name = settings.name
        self._connection = Connection(settings, max_bytes)
        self._search = Search(self._connection)
        self._models = Models(self._connection)
        self._public_url = (settings.public_url or settings.uri).rstrip("/")
        self._names: dict[str, str] = {}

    def close(self) -> None:
        """Let go of the connections."""
        self._connection.close()

    def server_time(self) -> datetime:
        """The server's own time (UTC, HTTP Date header) of the newest answer; asks where there is none yet."""
        if self._connection.time is None:
            self._connection.get("experiments/search", {"max_results": "1"})
        if self._connection.time is None:
            raise TrackerDown(f"{self.name} does not tell the time: its answers have no Date header.")
        return self._connection.time

    def probe(self) -> str:
        """Ask a real endpoint; returns the server's version where it tells (a green /health proves nothing)."""
        self._connection.get("experiments/search", {"max_results": "1"})
        return self._connection.version()

    def experiments(self) -> Sequence[Experiment]:
        """All experiments, deleted ones included."""
        found = []
        for raw in self._search.experiments():
            try:
                found.append(read_experiment(raw, self.name))
            except Unreadable:
                continue
        self._names = {experiment.experiment_id: experiment.name for experiment in found}
        return found

    def running(self, experiments: Sequence[Experiment], since: datetime | None = None) -> Sequence[Run]:
        """Runs that are RUNNING or SCHEDULED now; with `since`, those of them that started after it."""
        started = f" AND attributes.start_time > {milliseconds(since)}" if since else ""
        return [
            run
            for batch in batches(experiments)
            for run in self._read(batch, self._search.all(batch, OPEN + started))
        ]

    def started_since(self, experiments: Sequence[Experiment], moment: datetime, limit: int = 1000) -> RunPage:
        """Active runs whose start time is after a moment, ascending."""
        return self._ascending(experiments, "start_time", moment, limit, past=True)

    def ended_since(self, experiments: Sequence[Experiment], moment: datetime, limit: int = 1000) -> RunPage:
        """Active runs whose end time is after a moment, ascending."""
        return self._ascending(experiments, "end_time", moment, limit, past=True)

    def by_ids(self, experiments: Sequence[Experiment], run_ids: Collection[str]) -> Sequence[Run]:
        """These runs, deleted ones included; ids the tracker does not know are left out."""
        wanted = sorted(run_id for run_id in run_ids if RUN_ID.fullmatch(run_id))
        return [
            run
            for first in range(0, len(wanted), IDS)
            for batch in batches(experiments)
            for run in self._read(batch, self._search.all(batch, _among(wanted[first : first + IDS]), ALL))
        ]

    def page(self, experiments: Sequence[Experiment], start: datetime, limit: int) -> RunPage:
        """Active runs with a start time at or after `start`, ascending."""
        return self._ascending(experiments, "start_time", start, limit, past=False)

    def deleted(self, experiments: Sequence[Experiment]) -> Sequence[Run]:
        """Runs in the deleted state."""
        return [
            run
            for batch in batches(experiments)
            for run in self._read(batch, self._search.all(batch, "", DELETED))
        ]

    def get(self, run_id: str) -> Run:
        """One run, deleted or not; RunMissing where the tracker does not know it."""
        raw = self._connection.get("runs/get", {"run_id": run_id}).get("run")
        try:
            run = read_run(raw, self.name, self._names, self._public_url)
            if run.experiment_id in self._names:
                return run
            self._names |= {run.experiment_id: self._experiment_name(run.experiment_id)}
            return read_run(raw, self.name, self._names, self._public_url)
        except Unreadable as error:
            raise TrackerRefused(f"What {self.name} tells of run {run_id} cannot be read: {error}.") from error

    def history(self, run_id: str, metric: str, most: int) -> MetricHistory:
        """The values a run logged of one metric, at most `most` of the earliest; none where it has none."""
        return read_history(self._connection, run_id, metric, most)

    def set_tag(self, run_id: str, key: str, value: str) -> None:
        """Set a tag of an active run."""
        self._connection.write("runs/set-tag", {"run_id": run_id, "key": key, "value": value})

    def artifacts(self, run_id: str, folder: str = "") -> Sequence[Artifact]:
        """What stands directly in a folder of a run's artifacts; nothing where there is no such folder."""
        place = {"path": folder} if folder else {}
        return read_artifacts(self._connection.get("artifacts/list", {"run_id": run_id, **place}))

    def artifact_end(self, run_id: str, path: str, most: int) -> bytes:
        """The last bytes of an artifact, at most `most`; RunMissing where there is no such run or artifact."""
        return self._connection.end("/get-artifact", {"path": path, "run_uuid": run_id}, most)

    def model_alias(self, model: str, alias: str) -> ModelVersion:
        """The version of a registered model that an alias leads to now; ModelMissing where there is none."""
        return read_alias(self._connection, model, alias)

    def model_versions(self, *, model: str = "", run_id: str = "", limit: int = 1000) -> Sequence[ModelVersion]:
        """The versions of a model, or those that a run registered, the newest first."""
        if run_id and not RUN_ID.fullmatch(run_id):
            return []
        return read_versions(self._connection, model, run_id, limit)

    def model_files(self, run_id: str, names: Sequence[str], most: int) -> Mapping[str, bytes]:
        """The files of these names in the folder of the model that a run logged; nothing where it logged none."""
        return self._models.files(run_id, names, most)

    def _experiment_name(self, experiment_id: str) -> str:
        try:
            answer = self._connection.get("experiments/get", {"experiment_id": experiment_id})
            return read_experiment(answer.get("experiment"), self.name).name
        except (RunMissing, Unreadable):
            return experiment_id

    def _ascending(
        self, experiments: Sequence[Experiment], field: str, moment: datetime, limit: int, *, past: bool
    ) -> RunPage:
        """A page in ascending order of a time, from a moment on, or only `past` it.

        Each batch of experiments that has more to come is whole only up to its own last moment, and so is the sum.
        """
        first = milliseconds(moment) + past
        found: list[tuple[int, str, Run]] = []
        ends = []
        for batch in batches(experiments):
            raw, last = self._search.ascending(batch, field, first, limit)
            found += [(_milliseconds(run, field), run.run_id, run) for run in self._read(batch, raw)]
            if last is not None:
                ends.append(last)
        found.sort(key=lambda row: row[:2])
        if not ends:
            return RunPage([run for _, _, run in found])
        runs = [run for at, _, run in found if at <= min(ends)]
        return RunPage(runs, EPOCH + timedelta(milliseconds=min(ends) + (not past)))

    def _read(self, experiments: Sequence[Experiment], raw: Iterable[Any]) -> list[Run]:
        names = {experiment.experiment_id: experiment.name for experiment in experiments}
        return read_runs(raw, self.name, names, self._public_url)


def _among(run_ids: Sequence[str]) -> str:
    return "attributes.run_id IN ({})".format(", ".join(f"'{run_id}'" for run_id in run_ids))


def _milliseconds(run: Run, field: str) -> int:
    moment = run.started if field == "start_time" else run.ended
    return milliseconds(moment) if moment else 0
