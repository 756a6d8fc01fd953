"""What people changed in a run after its end: its name, note, params, metrics, tags or end."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import datetime

from bot.facts.runs import NOTE_TAG, Metric, Run

OWN_PREFIX = "rundown."
# MLflow and its UI write these by themselves; the run's name has its own line.
BOOKKEEPING = frozenset({"mlflow.runName", "mlflow.log-model.history", "mlflow.loggedArtifacts", NOTE_TAG})


def edits(before: Run, after: Run) -> tuple[str, ...]:
    """One short English line for each thing that differs; none for tags that Rundown or MLflow itself writes."""
    return tuple(_differences(before, after))


def digest(run: Run, since: datetime) -> str:
    """Stands for this content, reached from what was known at `since`: the same edit has the same digest."""
    content = [
        since.isoformat(),
        run.name,
        run.note,
        str(run.ended),
        sorted(run.params.items()),
        sorted(_tags(run).items()),
        sorted((key, repr(metric.value), metric.step) for key, metric in run.metrics.items()),
    ]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:16]


def _differences(before: Run, after: Run) -> Iterator[str]:
    if before.name != after.name:
        yield f"name: {before.name} → {after.name}"
    if before.note != after.note:
        yield "note added" if not before.note else "note removed" if not after.note else "note changed"
    yield from _changed("metric", _values(before.metrics), _values(after.metrics))
    yield from _changed("param", before.params, after.params)
    yield from _changed("tag", _tags(before), _tags(after))
    if before.ended is not None and before.ended != after.ended:
        yield "end time changed"


def _changed(noun: str, before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[str]:
    for key in sorted(before.keys() | after.keys()):
        old, new = before.get(key), after.get(key)
        if old == new:
            continue
        if old is None:
            yield f"{noun} {key} added: {new}"
        elif new is None:
            yield f"{noun} {key} removed"
        else:
            yield f"{noun} {key}: {old} → {new}"


def _values(metrics: Mapping[str, Metric]) -> dict[str, str]:
    """Values as text, so that NaN is equal to itself."""
    return {key: repr(metric.value) for key, metric in metrics.items()}


def _tags(run: Run) -> dict[str, str]:
    return {
        key: value for key, value in run.tags.items() if key not in BOOKKEEPING and not key.startswith(OWN_PREFIX)
    }
