"""Whatever the numbers: units, signs and order change nothing, and noise rarely alarms."""

import math
from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.facts.verdicts import MetricVerdict, MinChange, Series, Shift, Stage, Word
from bot.judge.verdict import judge_run, replay
from tests.judge.series import judged, points, ref, series

MIRRORED = {Word.REGRESSED: Word.IMPROVED, Word.IMPROVED: Word.REGRESSED}
ANY = st.lists(st.floats(), min_size=1, max_size=40)


def noise(seed: int, count: int, step: float = 0.0, behind: int = 0) -> list[float]:
    values = np.random.default_rng(seed).normal(100, 1, count)
    values[count - behind :] += step
    return values.tolist()


def outcome(verdict: MetricVerdict) -> tuple[Word, Stage | None, object]:
    return verdict.word, verdict.stage, verdict.since


@settings(max_examples=200, deadline=None)
@given(
    ANY, st.sampled_from(["higher", "lower", None]), st.none() | st.floats(allow_nan=False, allow_infinity=False)
)
def test_any_numbers_get_a_verdict(values: list[float], better: str | None, baseline: float | None) -> None:
    verdict = judged(values, better, baseline=baseline)  # type: ignore[arg-type]
    assert verdict.word in Word
    assert verdict.rule
    assert verdict.noise is None or not math.isnan(verdict.noise.spread)
    assert (verdict.stage is None) <= (verdict.word not in {Word.REGRESSED, Word.IMPROVED, Word.CHANGED})


@settings(max_examples=60, deadline=None)
@given(ANY, st.floats(), st.sampled_from(["higher", "lower", None]))
def test_any_standing_change_is_borne(values: list[float], expected: float, better: str | None) -> None:
    known = series(values, better)  # type: ignore[arg-type]
    for since in (0, len(values) - 1, 999):
        for word in (Word.REGRESSED, Word.IMPROVED, Word.WITHIN_NOISE):
            shift = {"val_auc": Shift(ref(since), expected, word)}
            assert judge_run(known.points[-1].run, [known], shift).metrics[0].rule


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32), st.floats(-12, 12), st.integers(1, 12), st.sampled_from([1e-250, 1e-3, 7.0, 1e250]))
def test_the_unit_changes_nothing(seed: int, step: float, behind: int, by: float) -> None:
    values = noise(seed, 40, step, behind)
    least = MinChange(amount=0.5)
    plain = [outcome(one) for one in replay(series(values, least=least))]
    scaled = series([one * by for one in values], least=MinChange(amount=0.5 * by))
    assert [outcome(one) for one in replay(scaled)] == plain


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32), st.floats(-12, 12), st.integers(1, 12))
def test_turning_the_direction_round_turns_the_words_round(seed: int, step: float, behind: int) -> None:
    values = noise(seed, 40, step, behind)
    plain = judged(values, "higher")
    turned = judged(values, "lower")
    mirrored = judged([-one for one in values], "lower")
    assert (turned.word, turned.stage) == (MIRRORED.get(plain.word, plain.word), plain.stage)
    assert outcome(mirrored) == outcome(plain)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32), st.permutations(range(6)))
def test_the_order_of_metrics_changes_nothing(seed: int, order: list[int]) -> None:
    known = [series(noise(seed + n, 30, 2.0 * n, 1), metric=f"m{n}") for n in range(6)]
    run = known[0].points[-1].run
    assert judge_run(run, [known[n] for n in order]) == judge_run(run, known)


def test_noise_is_rarely_suspected_and_hardly_ever_confirmed() -> None:
    seen = [one for seed in range(40) for one in replay(series(noise(seed, 60)))]
    assert sum(one.stage is not None for one in seen) / len(seen) < 0.03
    assert sum(one.stage is Stage.CONFIRMED for one in seen) == 0


def test_a_step_of_five_sigma_is_suspected_at_its_first_run() -> None:
    seen = [judged(noise(seed, 41, -5.0, 1)).stage for seed in range(100)]
    assert sum(stage is Stage.SUSPECTED for stage in seen) >= 95


def test_a_run_of_many_metrics_without_change_is_rarely_suspected() -> None:
    suspected = 0
    for seed in range(40):
        known = [Series(f"m{n}", points(noise(1000 * seed + n, 30)), "higher") for n in range(20)]
        suspected += judge_run(known[0].points[-1].run, known).stage is not None
    assert suspected <= 4


def test_what_is_older_than_the_newest_400_runs_changes_nothing() -> None:
    values = noise(3, 450, 6.0, 1)
    long = series(values)
    short = replace(long, points=long.points[-400:])
    run = long.points[-1].run
    assert judge_run(run, [long]) == judge_run(run, [short])
