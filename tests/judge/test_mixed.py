"""Metrics that got better do not make up for tests that broke."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.facts.checks import Check
from bot.facts.reports import Counts, Origin
from bot.facts.suites import Part, SuiteDiff
from bot.facts.verdicts import MetricVerdict, Word
from bot.judge.mixed import Behaviour, behaviour_of, with_behaviour

ORIGIN = Origin("report", "1", datetime(2026, 11, 2, tzinfo=UTC))
DIFF = SuiteDiff(ORIGIN, None, Counts(), newly_failing=Part(3), newly_passing=Part(1))
AUC = MetricVerdict("auc", Word.IMPROVED, 0.91, 0.898)


def test_better_metrics_and_broken_conversations_are_mixed() -> None:
    units = replace(DIFF, origin=replace(ORIGIN, name="units"), newly_passing=Part())
    check = Check("tests:x", None, (DIFF, units))
    found = behaviour_of([check], [AUC, replace(AUC, metric="loss", word=Word.REGRESSED)])
    assert found == Behaviour(6, 1, ("auc",))
    assert found.word is Word.MIXED


@pytest.mark.parametrize(
    ("behaviour", "word"),
    [
        (Behaviour(), None),
        (Behaviour(better=("auc",)), None),
        (Behaviour(broke=1), Word.REGRESSED),
        (Behaviour(broke=1, mended=2), Word.MIXED),
        (Behaviour(mended=2), Word.IMPROVED),
    ],
)
def test_behaviour_is_a_verdict_of_its_own(behaviour: Behaviour, word: Word | None) -> None:
    assert behaviour.word is word


@pytest.mark.parametrize("word", Word)
def test_no_run_whose_tests_broke_is_called_improved(word: Word) -> None:
    assert with_behaviour(word, Behaviour()) is word
    broke = with_behaviour(word, Behaviour(broke=1))
    assert broke is (Word.MIXED if word in (Word.IMPROVED, Word.MIXED) else Word.REGRESSED)


def test_tests_that_ran_again_count_as_they_ended_last() -> None:
    later = replace(ORIGIN, id="2", at=ORIGIN.at + timedelta(minutes=1))
    mended = SuiteDiff(later, None, Counts(), newly_passing=Part(3))
    checks = [Check("pipeline:2", None, (mended,)), Check("pipeline:1", None, (DIFF,))]
    assert behaviour_of(checks, []) == Behaviour(mended=3)


def test_a_few_tests_that_ran_again_mend_nothing_but_may_break() -> None:
    later = replace(ORIGIN, id="2", at=ORIGIN.at + timedelta(minutes=1), partial=True)
    some = SuiteDiff(later, None, Counts(), complete=False, newly_passing=Part(3))
    assert behaviour_of([Check("x", None, (DIFF, some))], []).broke == DIFF.newly_failing.cases
    worse = replace(some, newly_failing=Part(7))
    assert behaviour_of([Check("x", None, (DIFF, worse))], []) == Behaviour(broke=7, mended=3)
