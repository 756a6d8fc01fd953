"""The files of the model that a run logged: a logged model of MLflow 3, or a folder of the run's artifacts."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any
from urllib.parse import quote

from bot.edges.mlflow.connection import Connection
from bot.edges.mlflow.reading import read_artifacts
from bot.ports.errors import RunMissing, TrackerRefused

HISTORY_TAG = "mlflow.log-model.history"
DESCRIPTION = "MLmodel"
LOOKED_AT = 5


class Models:
    """Reads the models of one server."""

    def __init__(self, connection: Connection) -> None:
        """Ask over this connection."""
        self._connection = connection

    def files(self, run_id: str, names: Sequence[str], most: int) -> Mapping[str, bytes]:
        """The files of these names beside the model's description; nothing where the run logged no model.

        Of several models it is the one logged at the latest step, and of those the first by name, so that two runs
        of one script show the same.
        """
        run = _object(self._connection.get("runs/get", {"run_id": run_id}).get("run"))
        logged = self._logged(run)
        if logged:
            place = f"/ajax-api/2.0/mlflow/logged-models/{quote(logged, safe='')}/artifacts/files"
            return dict(self._found(names, most, place, "artifact_file_path", "", {}))
        folder = self._folder(run_id, run)
        if folder is None:
            return {}
        above = f"{folder}/" if folder else ""
        return dict(self._found(names, most, "/get-artifact", "path", above, {"run_uuid": run_id}))

    def whole(self, path: str, parameters: Mapping[str, str], most: int) -> bytes:
        """A file; TrackerRefused where it has more than `most` bytes."""
        content = self._connection.end(path, parameters, most + 1)
        if len(content) > most:
            raise TrackerRefused(f"{self._connection.name} keeps an artifact of more than {most} bytes there.")
        return content

    def _found(
        self, names: Sequence[str], most: int, place: str, key: str, above: str, more: Mapping[str, str]
    ) -> Iterator[tuple[str, bytes]]:
        for name in names:
            with suppress(RunMissing):
                yield name, self.whole(place, {key: above + name, **more}, most)

    def _logged(self, run: Mapping[str, Any]) -> str:
        """The id of the logged model that is meant; empty where there is none."""
        outputs = _objects(_object(run.get("outputs")).get("model_outputs"))
        last = max((_step(one) for one in outputs), default=0)
        ids = [str(one.get("model_id")) for one in outputs if one.get("model_id") and _step(one) == last]
        if len(ids) < 2:
            return ids[0] if ids else ""
        return min(ids[:LOOKED_AT], key=lambda one: (self._name(one), one))

    def _name(self, model_id: str) -> str:
        try:
            model = _object(self._connection.get(f"logged-models/{quote(model_id, safe='')}").get("model"))
        except RunMissing:
            return "\U0010ffff"
        return str(_object(model.get("info")).get("name", ""))

    def _folder(self, run_id: str, run: Mapping[str, Any]) -> str | None:
        """The folder of the run's artifacts that holds a model; None where none does.

        MLflow before 3 kept what it logged in a tag; else the folders at the root are looked into.
        """
        tags = {one.get("key"): one.get("value") for one in _objects(_object(run.get("data")).get("tags"))}
        told = _history(tags.get(HISTORY_TAG))
        if told:
            return told
        root = read_artifacts(self._connection.get("artifacts/list", {"run_id": run_id}))
        if any(one.path == DESCRIPTION for one in root):
            return ""
        for folder in sorted(one.path for one in root if one.folder)[:LOOKED_AT]:
            listed = self._connection.get("artifacts/list", {"run_id": run_id, "path": folder})
            if any(one.path == f"{folder}/{DESCRIPTION}" for one in read_artifacts(listed)):
                return folder
        return None


def _history(tag: Any) -> str:
    """Where the model logged last was put; empty where nobody says."""
    try:
        logged = _objects(json.loads(tag)) if isinstance(tag, str) else []
    except ValueError:
        return ""
    paths = [one.get("artifact_path") for one in logged]
    return next((path for path in reversed(paths) if isinstance(path, str)), "")


def _object(raw: Any) -> Mapping[str, Any]:
    return raw if isinstance(raw, Mapping) else {}


def _objects(raw: Any) -> list[Mapping[str, Any]]:
    return [one for one in raw if isinstance(one, Mapping)] if isinstance(raw, list) else []


def _step(output: Mapping[str, Any]) -> int:
    step = output.get("step")
    return step if isinstance(step, int) else 0
