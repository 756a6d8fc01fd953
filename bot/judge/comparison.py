"""What differs between two runs, and how much is the same."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.facts.runs import BRANCH_TAG, CI_TAG, COMMIT_TAG, SOURCE_TAG, Run
from bot.judge.metrics import natural, primary_metrics, ranked
from bot.settings import ExperimentSettings

_CODE = {COMMIT_TAG: "commit", BRANCH_TAG: "branch", SOURCE_TAG: "source"}
# Tags that say where a run ran: MLflow's own, and the words people use for it.
_MLFLOW_ENVIRONMENT = re.compile(r"mlflow\.(docker\.|project\.env|databricks\.cluster\.id|databricks\.runtime)")
_ENVIRONMENT = frozenset(
    [
        "python",
        "cuda",
        "cudnn",
        "gpu",
        "torch",
        "tensorflow",
        "sklearn",
        "image",
        "docker",
        "env",
        "environment",
        "host",
    ]
)
_INTERNAL = "mlflow."


@dataclass(frozen=True, slots=True)
class MetricPair:
    """One metric of both runs; None where a run has no such metric, and values may be NaN or ±inf."""

    name: str
    first: float | None
    second: float | None

    @property
    def delta(self) -> float | None:
        """First minus second; nothing where that says nothing."""
        if self.first is None or self.second is None:
            return None
        difference = self.first - self.second
        return difference if math.isfinite(difference) else None

    @property
    def same(self) -> bool:
        """Whether both runs measured the same; NaN is the same as NaN."""
        if self.first is None or self.second is None:
            return self.first is self.second
        return self.first == self.second or (math.isnan(self.first) and math.isnan(self.second))


@dataclass(frozen=True, slots=True)
class ValuePair:
    """One named text of both runs; None where a run has none."""

    name: str
    first: str | None
    second: str | None

    @property
    def same(self) -> bool:
        """Whether both runs say the same."""
        return self.first == self.second


@dataclass(frozen=True, slots=True)
class Differences:
    """Pairs that differ, and how many are the same."""

    pairs: tuple[ValuePair, ...]
    same: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs side by side: only what differs, the most telling metrics first, names in order elsewhere."""

    first: Run
    second: Run
    metrics: tuple[MetricPair, ...]
    same_metrics: int
    params: Differences
    code: Differences
    datasets: Differences
    environment: Differences
    tags: Differences

    @property
    def empty(self) -> bool:
        """Whether nothing at all differs."""
        parts = (self.params, self.code, self.datasets, self.environment, self.tags)
        return not self.metrics and not any(part.pairs for part in parts)


def compare(first: Run, second: Run, rules: ExperimentSettings) -> Comparison:
    """Put two runs side by side, without `system/*` metrics; `rules` are those of the first run's experiment."""
    names = primary_metrics(first, rules, len(first.metrics))
    names += [name for run in (first, second) for name in ranked(run, rules) if name not in names]
    metrics = [_metrics(name, first, second) for name in dict.fromkeys(names)]
    return Comparison(
        first=first,
        second=second,
        metrics=tuple(pair for pair in metrics if not pair.same),
        same_metrics=sum(pair.same for pair in metrics),
        params=_differences(first.params, second.params),
        code=_differences(code(first), code(second)),
        datasets=_differences(datasets(first), datasets(second)),
        environment=_differences(environment(first), environment(second)),
        tags=_differences(team_tags(first), team_tags(second)),
    )


def _metrics(name: str, first: Run, second: Run) -> MetricPair:
    values = [run.metrics[name].value if name in run.metrics else None for run in (first, second)]
    return MetricPair(name, *values)


def _differences(first: Mapping[str, str], second: Mapping[str, str]) -> Differences:
    names = sorted({*first, *second}, key=natural)
    pairs = [ValuePair(name, first.get(name), second.get(name)) for name in names]
    return Differences(tuple(pair for pair in pairs if not pair.same), sum(pair.same for pair in pairs))


def code(run: Run) -> dict[str, str]:
    """Commit, branch and source of a run, as far as MLflow saw them."""
    return {name: run.tags[tag] for tag, name in _CODE.items() if run.tags.get(tag)}


def datasets(run: Run) -> dict[str, str]:
    """The datasets of a run with their digests, by what they were for."""
    found: dict[str, list[str]] = {}
    for dataset in run.datasets:
        found.setdefault(dataset.context or "data", []).append(f"{dataset.name} {dataset.digest}".strip())
    return {context: ", ".join(sorted(names)) for context, names in found.items()}


def environment(run: Run) -> dict[str, str]:
    """The tags that say where a run ran."""
    return {key: value for key, value in run.tags.items() if _kind(key) is True}


def team_tags(run: Run) -> dict[str, str]:
    """The tags of the team's own, that speak of no environment."""
    return {key: value for key, value in run.tags.items() if _kind(key) is False}


def _kind(key: str) -> bool | None:
    """True for a tag of the environment, False for one of the team's own, None for book-keeping."""
    if key == CI_TAG:
        return None
    if key.startswith(_INTERNAL):
        return True if _MLFLOW_ENVIRONMENT.match(key) else None
    return bool(_ENVIRONMENT.intersection(re.split(r"[^a-z0-9]+", key.lower())))
