"""What is said of a run's metrics: a step is suspected, confirmed and recovered; noise is noise."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.facts.runs import RunRef
from bot.facts.verdicts import MetricVerdict, Point, Series, Stage, Word
from bot.judge.verdict import judge_run, replay

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
STEADY = (0.900, 0.902, 0.899, 0.901, 0.900, 0.898, 0.901, 0.900)


def series(*values: float, better: str | None = "higher", metric: str = "val_auc") -> Series:
    points = [
        Point(RunRef("main", f"{number:032x}"), NOON + timedelta(hours=number), value)
        for number, value in enumerate(values)
    ]
    return Series(metric, points, better)  # type: ignore[arg-type]


def judged(*values: float, better: str | None = "higher") -> MetricVerdict:
    one = series(*values, better=better)
    return judge_run(one.points[-1].run, [one]).metrics[0]


@pytest.mark.parametrize(
    ("newest", "better", "word", "stage"),
    [
        (0.80, "higher", Word.REGRESSED, Stage.SUSPECTED),
        (0.80, "lower", Word.IMPROVED, Stage.SUSPECTED),
        (0.80, None, Word.CHANGED, Stage.SUSPECTED),
        (0.97, "higher", Word.IMPROVED, Stage.SUSPECTED),
        (0.901, "higher", Word.WITHIN_NOISE, None),
    ],
)
def test_a_single_run_far_off_is_suspected(
    newest: float, better: str | None, word: Word, stage: Stage | None
) -> None:
    verdict = judged(*STEADY, newest, better=better)
    assert (verdict.word, verdict.stage) == (word, stage)


def test_a_step_is_suspected_confirmed_and_recovers() -> None:
    told = [(one.word, one.stage) for one in replay(series(*STEADY, 0.80, 0.81, 0.80, 0.901, 0.9, 0.899))]
    assert told[len(STEADY) : len(STEADY) + 2] == [
        (Word.REGRESSED, Stage.SUSPECTED),
        (Word.REGRESSED, Stage.CONFIRMED),
    ]
    assert (Word.WITHIN_NOISE, Stage.RECOVERED) in told[len(STEADY) + 3 :]
