"""A tracking server in memory: what a training script does to it, and what a Tracker then shows."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

from bot.facts.baselines import ModelVersion
from bot.facts.runs import Experiment, Metric, Run, Status
from bot.facts.traces import Artifact
from bot.ports.errors import EdgeError, ModelMissing, RunMissing, TrackerRefused
from bot.ports.tracker import MetricHistory, RunPage

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)


class FakeTracker:
    """bot.ports.tracker.Tracker without a server; `trouble` is raised by every question while it is set."""

    def __init__(self, name: str, clock: Callable[[], datetime]) -> None:
        self.name = name
        self.clock = clock
        self.trouble: EdgeError | None = None
        self.trouble_in: str = ""
        self.unreadable: set[str] = set()
        self.asked: list[str] = []
        self._experiments: dict[str, Experiment] = {}
        self._runs: dict[str, Run] = {}
        self._artifacts: dict[str, dict[str, bytes]] = {}
        self._histories: dict[tuple[str, str], list[Metric]] = {}
        self._models: dict[str, list[ModelVersion]] = {}
        self._aliases: dict[tuple[str, str], str] = {}
        self._ids = count(1)

    # What people and scripts do

    def create_experiment(self, name: str) -> str:
        experiment_id = str(next(self._ids))
        self._experiments[experiment_id] = Experiment(self.name, experiment_id, name)
        return experiment_id

    def rename_experiment(self, experiment_id: str, name: str) -> None:
        self._experiments[experiment_id] = replace(self._experiments[experiment_id], name=name)

    def delete_experiment(self, experiment_id: str) -> None:
        self._experiments[experiment_id] = replace(self._experiments[experiment_id], deleted=True)
        for run in list(self._runs.values()):
            if run.experiment_id == experiment_id:
                self.delete(run.run_id)

    def create_run(
        self,
        experiment_id: str,
        name: str = "",
        *,
        started: datetime | None = None,
        tags: Mapping[str, str] | None = None,
    ) -> str:
        run_id = f"{next(self._ids):032x}"
        self._runs[run_id] = Run(
            tracker=self.name,
            run_id=run_id,
            experiment_id=experiment_id,
            experiment="",
            name=name or f"run-{run_id[-4:]}",
            status=Status.RUNNING,
            started=whole(started) if started else None,
            url=f"https://mlflow.example.com/#/experiments/{experiment_id}/runs/{run_id}",
            tags=dict(tags or {}),
        )
        return run_id

    def log(self, run_id: str, key: str, value: float, *, step: int = 0, at: datetime | None = None) -> None:
        metric = self.keep(run_id, key, value, step, at)
        self._change(run_id, metrics={**self._runs[run_id].metrics, key: metric})

    def keep(self, run_id: str, key: str, value: float, step: int, at: datetime | None = None) -> Metric:
        """One more value of a metric's history, as fast as a test of long ones needs it."""
        metric = Metric(value, step, whole(at or self.clock()))
        self._histories.setdefault((run_id, key), []).append(metric)
        return metric

    def param(self, run_id: str, key: str, value: str) -> None:
        self._change(run_id, params={**self._runs[run_id].params, key: value})

    def tag(self, run_id: str, key: str, value: str) -> None:
        self.set_tag(run_id, key, value)

    def artifact(self, run_id: str, path: str, content: bytes) -> None:
        self._artifacts.setdefault(run_id, {})[path] = content

    def rename(self, run_id: str, name: str) -> None:
        self._change(run_id, name=name)

    def end(self, run_id: str, status: str = "FINISHED", *, ended: datetime | None = None) -> None:
        self._change(run_id, status=Status(status), ended=whole(ended) if ended else None)

    def reopen(self, run_id: str) -> None:
        self._change(run_id, status=Status.RUNNING)

    def delete(self, run_id: str) -> None:
        self._change(run_id, deleted=True)

    def restore(self, run_id: str) -> None:
        self._change(run_id, deleted=False)

    def collect_garbage(self, run_id: str) -> None:
        del self._runs[run_id]

    def create_model(self, name: str) -> str:
        self._models[name] = []
        return name

    def register(self, model: str, run_id: str = "") -> str:
        known = self._models[model]
        version = ModelVersion(model, str(max((int(one.version) for one in known), default=0) + 1), run_id)
        known.append(version)
        return version.version

    def unregister(self, model: str, version: str) -> None:
        self._models[model] = [one for one in self._models[model] if one.version != version]
        self._aliases = {key: led for key, led in self._aliases.items() if (key[0], led) != (model, version)}

    def alias(self, model: str, alias: str, version: str) -> None:
        self._aliases[model, alias] = version

    def drop_alias(self, model: str, alias: str) -> None:
        del self._aliases[model, alias]

    # What Rundown asks

    def server_time(self) -> datetime:
        self._question("server_time")
        return self.clock().replace(microsecond=0)

    def probe(self) -> str:
        self._question("probe")
        return "3.17.2"

    def experiments(self) -> Sequence[Experiment]:
        self._question("experiments")
        return list(self._experiments.values())

    def running(self, experiments: Sequence[Experiment], since: datetime | None = None) -> Sequence[Run]:
        self._question("running")
        return [
            run
            for run in self._in(experiments)
            if not run.deleted and not run.status.ended and (since is None or (run.started or EPOCH) > since)
        ]

    def started_since(self, experiments: Sequence[Experiment], moment: datetime, limit: int = 1000) -> RunPage:
        self._question("started_since")
        return _page(
            ((run.started or EPOCH, run) for run in self._active(experiments)),
            whole(moment) + MILLISECOND,
            limit,
            0,
        )

    def ended_since(self, experiments: Sequence[Experiment], moment: datetime, limit: int = 1000) -> RunPage:
        self._question("ended_since")
        ended = ((run.ended, run) for run in self._active(experiments) if run.ended)
        return _page(ended, whole(moment) + MILLISECOND, limit, 0)

    def by_ids(self, experiments: Sequence[Experiment], run_ids: Collection[str]) -> Sequence[Run]:
        self._question("by_ids")
        return [run for run in self._in(experiments) if run.run_id in run_ids]

    def page(self, experiments: Sequence[Experiment], start: datetime, limit: int) -> RunPage:
        self._question("page")
        return _page(((run.started or EPOCH, run) for run in self._active(experiments)), whole(start), limit, 1)

    def deleted(self, experiments: Sequence[Experiment]) -> Sequence[Run]:
        self._question("deleted")
        return [run for run in self._in(experiments) if run.deleted]

    def get(self, run_id: str) -> Run:
        self._question("get")
        if run_id not in self._runs:
            raise RunMissing(f"{self.name} does not know run {run_id}")
        if run_id in self.unreadable:
            raise TrackerRefused(f"run {run_id} cannot be read")
        return self._named(self._runs[run_id])

    def history(self, run_id: str, metric: str, most: int) -> MetricHistory:
        self._question("history")
        logged = self._histories.get((run_id, metric), []) if run_id in self._runs else []
        points = sorted(logged, key=lambda one: (one.at or EPOCH, one.step))
        kept = sorted(points[:most], key=lambda one: (one.step, one.at or EPOCH))
        return MetricHistory(kept, cut=len(points) > most)

    def set_tag(self, run_id: str, key: str, value: str) -> None:
        self._question("set_tag")
        if self.get(run_id).deleted:
            raise TrackerRefused(f"run {run_id} must be in the 'active' state")
        self._change(run_id, tags={**self._runs[run_id].tags, key: value})

    def artifacts(self, run_id: str, folder: str = "") -> Sequence[Artifact]:
        self._question("artifacts")
        self._known(run_id)
        files, folders = [], set()
        for path, content in self._artifacts.get(run_id, {}).items():
            below = path.removeprefix(f"{folder}/" if folder else "")
            if folder and below == path:
                continue
            name, deeper, _ = below.partition("/")
            if deeper:
                folders.add(path.removesuffix(below) + name)
            else:
                files.append(Artifact(path, size=len(content) or None))
        return [*files, *(Artifact(path, folder=True) for path in sorted(folders))]

    def artifact_end(self, run_id: str, path: str, most: int) -> bytes:
        self._question("artifact_end")
        self._known(run_id)
        content = self._artifacts.get(run_id, {})
        if any(other.startswith(f"{path}/") for other in content):
            raise TrackerRefused(f"{path} is a folder")
        if path not in content:
            raise RunMissing(f"run {run_id} has no artifact {path}")
        return content[path][-most:]

    def model_alias(self, model: str, alias: str) -> ModelVersion:
        self._question("model_alias")
        if model not in self._models:
            raise ModelMissing(f"{self.name} has no registered model {model}")
        if (model, alias) not in self._aliases:
            raise ModelMissing(f"{model} has no alias {alias} on {self.name}")
        return next(one for one in self._models[model] if one.version == self._aliases[model, alias])

    def model_versions(self, *, model: str = "", run_id: str = "", limit: int = 1000) -> Sequence[ModelVersion]:
        self._question("model_versions")
        every = [one for known in self._models.values() for one in known]
        found = [one for one in every if (one.run_id == run_id if run_id else one.model == model)]
        return sorted(found, key=lambda one: int(one.version), reverse=True)[:limit]

    def model_files(self, run_id: str, names: Sequence[str], most: int) -> Mapping[str, bytes]:
        self._question("model_files")
        self._known(run_id)
        kept = self._artifacts.get(run_id, {})
        folder = next((path.removesuffix("MLmodel") for path in sorted(kept) if path.endswith("/MLmodel")), None)
        found = {name: kept[f"{folder}{name}"] for name in names if f"{folder}{name}" in kept}
        if any(len(content) > most for content in found.values()):
            raise TrackerRefused("it is too long")
        return found

    def _known(self, run_id: str) -> None:
        if run_id not in self._runs:
            raise RunMissing(f"{self.name} does not know run {run_id}")

    def _question(self, name: str) -> None:
        self.asked.append(name)
        if self.trouble is not None and self.trouble_in in ("", name):
            raise self.trouble

    def _change(self, run_id: str, **differences: object) -> None:
        self._runs[run_id] = replace(self._runs[run_id], **differences)  # type: ignore[arg-type]

    def _named(self, run: Run) -> Run:
        return replace(run, experiment=self._experiments[run.experiment_id].name)

    def _in(self, experiments: Sequence[Experiment]) -> list[Run]:
        wanted = {experiment.experiment_id for experiment in experiments}
        runs = (run for run in self._runs.values() if run.experiment_id in wanted)
        return [self._named(run) for run in runs if run.run_id not in self.unreadable]

    def _active(self, experiments: Sequence[Experiment]) -> list[Run]:
        return [run for run in self._in(experiments) if not run.deleted]


def whole(moment: datetime) -> datetime:
    """A moment in whole milliseconds, as MLflow keeps it."""
    return EPOCH + (moment - EPOCH) // MILLISECOND * MILLISECOND


def _page(moments: Iterable[tuple[datetime, Run]], start: datetime, limit: int, step: int) -> RunPage:
    found = sorted((at, run.run_id, run) for at, run in moments if at >= start)
    if len(found) <= limit:
        return RunPage([run for _, _, run in found])
    last = found[limit - 1][0]
    return RunPage([run for at, _, run in found if at <= last], last + step * MILLISECOND)
