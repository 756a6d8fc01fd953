"""What training scripts and people do to a real MLflow server, over its REST API."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import httpx

from bot.edges.mlflow.reading import milliseconds


class MlflowHand:
    """The doing side of an MLflow server, with the same verbs as tests.fakes.tracker.FakeTracker."""

    def __init__(self, url: str, auth: tuple[str, str] | None = None, workspace: str = "") -> None:
        self.url = url
        self.client = httpx.Client(
            base_url=f"{url}/api/2.0/mlflow/",
            auth=auth,
            headers={"x-mlflow-workspace": workspace} if workspace else {},
            timeout=60,
            trust_env=False,
        )

    def close(self) -> None:
        self.client.close()

    def create_experiment(self, name: str) -> str:
        """Names are made unique, because all tests share one server."""
        return str(self._post("experiments/create", name=f"{name}-{uuid4().hex[:8]}")["experiment_id"])

    def rename_experiment(self, experiment_id: str, name: str) -> None:
        self._post("experiments/update", experiment_id=experiment_id, new_name=name)

    def delete_experiment(self, experiment_id: str) -> None:
        self._post("experiments/delete", experiment_id=experiment_id)

    def create_run(
        self,
        experiment_id: str,
        name: str = "",
        *,
        started: datetime | None = None,
        tags: Mapping[str, str] | None = None,
    ) -> str:
        content: dict[str, Any] = {"experiment_id": experiment_id, "run_name": name}
        if started:
            content["start_time"] = milliseconds(started)
        content["tags"] = [{"key": key, "value": value} for key, value in (tags or {}).items()]
        return str(self._post("runs/create", **content)["run"]["info"]["run_id"])

    def log(self, run_id: str, key: str, value: float | str, *, step: int = 0, at: datetime | None = None) -> None:
        timestamp = milliseconds(at or datetime.now(UTC))
        self._post("runs/log-metric", run_id=run_id, key=key, value=value, step=step, timestamp=timestamp)

    def param(self, run_id: str, key: str, value: str) -> None:
        self._post("runs/log-parameter", run_id=run_id, key=key, value=value)

    def tag(self, run_id: str, key: str, value: str) -> None:
        self._post("runs/set-tag", run_id=run_id, key=key, value=value)

    def rename(self, run_id: str, name: str) -> None:
        self._post("runs/update", run_id=run_id, run_name=name)

    def end(self, run_id: str, status: str = "FINISHED", *, ended: datetime | None = None) -> None:
        times = {"end_time": milliseconds(ended)} if ended else {}
        self._post("runs/update", run_id=run_id, status=status, **times)

    def reopen(self, run_id: str) -> None:
        self._post("runs/update", run_id=run_id, status="RUNNING")

    def delete(self, run_id: str) -> None:
        self._post("runs/delete", run_id=run_id)

    def restore(self, run_id: str) -> None:
        self._post("runs/restore", run_id=run_id)

    def create_model(self, name: str) -> str:
        """Names are made unique, because all tests share one server."""
        unique = f"{name}-{uuid4().hex[:8]}"
        self._post("registered-models/create", name=unique)
        return unique

    def register(self, model: str, run_id: str = "") -> str:
        content = {"name": model, "source": "s3://models/churn"}
        if run_id:
            run = self._get("runs/get", run_id=run_id)["run"]
            content |= {"source": run["info"]["artifact_uri"], "run_id": run_id}
        return str(self._post("model-versions/create", **content)["model_version"]["version"])

    def unregister(self, model: str, version: str) -> None:
        self._send("DELETE", "model-versions/delete", name=model, version=version)

    def alias(self, model: str, alias: str, version: str) -> None:
        self._post("registered-models/alias", name=model, alias=alias, version=version)

    def drop_alias(self, model: str, alias: str) -> None:
        self._send("DELETE", "registered-models/alias", name=model, alias=alias)

    def artifact(self, run_id: str, path: str, content: bytes) -> None:
        """Upload through the server, as clients of a server that proxies its artifacts do."""
        uri = self.client.get("runs/get", params={"run_id": run_id}).json()["run"]["info"]["artifact_uri"]
        root = uri.removeprefix("mlflow-artifacts:/")
        address = f"{self.url}/api/2.0/mlflow-artifacts/artifacts/{root}/{quote(path)}"
        answer = self.client.put(address, content=content)
        assert answer.is_success, answer.text

    def _get(self, path: str, **question: str) -> Any:
        answer = self.client.get(path, params=question)
        assert answer.is_success, answer.text
        return answer.json()

    def _post(self, path: str, **content: Any) -> Any:
        return self._send("POST", path, **content)

    def _send(self, method: str, path: str, **content: Any) -> Any:
        answer = self.client.request(method, path, json=content)
        assert answer.is_success, answer.text
        return answer.json()

    def model(self, run_id: str, name: str, step: int = 0, **files: bytes) -> None:
        """Log a model of MLflow 3, as its client does; names of files are written with "__" for "."."""
        run = self.client.get("runs/get", params={"run_id": run_id}).json()["run"]["info"]
        made = self._post("logged-models", experiment_id=run["experiment_id"], name=name, source_run_id=run_id)
        info = made["model"]["info"]
        root = info["artifact_uri"].removeprefix("mlflow-artifacts:/")
        for path, content in files.items():
            address = f"{self.url}/api/2.0/mlflow-artifacts/artifacts/{root}/{quote(path.replace('__', '.'))}"
            assert self.client.put(address, content=content).is_success
        self._post("runs/outputs", run_id=run_id, models=[{"model_id": info["model_id"], "step": step}])
