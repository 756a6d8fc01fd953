"""Which of a run's metrics speak for it: as configured, else by their names."""

import re
from functools import lru_cache
from typing import Any

from bot.facts.runs import Run
from bot.judge.direction import ESTIMATOR_SCORE, HELD_OUT, SYSTEM, TRAIN, Direction, better
from bot.judge.names import words
from bot.settings import ExperimentSettings

# What trainers log about the training itself: Keras, Lightning, Hugging Face, XGBoost.
BOOKKEEPING = words(
    """
    epoch epochs step steps iteration iterations iter global_step lr learning_rate grad_norm duration samples
    samples_per_second steps_per_second tokens_per_second throughput stopped_epoch restored_epoch best_iteration
    stopped_iteration gen_len mean_on_target sum_on_target rank_score
    """
)
# Names that end so are times and sizes; those that hold such a word tell how sure another metric is.
COUNTED = words("time runtime seconds flos count support positives negatives")
SPREAD = words("std stdv stddev var variance")
# Half of a trade-off: what else is measured speaks first, also before a score that does not say what it counts.
ONE_SIDED = words("precision recall sensitivity specificity tpr tnr fpr fnr ppv npv rate")
# Of several evaluation sets XGBoost stops early by the last: the first is often what was trained on.
# https://xgboost.readthedocs.io/en/stable/python/python_api.html (eval_set, early_stopping_rounds)
_EVALUATION_SET = re.compile(r"validation_(\d+)-")
# Classes from here on are no scores on held-out data: see `_class`.
UNJUDGED = 4
_PARTS = re.compile(r"[^a-z0-9]+")


def primary_metrics(run: Run, rules: ExperimentSettings, limit: int) -> list[str]:
    """Up to `limit` names of the run's metrics, the most telling first; the same run always gives the same.

    The configured primary metric leads; where metrics are configured and the run has any of them, those are all.
    Else names decide: scores on held-out data before others, well-known before unknown, those of the training
    set and its bookkeeping (epoch, lr…) last. `system/*` never speaks for a run.
    """
    configured = [name for name in (rules.primary, *rules.metrics) if name is not None and name in run.metrics]
    chosen = list(dict.fromkeys(configured))
    if not any(name in run.metrics for name in rules.metrics):
        chosen += [name for name in ranked(run, rules) if name not in chosen]
    return chosen[:limit]


def ranked(run: Run, rules: ExperimentSettings) -> list[str]:
    """All names of a run's metrics but `system/*`, the most telling first."""
    return sorted(
        (name for name in run.metrics if not name.startswith(SYSTEM)),
        key=lambda name: _rank(name, better(name, rules)),
    )


def judged_metrics(run: Run, rules: ExperimentSettings, limit: int = 50) -> list[str]:
    """The names of a run's metrics that a verdict may be about: as configured, else its scores on held-out data.

    Scores of the training set, bookkeeping and `system/*` are judged only where they are configured.
    """
    names = primary_metrics(run, rules, len(run.metrics))
    configured = {rules.primary, *rules.metrics}
    return [name for name in names if name in configured or _rank(name, better(name, rules))[0] < UNJUDGED][:limit]


@lru_cache(16_384)
def natural(name: str) -> tuple[tuple[int, str], ...]:
    """A sort key by which layer_2 comes before layer_10."""
    parts = re.split(r"([0-9]+)", name)
    return tuple((int(part), "") if part.isascii() and part.isdigit() else (-1, part) for part in parts)


@lru_cache(16_384)
def _rank(name: str, direction: Direction | None) -> tuple[Any, ...]:
    parts = [part for part in _PARTS.split(name.lower()) if part]
    order = {"higher": 0, "lower": 1, None: 2}[direction]
    evaluation_set = _EVALUATION_SET.match(name)
    within = (
        order,
        -int(evaluation_set[1]) if evaluation_set else 0,
        bool(ONE_SIDED.intersection(parts)) or ESTIMATOR_SCORE.fullmatch(name) is not None,
        natural(name),
        name,
    )
    return (_class(parts, direction), *within)


def _class(parts: list[str], direction: Direction | None) -> int:
    """0 for what is measured on held-out data and has a direction, up to 5 for what is no score at all."""
    if TRAIN.intersection(parts):
        return 4
    plain = [part for part in parts if part not in HELD_OUT]
    if "_".join(plain) in BOOKKEEPING or COUNTED.intersection(plain[-1:]) or SPREAD.intersection(plain):
        return 5
    unknown = 0 if direction is not None else 2
    return unknown if HELD_OUT.intersection(parts) else unknown + 1
