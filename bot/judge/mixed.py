"""Behaviour is a verdict of its own: metrics that got better do not make up for tests that broke; pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.facts.checks import Check
from bot.facts.suites import SuiteDiff
from bot.facts.verdicts import MetricVerdict, Word

BETTER = (Word.IMPROVED, Word.MIXED)


@dataclass(frozen=True, slots=True)
class Behaviour:
    """The tests of a run beside its metrics: test cases that broke, that were mended, and what got better."""

    broke: int = 0
    mended: int = 0
    better: tuple[str, ...] = ()

    @property
    def word(self) -> Word | None:
        """The verdict in one word; nothing where no test changed."""
        if not self.broke:
            return Word.IMPROVED if self.mended else None
        return Word.MIXED if self.better or self.mended else Word.REGRESSED


def behaviour_of(checks: Iterable[Check], metrics: Iterable[MetricVerdict]) -> Behaviour:
    """The behaviour that CI saw of a run when its tests ran last, and which of its metrics got better.

    A later test run that was not complete mends nothing that an earlier one broke.
    """
    newest: dict[tuple[str, str], SuiteDiff] = {}
    ran = (one for check in checks for one in check.tested)
    for one in sorted(ran, key=lambda one: (one.origin.at, one.origin.id)):
        known = newest.setdefault((one.origin.repository, one.origin.name), one)
        if one.complete or one.newly_failing.cases > known.newly_failing.cases:
            newest[one.origin.repository, one.origin.name] = one
    return Behaviour(
        broke=sum(one.newly_failing.cases for one in newest.values()),
        mended=sum(one.newly_passing.cases for one in newest.values()),
        better=tuple(one.metric for one in metrics if one.word in BETTER),
    )


def with_behaviour(word: Word, behaviour: Behaviour) -> Word:
    """The headline of a run whose tests broke is at best mixed."""
    if not behaviour.broke:
        return word
    return Word.MIXED if word in BETTER else Word.REGRESSED
