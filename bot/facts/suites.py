"""What a test run changed, cut to what people are told of it."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.facts.behaviour import BehaviourDiff, Folded, Slower
from bot.facts.reports import Counts, Origin

TOLD_AT_MOST = 20
MESSAGE_LINES = 3
MESSAGE_CHARACTERS = 300


@dataclass(frozen=True, slots=True)
class ChangedTest:
    """One test whose cases changed alike: `count` of its `of` cases, the first of them with these `parameters`.

    `message` is the first lines of why it failed. `seconds` are how long it takes and took, where that changed.
    """

    group: str
    name: str
    parameters: str = ""
    count: int = 1
    of: int = 1
    message: str = ""
    known_flaky: bool = False
    seconds: tuple[float, float] | None = None

    @property
    def title(self) -> str:
        """What it is called in one line; the parameters are those of its only case."""
        name = self.name + self.parameters if self.count == 1 else self.name
        return f"{self.group}::{name}" if self.group else name

    @property
    def first_line(self) -> str:
        """The first line of the message, empty where there is none."""
        return next((line.strip() for line in self.message.splitlines() if line.strip()), "")


@dataclass(frozen=True, slots=True)
class Part:
    """The tests that changed in one way: how many `cases` in all, and the first of them folded into `tests`.

    `more` is how many tests are not listed.
    """

    cases: int = 0
    tests: tuple[ChangedTest, ...] = ()
    more: int = 0


NOTHING = Part()


@dataclass(frozen=True, slots=True)
class SuiteDiff:
    """A test run beside its base; without a base there is nothing to compare, and what is broken failed before."""

    origin: Origin
    base: Origin | None
    counts: Counts
    complete: bool = True
    newly_failing: Part = NOTHING
    still_failing: Part = NOTHING
    newly_passing: Part = NOTHING
    newly_flaky: Part = NOTHING
    removed: Part = NOTHING
    added: Part = NOTHING
    slower: Part = NOTHING

    @property
    def turned(self) -> bool:
        """Whether it is news by itself: something broke, was mended, or is newly flaky."""
        return any(part.cases for part in (self.newly_failing, self.newly_passing, self.newly_flaky))

    @property
    def said(self) -> tuple[tuple[int, str], ...]:
        """What is told of it in numbers: test cases and what became of them, the worst first."""
        parts = (
            (self.newly_failing, "newly failing"),
            (self.still_failing, "failing as before" if self.base is not None else "failing"),
            (self.newly_flaky, "newly flaky"),
            (self.newly_passing, "fixed"),
            (self.removed, "removed"),
            (self.added, "added"),
            (self.slower, "slower"),
        )
        return tuple((part.cases, word) for part, word in parts if part.cases)

    @property
    def changed(self) -> bool:
        """Whether there is any difference to tell."""
        return self.turned or any(part.cases for part in (self.removed, self.added, self.slower))


def suite_diff(diff: BehaviourDiff) -> SuiteDiff:
    """The part of a diff that people are told."""
    return SuiteDiff(
        origin=diff.origin,
        base=diff.base,
        counts=diff.counts,
        complete=diff.complete,
        newly_failing=_part(diff.newly_failing),
        still_failing=_part(diff.still_failing),
        newly_passing=_part(diff.newly_passing),
        newly_flaky=_part(diff.newly_flaky),
        removed=_part(diff.removed),
        added=_part(diff.added),
        slower=_slower(diff.slower),
    )


def _part(folded: Iterable[Folded]) -> Part:
    found = tuple(folded)
    cases = sum(len(one.cases) for one in found)
    return Part(cases, tuple(map(_test, found[:TOLD_AT_MOST])), max(0, len(found) - TOLD_AT_MOST))


def _test(one: Folded) -> ChangedTest:
    lines = one.message.strip().splitlines()[:MESSAGE_LINES]
    return ChangedTest(
        one.group,
        one.name,
        one.cases[0].parameters,
        len(one.cases),
        one.of,
        "\n".join(lines)[:MESSAGE_CHARACTERS],
        one.known_flaky,
    )


def _slower(slower: tuple[Slower, ...]) -> Part:
    tests = tuple(
        ChangedTest(one.case.group, one.case.name, one.case.parameters, seconds=(one.case.seconds, one.before))
        for one in slower[:TOLD_AT_MOST]
    )
    return Part(len(slower), tests, max(0, len(slower) - TOLD_AT_MOST))
