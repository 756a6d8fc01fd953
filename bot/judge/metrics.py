"""Which of a run's metrics speak for it: as configured, else by their names."""

import re
from functools import lru_cache

from bot.facts.runs import Run
from bot.judge.direction import Direction, better
from bot.settings import ExperimentSettings

SYSTEM = "system/"
HELD_OUT = frozenset({"val", "valid", "validation", "test", "eval", "evaluation", "dev", "holdout", "cv"})
TRAIN = frozenset({"train", "training"})
# What trainers log about the training itself: Keras, Lightning, Hugging Face, XGBoost.
BOOKKEEPING = frozenset(
    [
        "epoch",
        "epochs",
        "step",
        "steps",
        "iteration",
        "iterations",
        "iter",
        "global_step",
        "lr",
        "learning_rate",
        "grad_norm",
        "runtime",
        "time",
        "duration",
        "seconds",
        "samples_per_second",
        "steps_per_second",
        "total_flos",
        "flos",
        "stopped_epoch",
        "restored_epoch",
        "best_iteration",
        "stopped_iteration",
        "tokens_per_second",
        "throughput",
    ]
)
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


def natural(name: str) -> tuple[tuple[int, str], ...]:
    """A sort key by which layer_2 comes before layer_10."""
    parts = re.split(r"([0-9]+)", name)
    return tuple((int(part), "") if part.isascii() and part.isdigit() else (-1, part) for part in parts)


@lru_cache(4096)
def _rank(name: str, direction: Direction | None) -> tuple[int, int, tuple[tuple[int, str], ...], str]:
    parts = [part for part in _PARTS.split(name.lower()) if part]
    order = {"higher": 0, "lower": 1, None: 2}[direction]
    if TRAIN.intersection(parts):
        return (4, order, natural(name), name)
    plain = "_".join(part for part in parts if part not in HELD_OUT)
    if plain in BOOKKEEPING:
        return (5, order, natural(name), name)
    held_out = HELD_OUT.intersection(parts)
    if direction is not None:
        return (0 if held_out else 1, order, natural(name), name)
    return (2 if held_out else 3, order, natural(name), name)
