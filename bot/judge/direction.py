"""Which way a metric gets better: as configured, else by a name that leaves no doubt, else unknown."""

import re
from functools import lru_cache
from typing import Literal

from bot.settings import ExperimentSettings

Direction = Literal["higher", "lower"]

HIGHER = frozenset(
    {
        "accuracy",
        "accuracy_score",
        "acc",
        "balanced_accuracy",
        "balanced_accuracy_score",
        "auc",
        "auroc",
        "roc_auc",
        "roc_auc_score",
        "pr_auc",
        "auprc",
        "average_precision",
        "average_precision_score",
        "f1",
        "f1_score",
        "f1_macro",
        "f1_micro",
        "f1_weighted",
        "precision",
        "precision_score",
        "recall",
        "recall_score",
        "r2",
        "r2_score",
        "bleu",
        "sacrebleu",
        "rouge1",
        "rouge2",
        "rougel",
        "rougelsum",
        "meteor",
        "ndcg",
        "mrr",
        "iou",
        "miou",
        "dice",
        "mcc",
        "matthews_corrcoef",
        "exact_match",
        "top_1_accuracy",
        "top_5_accuracy",
    }
)
LOWER = frozenset(
    {
        "loss",
        "log_loss",
        "logloss",
        "cross_entropy",
        "nll",
        "mse",
        "mean_squared_error",
        "rmse",
        "root_mean_squared_error",
        "mae",
        "mean_absolute_error",
        "mape",
        "mean_absolute_percentage_error",
        "smape",
        "perplexity",
        "ppl",
        "wer",
        "cer",
        "ter",
        "brier",
        "brier_score",
        "brier_score_loss",
        "error_rate",
        "max_error",
    }
)
# The split a metric was measured on, as autologging and common trainers write it before the name.
SPLIT = re.compile(r"^(?:best|final)?_*(?:val|valid|validation|test|eval|evaluation|dev|holdout)_+")
SEPARATORS = re.compile(r"[^a-z0-9]+")


def better(metric: str, rules: ExperimentSettings) -> Direction | None:
    """Whether higher or lower is better; nothing when neither settings nor name tell for certain.

    Scores on the training set (`training_*`, `train_*`) and `system/*` have no direction unless one is
    configured: they are not what a run is judged by.
    """
    configured = rules.metrics.get(metric)
    if configured is not None and configured.better is not None:
        return configured.better
    return _by_name(metric)


@lru_cache(4096)
def _by_name(metric: str) -> Direction | None:
    name = SPLIT.sub("", SEPARATORS.sub("_", metric.lower()).strip("_"))
    if name in HIGHER:
        return "higher"
    return "lower" if name in LOWER else None
