"""What is thought of a run: each metric against the comparable runs before it, and a headline for all."""

import math
import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from bot.facts.runs import RunRef
from bot.facts.verdicts import Method, MetricVerdict, Noise, Point, RunVerdict, Series, Shift, Stage, Word

FEWEST = 5
SUSPECT = 0.01
CONFIRM = 0.001
NOISES = 2.0
NONE: Mapping[str, Shift] = MappingProxyType({})

# The worst first, as a card lists them.
ORDER = (
    Word.REGRESSED,
    Word.MIXED,
    Word.CHANGED,
    Word.MISSING,
    Word.IMPROVED,
    Word.NEW,
    Word.WITHIN_NOISE,
    Word.TOO_FEW,
)
STAGES = (Stage.CONFIRMED, Stage.SUSPECTED, Stage.RECOVERED, None)


def judge_run(run: RunRef, series: Sequence[Series], standing: Mapping[str, Shift] = NONE) -> RunVerdict:
    """The verdict on a run from its metrics' series, the worst metric first.

    `standing` holds by metric the confirmed change that stands since an earlier run (see `standing_after`).
    Suspicion holds the false discovery rate over all metrics of the run (Benjamini and Hochberg, 1995).
    """
    chance = discovered([evidence(run, one).chance for one in series])
    verdicts = [judge_metric(run, one, standing.get(one.metric), chance) for one in series]
    ordered = sorted(verdicts, key=lambda one: (ORDER.index(one.word), STAGES.index(one.stage), one.metric))
    word, stage = headline(ordered)
    return RunVerdict(run, word, stage, tuple(ordered))


def judge_metric(
    run: RunRef, series: Series, standing: Shift | None = None, chance: float = SUSPECT
) -> MetricVerdict:
    """The verdict on one metric of a run, which must be the newest of the series to have it.

    `chance` is how often noise alone may be suspected; `judge_run` lowers it where a run has many metrics.
    """
    seen = evidence(run, series)
    verdict = MetricVerdict(series.metric, Word.WITHIN_NOISE, seen.value, seen.expected, series.better)
    if seen.value is None:
        return replace(verdict, word=Word.MISSING, rule="was measured in the runs before, and is not in this one")
    if seen.before < FEWEST or seen.expected is None or seen.noise is None:
        return replace(
            verdict, word=Word.TOO_FEW, rule=f"{seen.before} comparable runs before; {FEWEST} are needed"
        )
    told = replace(verdict, noise=seen.noise, rule=_rule(seen))
    if standing is not None and standing.word is Word.REGRESSED:
        least = max(series.least.at(standing.expected), NOISES * seen.noise.spread)
        back = abs(seen.value - standing.expected) < least
        held = replace(told, since=standing.since, expected=standing.expected)
        if back:
            return replace(held, word=Word.WITHIN_NOISE, stage=Stage.RECOVERED)
        return replace(held, word=Word.REGRESSED, stage=Stage.CONFIRMED)
    if not seen.matters or seen.chance > chance:
        return told
    stage = Stage.CONFIRMED if seen.sure else Stage.SUSPECTED
    return replace(told, word=_word(series.better, seen.value - seen.expected), stage=stage, since=seen.since)


def standing_after(verdict: MetricVerdict, standing: Shift | None) -> Shift | None:
    """The change that stands after a verdict: a confirmed one from then on, none once it has recovered."""
    if verdict.stage is Stage.RECOVERED:
        return None
    if verdict.stage is Stage.CONFIRMED and verdict.since is not None and verdict.expected is not None:
        return Shift(verdict.since, verdict.expected, verdict.word)
    return standing


def replay(series: Series) -> Iterator[MetricVerdict]:
    """The verdict on each run of a series in turn, as it was told when that run was the newest."""
    standing: Shift | None = None
    for end, point in enumerate(series.points, 1):
        verdict = judge_metric(point.run, replace(series, points=series.points[:end]), standing)
        standing = standing_after(verdict, standing)
        yield verdict


def headline(verdicts: Sequence[MetricVerdict]) -> tuple[Word, Stage | None]:
    """The word for a run and how sure it is, from its metrics: the worst that is surest."""
    for word in ORDER:
        found = [one.stage for one in verdicts if one.word is word]
        if found:
            return word, min(found, key=STAGES.index)
    return Word.TOO_FEW, None


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the numbers say: `chance` is how often noise alone would lie so far off (1 where nothing is known)."""

    value: float | None
    before: int
    expected: float | None = None
    noise: Noise | None = None
    chance: float = 1.0
    sure: bool = False
    matters: bool = False
    since: RunRef | None = None


def evidence(run: RunRef, series: Series) -> Evidence:
    """How the newest 1 to 3 runs of a series lie to those before them."""
    points = series.points
    here = points[-1].value if points and points[-1].run == run else None
    finite = [one for one in points if math.isfinite(one.value)]
    before = len(finite) - (here is not None and math.isfinite(here))
    if here is None or not math.isfinite(here) or before < FEWEST:
        return Evidence(here, before)
    looks = [_look(series, finite, newest) for newest in (3, 2, 1) if len(finite) - newest >= FEWEST]
    return next((one for one in looks if one.sure), looks[-1])


def discovered(chances: Sequence[float], rate: float = SUSPECT) -> float:
    """The largest chance that still counts as a discovery when all of these are looked at."""
    ranked = sorted(chances)
    kept = [one for rank, one in enumerate(ranked, 1) if one <= rate * rank / len(ranked)]
    return max(kept, default=rate / max(len(ranked), 1))


def _look(series: Series, points: Sequence[Point], newest: int) -> Evidence:
    values = [one.value for one in points]
    before, after = values[:-newest], values[-newest:]
    noise = Noise(Method.LINEAGE, statistics.stdev(before), len(before))
    expected = statistics.fmean(before) if series.baseline is None else series.baseline
    least = max(series.least.at(expected), NOISES * noise.spread)
    apart = [one - expected for one in after]
    matters = all(one >= least for one in apart) or all(-one >= least for one in apart)
    chance = _chance(before, after)
    sure = matters and newest > 1 and chance <= CONFIRM
    return Evidence(values[-1], len(points) - 1, expected, noise, chance, sure, matters, points[-newest].run)


def _chance(before: Sequence[float], after: Sequence[float]) -> float:
    from scipy.special import stdtr  # noqa: PLC0415  takes a third of a second at start-up

    spread = statistics.stdev(before) * math.sqrt(1 / len(after) + 1 / len(before))
    apart = abs(statistics.fmean(after) - statistics.fmean(before))
    if spread == 0:
        return 0.0 if apart else 1.0
    return float(2 * stdtr(len(before) - 1, -apart / spread))


def _word(better: str | None, delta: float) -> Word:
    if better is None:
        return Word.CHANGED
    return Word.IMPROVED if (delta > 0) == (better == "higher") else Word.REGRESSED


def _rule(seen: Evidence) -> str:
    if seen.value is None or seen.expected is None or seen.noise is None:
        return ""
    delta = seen.value - seen.expected
    return f"{delta:+.3g}, noise of this metric ±{seen.noise.spread:.2g} over {seen.noise.runs} runs"
