"""How soon a step is seen: stable runs, then a step of so many sigmas, asked when it is 1, 2 or 3 runs old."""

from collections.abc import Iterator

import numpy as np

from bot.facts.verdicts import Series, Shift, Stage
from bot.judge.verdict import judge_metric, standing_after
from tests.bench.regressions.methods import points

STEPS = (0, 2, 3, 4, 5, 6)
STABLE = (8, 20, 40)
NEWEST = 3


def table(tries: int = 500) -> Iterator[str]:
    """Rows of a Markdown table: the share of series that are suspected or more, and confirmed, by each run."""
    runs = " | ".join(f"run {newest + 1}: told, confirmed" for newest in range(NEWEST))
    yield f"| stable runs | step | {runs} |"
    yield "|" + " --- |" * (2 + NEWEST)
    for stable in STABLE:
        for step in STEPS:
            shares = " | ".join(f"{told:.3f}, {confirmed:.3f}" for told, confirmed in _shares(stable, step, tries))
            yield f"| {stable} | {f'{step} sigma' if step else 'none'} | {shares} |"


def _shares(stable: int, step: float, tries: int) -> list[tuple[float, float]]:
    """Sigma is 1 % of the level, so that every step of a sigma or more is larger than the least change."""
    random = np.random.default_rng([stable, step])
    stages: list[list[Stage | None]] = [[] for _ in range(NEWEST)]
    for _ in range(tries):
        values = random.normal(100.0, 1.0, stable + NEWEST)
        values[stable:] += step
        known = points(values.tolist())
        standing: Shift | None = None
        for newest in range(NEWEST):
            seen = known[: stable + newest + 1]
            verdict = judge_metric(seen[-1].run, Series("metric", seen, "lower"), standing)
            standing = standing_after(verdict, standing)
            stages[newest].append(verdict.stage)
    return [(sum(one is not None for one in told) / tries, told.count(Stage.CONFIRMED) / tries) for told in stages]
