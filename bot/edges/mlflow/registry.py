"""What a model registry tells: where an alias leads, and the versions of a model or of a run."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.edges.mlflow.connection import Connection
from bot.facts.baselines import ModelVersion
from bot.ports.errors import ModelMissing, RunMissing, TrackerDown, TrackerRefused

PAGE = 200


def read_alias(connection: Connection, model: str, alias: str) -> ModelVersion:
    """The version an alias leads to; ModelMissing where there is no such model or alias."""
    try:
        answer = connection.get("registered-models/alias", {"name": model, "alias": alias})
    except RunMissing as missing:
        raise ModelMissing(f"{connection.name} has no registered model {model}") from missing
    except TrackerRefused as refusal:
        # A missing alias is INVALID_PARAMETER_VALUE: mlflow/store/model_registry/sqlalchemy_store.py.
        if f"alias {alias} not found" in str(refusal):
            raise ModelMissing(f"{model} has no alias {alias} on {connection.name}") from refusal
        raise
    version = _version(answer.get("model_version"))
    if version is None:
        raise TrackerDown(f"{connection.name} answered without the version that {model}@{alias} is.")
    return version


def read_versions(connection: Connection, model: str, run_id: str, limit: int) -> Sequence[ModelVersion]:
    """The versions of a model, or those a run registered, the newest first, at most `limit`."""
    quote = '"' if "'" in model else "'"
    condition = f"run_id = '{run_id}'" if run_id else f"name = {quote}{model}{quote}"
    question = {"filter": condition, "max_results": str(min(PAGE, limit)), "order_by": "version_number DESC"}
    found: list[ModelVersion] = []
    token = ""
    while len(found) < limit:
        answer = connection.get("model-versions/search", {**question, **({"page_token": token} if token else {})})
        raw = answer.get("model_versions") or []
        found += [version for item in raw if (version := _version(item)) is not None]
        following = answer.get("next_page_token") or ""
        if not following or not raw or following == token:
            break
        token = str(following)
    return found[:limit]


def _version(raw: Any) -> ModelVersion | None:
    if not isinstance(raw, Mapping) or not raw.get("name") or not raw.get("version"):
        return None
    return ModelVersion(str(raw["name"]), str(raw["version"]), str(raw.get("run_id") or ""))
