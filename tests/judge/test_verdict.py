"""What is said of a run's metrics: a step is suspected, confirmed and recovered; noise is noise."""

import math
from itertools import pairwise

import numpy as np
import pytest

from bot.facts.verdicts import Method, MinChange, Series, Shift, Stage, Word
from bot.judge.verdict import discovered, headline, judge_metric, judge_run, replay, standing_after
from tests.judge.series import Better, judged, points, ref, series

STEADY = (0.900, 0.902, 0.899, 0.901, 0.900, 0.898, 0.901, 0.900)
REGRESSED, IMPROVED, WITHIN, CHANGED = Word.REGRESSED, Word.IMPROVED, Word.WITHIN_NOISE, Word.CHANGED
SUSPECTED, CONFIRMED, RECOVERED = Stage.SUSPECTED, Stage.CONFIRMED, Stage.RECOVERED


def told(values: tuple[float, ...], better: Better = "higher", **more: object) -> list[tuple[Word, Stage | None]]:
    """Word and stage of every run in turn."""
    return [(one.word, one.stage) for one in replay(series(values, better, **more))]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("newest", "better", "word", "stage"),
    [
        (0.80, "higher", REGRESSED, SUSPECTED),
        (0.80, "lower", IMPROVED, SUSPECTED),
        (0.80, None, CHANGED, SUSPECTED),
        (0.97, "higher", IMPROVED, SUSPECTED),
        (0.97, "lower", REGRESSED, SUSPECTED),
        (0.901, "higher", WITHIN, None),
        (0.895, "higher", WITHIN, None),  # four noises, and less than one per cent
    ],
)
def test_a_single_run_far_off_is_suspected(newest: float, better: Better, word: Word, stage: Stage | None) -> None:
    verdict = judged((*STEADY, newest), better)
    assert (verdict.word, verdict.stage) == (word, stage)


def test_a_step_is_suspected_confirmed_and_recovers() -> None:
    assert told((*STEADY, 0.80, 0.81, 0.80, 0.901, 0.9, 0.899))[len(STEADY) :] == [
        (REGRESSED, SUSPECTED),
        (REGRESSED, CONFIRMED),
        (REGRESSED, CONFIRMED),
        (WITHIN, None),
        (WITHIN, RECOVERED),
        (WITHIN, None),
    ]


def test_a_confirmed_regression_says_since_when_and_from_where() -> None:
    seen = list(replay(series((*STEADY, 0.80, 0.81, 0.80))))
    assert [one.since for one in seen[-3:]] == [ref(8)] * 3
    assert seen[-1].expected == pytest.approx(0.900, abs=0.001)
    assert seen[-1].delta == pytest.approx(-0.1, abs=0.001)


def test_a_second_fall_on_top_is_confirmed_anew_and_recovers_to_the_first_level() -> None:
    lower = tuple(one - 0.1 for one in STEADY)
    seen = list(replay(series((*STEADY, *lower, 0.7, 0.7, 0.7, *STEADY[:3]))))
    since = [one.since for one in seen if one.stage is CONFIRMED]
    assert list(dict.fromkeys(since)) == [ref(8), ref(16)]
    assert [n for n, one in enumerate(seen) if one.stage is RECOVERED] == [20]


def test_an_improvement_becomes_the_level_that_the_next_runs_are_held_to() -> None:
    higher = tuple(one + 0.05 for one in STEADY)
    seen = told((*STEADY, *higher, 0.90, 0.901))
    assert seen[9] == (IMPROVED, CONFIRMED)
    assert seen[15] == (WITHIN, None)
    assert seen[16:] == [(REGRESSED, SUSPECTED), (REGRESSED, CONFIRMED)]


def test_a_slow_slide_is_found_though_every_step_was_noise() -> None:
    slide = np.random.default_rng(1).normal(100, 1, 110)
    slide[30:] -= 0.1 * np.arange(80)
    seen = list(replay(series(slide.tolist())))
    first = next(one for one in seen if one.stage is CONFIRMED)
    assert first.word is REGRESSED
    assert "change point" in first.rule
    assert max(abs(after - before) for before, after in pairwise(slide)) < 5


