"""What is thought of a run: each metric against the comparable runs before it, and a headline for all."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from bot.facts.runs import RunRef
from bot.facts.verdicts import MetricVerdict, Point, RunVerdict, Series, Shift, Stage, Word
from bot.judge.evidence import NEWEST, SUSPECT, Evidence, Return, weigh
from bot.judge.level import FEWEST
from bot.judge.wording import back, confirmed, diverged, off, standing_still, within

NONE: Mapping[str, Shift] = MappingProxyType({})
# The worst first, as a card lists them.
ORDER = (
    Word.REGRESSED,
    Word.MIXED,
    Word.CHANGED,
    Word.MISSING,
    Word.IMPROVED,
    Word.WITHIN_NOISE,
    Word.NEW,
    Word.TOO_FEW,
)
# So many runs before, and such a share of them, without a finite number say that this is how a metric is.
OFTEN, OFTEN_SHARE = 2, 0.2
STAGES = (Stage.CONFIRMED, Stage.SUSPECTED, Stage.RECOVERED, None)


def judge_run(run: RunRef, series: Sequence[Series], standing: Mapping[str, Shift] = NONE) -> RunVerdict:
    """The verdict on a run from the series of its metrics, the worst first; their order does not matter.

    `standing` holds by metric the change that stands since an earlier run (see `standing_after`). The false
    discovery rate of suspicions is held over all metrics of the run.
    """
    seen = [weigh(run, one, standing.get(one.metric)) for one in series]
    limit = discovered([one.chance for one in seen if one.noise is not None])
    alone = not any(one.earlier for one in seen)
    told = [
        _judged(one, what, standing.get(one.metric), limit, alone) for one, what in zip(series, seen, strict=True)
    ]
    ordered = tuple(sorted(told, key=lambda one: (ORDER.index(one.word), STAGES.index(one.stage), one.metric)))
    return RunVerdict(run, *headline(ordered), ordered)


def judge_metric(
    run: RunRef, series: Series, standing: Shift | None = None, chance: float = SUSPECT
) -> MetricVerdict:
    """The verdict on one metric of a run, which is the last point of the series if it has the metric.

    `chance` is how often noise alone may be suspected; `judge_run` lowers it where a run has many metrics.
    """
    return _judged(series, weigh(run, series, standing), standing, chance, alone=False)


def standing_after(verdict: MetricVerdict, standing: Shift | None) -> Shift | None:
    """The change that stands once a verdict is known: give it to the verdict on the next comparable run.

    It tells where the present level began, and, for a regression, where the metric is to come back to. A second
    fall is on top of the first: both have recovered when the metric stands where it stood before the first.
    """
    if verdict.since is None or verdict.expected is None:
        return standing
    if verdict.stage is Stage.RECOVERED:
        return Shift(verdict.since, verdict.expected, Word.WITHIN_NOISE)
    if verdict.stage is not Stage.CONFIRMED or (standing is not None and standing.since == verdict.since):
        return standing
    if standing is not None and standing.word is verdict.word is Word.REGRESSED:
        return replace(standing, since=verdict.since)
    return Shift(verdict.since, verdict.expected, verdict.word)


def replay(series: Series) -> Iterator[MetricVerdict]:
    """The verdict on each run of a series in turn, as it is told when that run is the newest.

    An event is a verdict whose stage is confirmed and whose `since` is not that of the event before it, or one
    that has recovered.
    """
    standing: Shift | None = None
    for end, point in enumerate(series.points, 1):
        known = replace(series, points=series.points[max(0, end - NEWEST) : end])
        verdict = judge_metric(point.run, known, standing)
        standing = standing_after(verdict, standing)
        yield verdict


def headline(verdicts: Sequence[MetricVerdict]) -> tuple[Word, Stage | None]:
    """The word for a run and how sure it is: the worst of its metrics, of those the surest."""
    worst = min((ORDER.index(one.word) for one in verdicts), default=ORDER.index(Word.TOO_FEW))
    stages = [one.stage for one in verdicts if one.word is ORDER[worst]]
    return ORDER[worst], min(stages, key=STAGES.index, default=None)


def discovered(chances: Sequence[float], rate: float = SUSPECT) -> float:
    """The chance up to which all these are discoveries, with at most this rate of false ones among them.

    Benjamini and Hochberg, "Controlling the false discovery rate" (1995), https://doi.org/10.1111/j.2517-6161.1995.tb02031.x
    """
    ranked = sorted(chances)
    found = [rank for rank, chance in enumerate(ranked, 1) if chance <= rate * rank / len(ranked)]
    return rate * max(found, default=1) / max(len(ranked), 1)


def _judged(series: Series, seen: Evidence, standing: Shift | None, limit: float, alone: bool) -> MetricVerdict:
    bare = MetricVerdict(series.metric, Word.TOO_FEW, seen.value, seen.expected, series.better, noise=seen.noise)
    if seen.value is None and series.points:
        return replace(bare, word=Word.MISSING, rule=f"not in this run, but in {_runs(seen.earlier)} before it")
    if seen.earlier == 0 and not alone:
        return replace(bare, word=Word.NEW, rule="in no comparable run before")
    if seen.value is not None and seen.finite and not math.isfinite(seen.value):
        return _not_finite(series, bare)
    if seen.noise is None:
        return replace(bare, rule=f"{_runs(seen.finite)} before it, {FEWEST} are needed")
    if standing is not None and standing.word is Word.REGRESSED:
        return _since_regressed(series, seen, bare, standing)
    if seen.spoke is None and not (seen.way and seen.chance <= limit):
        return replace(bare, word=Word.WITHIN_NOISE, rule=within(seen))
    return _changed(series, seen, bare)


def _changed(series: Series, seen: Evidence, bare: MetricVerdict) -> MetricVerdict:
    word = Word.CHANGED
    if series.better is not None:
        word = Word.IMPROVED if (seen.way > 0) == (series.better == "higher") else Word.REGRESSED
    since = seen.since if seen.spoke else series.points[-1].run
    return replace(
        bare,
        word=word,
        stage=Stage.CONFIRMED if seen.spoke else Stage.SUSPECTED,
        since=since,
        one_seed=_one_seed(series.points, since),
        rule=confirmed(seen) if seen.spoke else off(seen),
    )


def _since_regressed(series: Series, seen: Evidence, bare: MetricVerdict, standing: Shift) -> MetricVerdict:
    """The verdict while a confirmed regression stands: worse still, still there, or back."""
    target = standing.expected if series.baseline is None else series.baseline
    held = replace(bare, expected=target, since=standing.since)
    if seen.returned is Return.BACK:
        return replace(
            held,
            word=Word.WITHIN_NOISE,
            stage=Stage.RECOVERED,
            since=series.points[-2].run,
            rule=back(seen, target),
        )
    worse = (seen.way < 0) == (series.better == "higher") if seen.way else False
    if seen.spoke and worse and seen.since != standing.since and series.baseline is None:
        return _changed(series, seen, bare)
    if seen.returned is Return.ONE_RUN:
        return replace(held, word=Word.WITHIN_NOISE, rule=back(seen, target, once=True))
    one_seed = _one_seed(series.points, standing.since)
    rule = standing_still(seen, target)
    return replace(held, word=Word.REGRESSED, stage=Stage.CONFIRMED, one_seed=one_seed, rule=rule)


def _not_finite(series: Series, bare: MetricVerdict) -> MetricVerdict:
    """A run that diverged is worse whichever way is better; a second one in a row confirms it.

    Not where at least two runs before and a fifth of them had no finite number either: that is how the metric is.
    """
    broken = 0
    while broken < len(series.points) and not math.isfinite(series.points[-1 - broken].value):
        broken += 1
    before = series.points[:-broken]
    often = sum(not math.isfinite(one.value) for one in before)
    if often >= OFTEN and often / len(before) >= OFTEN_SHARE:
        rule = f"{diverged(bare.value, broken)}, as in {often} of the {_runs(len(before))} before"
        return replace(bare, word=Word.WITHIN_NOISE, rule=rule)
    return replace(
        bare,
        word=Word.REGRESSED,
        stage=Stage.CONFIRMED if broken > 1 else Stage.SUSPECTED,
        since=series.points[-broken].run,
        rule=diverged(bare.value, broken),
    )


def _one_seed(points: Sequence[Point], since: RunRef | None) -> bool:
    """Whether a change is not borne out by replicates on both sides of it."""
    at = next((n for n, one in enumerate(points) if one.run == since), len(points) - 1)
    return not (
        _replicated(points[:at]) and _replicated([one for one in points[at:] if one.group == points[-1].group])
    )


def _replicated(points: Sequence[Point]) -> bool:
    groups = [one.group for one in points if one.group]
    return len(groups) > len(set(groups))


def _runs(count: int) -> str:
    return f"{count} comparable run{'' if count == 1 else 's'}"
