"""Which way a metric gets better: told by app.yaml, the experiment's tags, people, its name, or nobody."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Literal

from pydantic import Field

from bot.judge.names import HIGHER, JUDGED, LOWER, ONLY_HELD_OUT, words
from bot.settings import ExperimentSettings

Direction = Literal["higher", "lower"]

HELD_OUT = words("val valid validation test testing eval evaluation dev holdout heldout cv oof predict ood")
TRAIN = words("train training trn")
SYSTEM = "system/"
SUMMARY = words("best final last latest min max mean avg average median overall global")
AVERAGE = words("macro micro weighted samples")
BEFORE = HELD_OUT | SUMMARY | AVERAGE | words("metric metrics fold split top k rollout")
# scikit-learn's autologging ends names with the variable that held the data: accuracy_score_X_test.
BEHIND = BEFORE | words("epoch step at dataloader idx unknown dataset data set x y xv xt xs df features")
# The epoch of the best loss is no loss.
EXTREME = words("best min max")
MOMENT = words("epoch step")
SEPARATORS = re.compile(r"[^a-z0-9]+")
NUMBERED = re.compile(r"(?:(?:fold|split|cv|val|valid|validation|test|eval|top|dataloader)?_?)\d+")
NUMBERED_SPLIT = re.compile(r"(?:split|cv|val|valid|validation|test|eval)\d+")
AGGREGATED = re.compile(r"(?:/v\d+)?/(?:mean|median|min|max|p\d+|ratio|average)$|/v\d+$")
# `search.score` of scikit-learn, whatever its scoring: best_cv_score, and mean_test_score of each candidate.
SEARCH_SCORES = re.compile(r"best_cv_score|(?:mean|split\d+)_test_score")
# `estimator.score` after training: RandomForestClassifier_score_X_test.
ESTIMATOR_SCORE = re.compile(r"[A-Z][A-Za-z0-9]*[a-z][A-Za-z0-9]*_score(?:-\d+)?_(.+)")


# https://github.com/mlflow/mlflow/blob/v3.17.2/mlflow/utils/mlflow_tags.py
PRIMARY_TAG = "mlflow.experiment.primaryMetric.name"
GREATER_TAG = "mlflow.experiment.primaryMetric.greaterIsBetter"


class Informed(ExperimentSettings):
    """The settings of an experiment, with what else is known of it where they say nothing."""

    known: dict[str, Direction] = Field(default_factory=dict)
    """Directions of metrics by name: those of tags before those that people said."""


def informed(
    configured: ExperimentSettings, tags: Mapping[str, str], said: Mapping[str, Direction]
) -> ExperimentSettings:
    """Settings completed by an experiment's tags, and by what people said of its metrics."""
    primary = tags.get(PRIMARY_TAG, "")
    greater = {"true": "higher", "false": "lower"}.get(tags.get(GREATER_TAG, "").strip().lower())
    if not primary and not said:
        return configured
    known = {**said, **({primary: greater} if primary and greater else {})}
    fields = {**dict(configured), "primary": configured.primary or primary or None, "known": known}
    return Informed.model_construct(**fields)


def configured_direction(metric: str, rules: ExperimentSettings) -> Direction | None:
    """What app.yaml says of a metric."""
    configured = rules.metrics.get(metric)
    return configured.better if configured is not None else None


def better(metric: str, rules: ExperimentSettings) -> Direction | None:
    """Whether higher or lower is better; nothing when neither rules nor name tell for certain.

    Scores on the training set (`training_*`, `train_*`) and `system/*` have no direction unless one is
    configured: they are not what a run is judged by.
    """
    configured = configured_direction(metric, rules)
    if configured is not None:
        return configured
    if isinstance(rules, Informed) and metric in rules.known:
        return rules.known[metric]
    return by_name(metric)


@lru_cache(16_384)
def by_name(metric: str) -> Direction | None:
    """What the name of a metric tells of its direction; each name is read once."""
    if metric.startswith(SYSTEM):
        return None
    aggregated = AGGREGATED.sub("", metric.lower())
    parts = [part for part in SEPARATORS.split(aggregated) if part]
    if not parts or TRAIN.intersection(parts):
        return None
    if aggregated != metric.lower() and "_".join(parts) in JUDGED:
        return "higher"
    if SEARCH_SCORES.fullmatch(metric) or _is_estimator_score(metric):
        return "higher"
    return _within(parts)


def _is_estimator_score(metric: str) -> bool:
    found = ESTIMATOR_SCORE.fullmatch(metric)
    return found is not None and all(_stands(word, BEHIND) for word in SEPARATORS.split(found[1].lower()) if word)


def _within(parts: list[str]) -> Direction | None:
    """The direction of the longest known name that has nothing around it but splits, averages and cut-offs."""
    front = next((n for n, part in enumerate(parts) if not _stands(part, BEFORE)), len(parts))
    back = next((n for n, part in enumerate(reversed(parts)) if not _stands(part, BEHIND)), len(parts))
    for start in range(min(front + 1, len(parts))):
        for end in range(len(parts), max(start, len(parts) - back - 1), -1):
            if EXTREME.intersection(parts[:start]) and MOMENT.intersection(parts[end:]):
                continue
            direction = _named("_".join(parts[start:end]), beside=parts[max(start - 2, 0) : start])
            if direction is not None:
                return direction
    return None


def _stands(word: str, around: frozenset[str]) -> bool:
    return word in around or NUMBERED.fullmatch(word) is not None


def _named(name: str, beside: list[str]) -> Direction | None:
    if name in HIGHER:
        return "higher"
    if name in LOWER:
        return "lower"
    # scikit-learn's scorers turn losses round: https://scikit-learn.org/stable/modules/model_evaluation.html
    if name.startswith("neg_") and name[4:] in LOWER:
        return "higher"
    return "lower" if name in ONLY_HELD_OUT and _measured(beside) else None


def _measured(beside: list[str]) -> bool:
    """Whether the words right before a name are the split it was measured on: test, valid_0, eval1."""
    if beside and beside[-1].isdigit():
        beside = beside[:-1]
    return bool(beside) and (beside[-1] in HELD_OUT or NUMBERED_SPLIT.fullmatch(beside[-1]) is not None)