@pytest.mark.parametrize("before", [0, 1, 2, 3, 4])
def test_too_few_runs_are_said(before: int) -> None:
    verdict = judged((*STEADY[:before], 0.1))
    runs = "1 comparable run" if before == 1 else f"{before} comparable runs"
    if before:
        assert (verdict.word, verdict.rule) == (Word.TOO_FEW, f"{runs} before it, 5 are needed")
    run = judge_run(ref(before), [series((*STEADY[:before], 0.1))])
    assert run.word is Word.TOO_FEW


def test_a_metric_that_is_often_not_a_number_does_not_regress_by_being_none() -> None:
    found = judged((0.3, math.nan, 0.31, math.nan, 0.3, math.nan, 0.3, math.nan, math.nan))
    assert (found.word, found.stage) == (Word.WITHIN_NOISE, None)
    assert (
        found.rule
        == "is not a number; no finite number in 2 runs in a row, as in 3 of the 7 comparable runs before"
    )
    assert judged((*STEADY, math.nan, *STEADY, math.nan, math.nan)).word is Word.REGRESSED


@pytest.mark.parametrize("broken", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("better", ["higher", "lower", None])
def test_a_run_that_diverged_is_worse_whichever_way_is_better(broken: float, better: Better) -> None:
    seen = told((*STEADY, broken, broken, 0.9, 0.901), better)[len(STEADY) :]
    assert seen == [(REGRESSED, SUSPECTED), (REGRESSED, CONFIRMED), (WITHIN, None), (WITHIN, RECOVERED)]


def test_values_that_are_no_numbers_are_left_out_of_the_history() -> None:
    assert judged((math.nan, *STEADY[:4], math.inf, *STEADY[4:], 0.8)).stage is SUSPECTED
    assert judged((math.nan,) * 8).word is Word.TOO_FEW
    assert judged((*(math.nan,) * 8, 0.9)).word is Word.TOO_FEW


def test_a_metric_may_be_new_or_missing() -> None:
    known, new = series(STEADY), Series("f1", points(STEADY)[-1:], "higher")
    missing = Series("mae", points(STEADY)[:-1], "lower")
    verdict = judge_run(known.points[-1].run, [new, known, missing])
    assert {one.metric: one.word for one in verdict.metrics} == {
        "val_auc": WITHIN,
        "f1": Word.NEW,
        "mae": Word.MISSING,
    }
    assert verdict.word is Word.MISSING
    assert next(one for one in verdict.metrics if one.metric == "mae").value is None


def test_a_constant_metric_is_held_to_the_least_change() -> None:
    same = (0.9,) * 8
    assert judged((*same, 0.895)).word is WITHIN
    off = judged((*same, 0.85))
    assert (off.word, off.stage) == (REGRESSED, SUSPECTED)
    assert off.noise is not None
    assert off.noise.method is Method.MINIMUM
    assert judged((*same, 0.85), least=MinChange(amount=0.1)).word is WITHIN
    assert told((*same, 0.85, 0.85))[-1] == (REGRESSED, CONFIRMED)
    assert judged((0.0,) * 8).word is WITHIN
    assert judged((*(0.0,) * 8, 1e-9)).stage is SUSPECTED


@pytest.mark.parametrize("scale", [5e-324, 1e-300, 1e-100, 1.0, 1e100, 1e300])
def test_any_scale_gets_the_same_verdict(scale: float) -> None:
    verdict = judged([one * scale for one in (*STEADY, 0.80)] if scale > 1e-323 else [scale * 9] * 8 + [scale * 4])
    assert (verdict.word, verdict.stage) == (REGRESSED, SUSPECTED)
    assert verdict.noise is not None
    assert math.isfinite(verdict.noise.spread)


def test_the_largest_numbers_of_both_signs_are_judged() -> None:
    assert judged([1.7e308, -1.7e308] * 5).word is WITHIN


def test_the_configured_change_is_what_matters() -> None:
    assert judged((*STEADY, 0.85), least=MinChange(share=0.1)).word is WITHIN
    assert judged((*STEADY, 0.893), least=MinChange(amount=0.001)).word is REGRESSED


def test_a_baseline_is_what_a_run_is_held_to() -> None:
    assert judged((*STEADY, 0.901), baseline=0.95).word is REGRESSED
    assert judged((*STEADY, 0.901), baseline=0.85).word is IMPROVED
    assert judged((*STEADY, 0.901), baseline=0.85).expected == 0.85
    assert told((*STEADY, 0.80, 0.801, 0.9, 0.9), baseline=0.9)[-4:] == [
        (REGRESSED, SUSPECTED),
        (REGRESSED, CONFIRMED),
        (WITHIN, None),
        (WITHIN, RECOVERED),
    ]


def test_a_replicate_confirms_what_a_single_run_could_not() -> None:
    noisy = (0.90, 0.91, 0.89, 0.905, 0.895, 0.90, 0.908, 0.892, 0.9)
    apart = told((*noisy, 0.870, 0.871), groups=[*"abcdefghi", "x", "y"])
    alike = told((*noisy, 0.870, 0.871), groups=[*"abcdefghi", "x", "x"])
    assert apart[-1] == (REGRESSED, SUSPECTED)
    assert alike[-1] == (REGRESSED, CONFIRMED)
    assert told((*noisy, 0.898, 0.840), groups=[*"abcdefghi", "x", "x"])[-1] == (REGRESSED, SUSPECTED)
    assert told((*noisy, 0.840, 0.898), groups=[*"abcdefghi", "x", "x"])[-1] == (WITHIN, None)


def test_one_seed_is_said_unless_both_sides_have_replicates() -> None:
    assert judged((*STEADY, 0.80)).one_seed
    assert judged((*STEADY, 0.80, 0.80), groups=[*"aabbccdd", "e", "f"]).one_seed
    assert judged((*STEADY, 0.80, 0.80), groups=[*"abcdefgh", "x", "x"]).one_seed
    assert not judged((*STEADY, 0.80, 0.80), groups=[*"aabbccdd", "x", "x"]).one_seed


def test_the_rule_states_method_and_numbers() -> None:
    assert judged((*STEADY, 0.899)).rule == "−0.00113, noise of this metric ±0.0012 over 8 runs"
    alike = judged((*STEADY, 0.899), groups=[*"aabbccdd", "e"]).rule
    assert alike == "−0.00113, noise of this metric ±0.0013 over 8 replicates"
    off = judged((*STEADY, 0.8)).rule
    assert off.startswith("−0.1, noise of this metric ±0.0012 over 8 runs; noise alone goes so far")
    assert "8 runs before were equal and ±0.009 matters" in judged((*(0.9,) * 8, 0.85)).rule


def test_suspicion_grows_rarer_with_the_number_of_metrics() -> None:
    """What one metric alone is suspected for, a hundred quiet metrics beside it explain."""
    odd = (1.00, 1.02, 0.98, 1.01, 0.99, 1.015, 0.985, 1.0, 1.055)
    alone = judge_run(ref(8), [series(odd)])
    crowd = [series([1 + 0.001 * ((n * k) % 7) for n in range(9)], metric=f"m{k}") for k in range(1, 101)]
    among = judge_run(ref(8), [series(odd), *crowd])
    assert alone.word is IMPROVED
    assert among.word is WITHIN


def test_false_discoveries_are_held_as_benjamini_and_hochberg_say() -> None:
    assert discovered([]) == 0.01
    assert discovered([0.5]) == 0.01
    assert discovered([0.001, 0.004, 0.5, 0.9], 0.01) == pytest.approx(0.005)
    assert discovered([0.006, 0.5], 0.01) == pytest.approx(0.005)


def test_the_headline_is_the_worst_metric_and_of_those_the_surest() -> None:
    fell, rose = series((*STEADY, 0.80)), series((*STEADY, 0.97), metric="f1")
    verdict = judge_run(ref(8), [rose, fell])
    assert (verdict.word, verdict.stage) == (REGRESSED, SUSPECTED)
    assert [one.metric for one in verdict.metrics] == ["val_auc", "f1"]
    assert headline([]) == (Word.TOO_FEW, None)
    assert judge_run(ref(0), []).word is Word.TOO_FEW


def test_a_verdict_needs_no_more_than_what_stood_before_it() -> None:
    """A run may be judged again with the change that it began itself."""
    one = series((*STEADY, 0.80, 0.81))
    first = judge_metric(ref(9), one)
    shift = standing_after(first, None)
    assert shift == Shift(ref(8), pytest.approx(0.9, abs=0.001), REGRESSED)
    again = judge_metric(ref(9), one, shift)
    assert (again.word, again.stage, again.since) == (REGRESSED, CONFIRMED, ref(8))
    assert standing_after(again, shift) == shift
    gone = judge_metric(ref(9), one, Shift(ref(999), 0.9, REGRESSED))
    assert gone.word is REGRESSED
