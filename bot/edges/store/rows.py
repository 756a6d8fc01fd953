"""A run as a row: everything of it as JSON, what is searched for as columns, and back again."""

import json
from collections.abc import Mapping
from hashlib import sha256
from math import isnan
from types import MappingProxyType
from typing import Any

from bot.edges.store.columns import EPOCH, clean, fold, microseconds, moment_of, short
from bot.facts.runs import Dataset, Metric, Run, Status
from bot.judge.lineage import replicate_key, settled_key
from bot.ports.index import Known

# Long machine-written JSON that would make every word be found everywhere.
NOT_SEARCHED = frozenset({"mlflow.log-model.history", "mlflow.loggedArtifacts"})
Row = dict[str, Any]


def details_of(run: Run) -> Row:
    """Everything of a run as JSON can hold it; times in microseconds."""
    return {
        "tracker": run.tracker,
        "run_id": run.run_id,
        "experiment_id": run.experiment_id,
        "name": run.name,
        "status": run.status.value,
        "started": None if run.started is None else microseconds(run.started),
        "ended": None if run.ended is None else microseconds(run.ended),
        "deleted": run.deleted,
        "url": run.url,
        "artifact_uri": run.artifact_uri,
        "params": dict(run.params),
        "metrics": {
            key: [metric.value, metric.step, None if metric.at is None else microseconds(metric.at)]
            for key, metric in run.metrics.items()
        },
        "tags": dict(run.tags),
        "datasets": [[one.name, one.digest, one.context] for one in run.datasets],
        "stalled": run.stalled,
    }


def run_of(details: Mapping[str, Any], experiment: str) -> Run:
    """The run of its JSON, in an experiment of this name."""
    started, ended = details["started"], details["ended"]
    return Run(
        tracker=details["tracker"],
        run_id=details["run_id"],
        experiment_id=details["experiment_id"],
        experiment=experiment,
        name=details["name"],
        status=Status(details["status"]),
        started=None if started is None else moment_of(started),
        ended=None if ended is None else moment_of(ended),
        deleted=details["deleted"],
        url=details["url"],
        artifact_uri=details["artifact_uri"],
        params=MappingProxyType(details["params"]),
        metrics=MappingProxyType(
            {
                key: Metric(value, step, None if at is None else moment_of(at))
                for key, (value, step, at) in details["metrics"].items()
            }
        ),
        tags=MappingProxyType(details["tags"]),
        datasets=tuple(Dataset(*one) for one in details["datasets"]),
        stalled=details["stalled"],
    )


def run_row(known: Known, experiment: int) -> Row:
    """The columns of a run; `experiment` is the id of its experiment's row."""
    run = known.run
    details = details_of(run)
    content = json.dumps([details, run.experiment, known.generation, known.gone], sort_keys=True)
    return {
        "tracker": run.tracker,
        "run_id": run.run_id,
        "experiment": experiment,
        "newest_first": -microseconds(run.started or EPOCH),
        "ended": run.ended,
        "status": run.status.value,
        "stalled": run.stalled,
        "deleted": run.deleted,
        "gone": known.gone,
        "has_metrics": bool(run.metrics),
        "owner": run.owner,
        "parent_id": run.parent_id,
        "git_commit": run.commit.lower(),
        "name_key": fold(run.name),
        "last_sign": run.last_sign or known.first_seen,
        "read_at": known.read_at,
        "first_seen": known.first_seen,
        "generation": known.generation,
        "fingerprint": sha256(content.encode()).hexdigest(),
        "name": run.name,
        "name_folded": fold(run.name),
        "words": words_of(run),
        **comparable_columns(run),
        "details": details,
    }


def comparable_columns(run: Run) -> Row:
    """The columns by which comparable runs are found and their metrics read without reading whole runs."""
    return {
        "settled": settled_key(run),
        "replicates": replicate_key(run),
        "not_numbers": sorted(short(key) for key, metric in run.metrics.items() if isnan(metric.value)),
    }


def words_of(run: Run) -> str:
    """What plain words are looked for in, a line apiece: name, params and tags (the note is one)."""
    tags = {key: value for key, value in run.tags.items() if key not in NOT_SEARCHED}
    lines = [run.name, *(f"{key}={value}" for values in (run.params, tags) for key, value in values.items())]
    return fold("\n".join(lines))


def text_rows(run: int, values: Mapping[str, str]) -> list[Row]:
    """Params or tags as rows to search in; keys that are cut to the same text are one."""
    rows = {}
    for key, value in values.items():
        whole, folded = clean(value), fold(value)
        row = {
            "run": run,
            "key": key,
            "value": value,
            "whole": whole if short(value) != whole else None,
            "folded": folded if folded != whole else None,
        }
        rows[short(key)] = row
    return list(rows.values())


def metric_rows(run: int, experiment: int, metrics: Mapping[str, Metric]) -> list[Row]:
    """Metrics as rows to search and rank in: NaN is left out, as no comparison finds it."""
    rows = {
        short(key): {"run": run, "key": key, "value": float(metric.value), "experiment": experiment}
        for key, metric in metrics.items()
        if not isnan(metric.value)
    }
    return list(rows.values())
