"""Behaviour is a verdict of its own: metrics that got better do not make up for tests that broke; pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.facts.checks import Check
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
    """The behaviour that CI saw of a run, and which of its metrics got better."""
    checks = tuple(checks)
    better = tuple(one.metric for one in metrics if one.word in BETTER)
    return Behaviour(sum(one.broke for one in checks), sum(one.mended for one in checks), better)


def with_behaviour(word: Word, behaviour: Behaviour) -> Word:
    """The headline of a run whose tests broke is at best mixed."""
    if not behaviour.broke:
        return word
    return Word.MIXED if word in BETTER else Word.REGRESSED
