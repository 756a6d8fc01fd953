"""How soon a step is seen: stable runs, then a step of so many sigmas, asked when it is 1, 2 or 3 runs old."""

from collections.abc import Iterator

import numpy as np

from bot.facts.verdicts import Series, Stage
from bot.judge.verdict import judge_metric
from tests.bench.regressions.methods import points

STEPS = (0, 2, 3, 4, 5, 6)
STABLE = (8, 20, 40)
NEWEST = (1, 2, 3)


def table(tries: int = 500) -> Iterator[str]:
    """Rows of a Markdown table: the share of series in which the newest run is suspected, and confirmed."""
    yield "| stable runs | step | " + " | ".join(f"run {one}: suspected, confirmed" for one in NEWEST) + " |"
    yield "|" + " --- |" * (2 + len(NEWEST))
    for stable in STABLE:
        for step in STEPS:
            told = " | ".join(_shares(stable, step, newest, tries) for newest in NEWEST)
            yield f"| {stable} | {f'{step} sigma' if step else 'none'} | {told} |"


def _shares(stable: int, step: float, newest: int, tries: int) -> str:
    """Sigma is 1 % of the level, so that every step of a sigma or more is larger than the least change."""
    random = np.random.default_rng([stable, step, newest])
    suspected = confirmed = 0
    for _ in range(tries):
        values = random.normal(100.0, 1.0, stable + newest)
        values[stable:] += step
        known = points(values.tolist())
        stage = judge_metric(known[-1].run, Series("metric", known)).stage
        suspected += stage is not None
        confirmed += stage is Stage.CONFIRMED
    return f"{suspected / tries:.3f}, {confirmed / tries:.3f}"
