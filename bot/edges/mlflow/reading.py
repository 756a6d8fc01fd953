"""MLflow's JSON read into runs and experiments; values that mean nothing are left out, not guessed."""

import math
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

from bot.facts.runs import Dataset, Experiment, Metric, Run, Status
from bot.facts.traces import Artifact

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# MLflow stores ±inf as the largest double (sqlalchemy_store.py, log_metric).
LARGEST = 1.79e308
NAME_TAG = "mlflow.runName"
CONTEXT_TAG = "mlflow.data.context"


class Unreadable(ValueError):
    """One run's or experiment's data has not the shape MLflow documents."""


def read_runs(raw: Iterable[Any], tracker: str, names: Mapping[str, str], public_url: str) -> list[Run]:
    """Every run that can be read; one broken run does not hide the others."""
    runs = []
    for item in raw:
        try:
            runs.append(read_run(item, tracker, names, public_url))
        except Unreadable:
            continue
    return runs


def read_run(raw: Any, tracker: str, names: Mapping[str, str], public_url: str) -> Run:
    """One run of MLflow's REST API; raises Unreadable where its id, experiment or status is missing."""
    info, data = _object(raw, "info"), _object(raw, "data", optional=True)
    run_id = _text(info, "run_id") or _text(info, "run_uuid")
    experiment_id = _text(info, "experiment_id")
    if not run_id or not experiment_id:
        raise Unreadable("a run without run_id or experiment_id")
    tags = _pairs(data.get("tags"))
    return Run(
        tracker=tracker,
        run_id=run_id,
        experiment_id=experiment_id,
        experiment=names.get(experiment_id, experiment_id),
        name=_text(info, "run_name") or tags.get(NAME_TAG, ""),
        status=_status(info.get("status")),
        started=moment(info.get("start_time")),
        ended=moment(info.get("end_time")),
        deleted=info.get("lifecycle_stage") == "deleted",
        url=f"{public_url}/#/experiments/{quote(experiment_id, safe='')}/runs/{quote(run_id, safe='')}",
        artifact_uri=_text(info, "artifact_uri"),
        params=MappingProxyType(_pairs(data.get("params"))),
        metrics=MappingProxyType(_metrics(data.get("metrics"))),
        tags=MappingProxyType(tags),
        datasets=_datasets(raw.get("inputs")),
    )


def read_experiment(raw: Any, tracker: str) -> Experiment:
    """One experiment; raises Unreadable where its id or name is missing."""
    if not isinstance(raw, Mapping):
        raise Unreadable("an experiment that is no object")
    experiment_id, name = _text(raw, "experiment_id"), _text(raw, "name")
    if not experiment_id or not name:
        raise Unreadable("an experiment without id or name")
    deleted = raw.get("lifecycle_stage") == "deleted"
    return Experiment(tracker, experiment_id, name, deleted, MappingProxyType(_pairs(raw.get("tags"))))


def read_artifacts(raw: Mapping[str, Any]) -> list[Artifact]:
    """The files and folders of a listing, but for names no address can hold; an empty file comes without size."""
    found = []
    for item in _items(raw.get("files")):
        path, size = _text(item, "path"), item.get("file_size")
        if path and path.encode("utf-8", "ignore").decode("utf-8") == path:
            found.append(Artifact(path, item.get("is_dir") is True, size if isinstance(size, int) else None))
    return found


def read_points(raw: Any) -> list[Metric]:
    """The values of a metric's history that can be read."""
    points = []
    for item in _items(raw):
        point = _metric(item)
        if point is not None:
            points.append(point)
    return points


def moment(raw: Any) -> datetime | None:
    """MLflow's milliseconds since 1970 as UTC; nothing for 0, negative, far-off or foreign values."""
    try:
        milliseconds = int(raw)
        return EPOCH + timedelta(milliseconds=milliseconds) if milliseconds > 0 else None
    except (TypeError, ValueError, OverflowError):
        return None


def milliseconds(at: datetime) -> int:
    """A moment as MLflow counts it: whole milliseconds since 1970."""
    return (at - EPOCH) // timedelta(milliseconds=1)


def value(raw: Any) -> float:
    """A metric's value: NaN comes as a string, and ±inf as the largest double."""
    try:
        number = float(raw)
    except (TypeError, ValueError, OverflowError) as error:
        raise Unreadable("a metric that is no number") from error
    return math.copysign(math.inf, number) if abs(number) >= LARGEST else number


def _status(raw: Any) -> Status:
    try:
        return Status(raw)
    except ValueError as error:
        raise Unreadable("a run of unknown status") from error


def _object(raw: Any, key: str, *, optional: bool = False) -> Mapping[str, Any]:
    part = raw.get(key) if isinstance(raw, Mapping) else None
    if isinstance(part, Mapping):
        return part
    if optional and part is None:
        return {}
    raise Unreadable(f"a run without {key}")


def _text(part: Mapping[str, Any], key: str) -> str:
    found = part.get(key)
    return found if isinstance(found, str) else ""


def _items(raw: Any) -> list[Mapping[str, Any]]:
    return [item for item in raw if isinstance(item, Mapping)] if isinstance(raw, list) else []


def _pairs(raw: Any) -> dict[str, str]:
    return {item["key"]: str(item.get("value", "")) for item in _items(raw) if isinstance(item.get("key"), str)}


def _metrics(raw: Any) -> dict[str, Metric]:
    metrics = {}
    for item in _items(raw):
        key, metric = item.get("key"), _metric(item)
        if isinstance(key, str) and metric is not None:
            metrics[key] = metric
    return metrics


def _metric(item: Mapping[str, Any]) -> Metric | None:
    if item.get("value") is None:
        return None
    try:
        return Metric(value(item["value"]), _step(item.get("step")), moment(item.get("timestamp")))
    except Unreadable:
        return None


def _step(raw: Any) -> int:
    try:
        return int(raw)
    except (TypeError, ValueError, OverflowError):
        return 0


def _datasets(raw: Any) -> tuple[Dataset, ...]:
    inputs = _items(raw.get("dataset_inputs")) if isinstance(raw, Mapping) else []
    datasets = []
    for item in inputs:
        dataset = item.get("dataset")
        if isinstance(dataset, Mapping):
            context = _pairs(item.get("tags")).get(CONTEXT_TAG, "")
            datasets.append(Dataset(_text(dataset, "name"), _text(dataset, "digest"), context))
    return tuple(datasets)
