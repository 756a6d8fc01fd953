"""What changed in how the tests end between two reports."""

from dataclasses import dataclass

from bot.facts.reports import Case, Counts, Origin


@dataclass(frozen=True, slots=True)
class Folded:
    """A test whose cases changed alike: of its `of` parametrised cases in the report these did.

    `known_flaky`: one of them is, by its history, as likely to have failed by chance.
    """

    group: str
    name: str
    cases: tuple[Case, ...]
    of: int
    known_flaky: bool = False

    @property
    def message(self) -> str:
        """The first lines of the first message there is."""
        return next((case.message for case in self.cases if case.message), "")


@dataclass(frozen=True, slots=True)
class Slower:
    """A case that takes longer than its history explains; times in seconds."""

    case: Case
    before: float

    @property
    def gained(self) -> float:
        """How many seconds longer."""
        return self.case.seconds - self.before


@dataclass(frozen=True, slots=True)
class BehaviourDiff:
    """What changed from the base's report to another; without a base there is nothing but counts.

    A test that is broken now and was not is newly failing, though it was skipped or not there before. A test that
    was broken is newly passing when it passes, not when it is skipped or gone. `added` and `removed` are known
    only where both reports are complete; what was added and fails stands under newly failing, too.
    """

    origin: Origin
    base: Origin | None
    counts: Counts
    base_counts: Counts
    newly_failing: tuple[Folded, ...] = ()
    still_failing: tuple[Folded, ...] = ()
    newly_passing: tuple[Folded, ...] = ()
    newly_flaky: tuple[Folded, ...] = ()
    removed: tuple[Folded, ...] = ()
    added: tuple[Folded, ...] = ()
    slower: tuple[Slower, ...] = ()
    complete: bool = True

    @property
    def worse(self) -> bool:
        """Whether behaviour broke: the headline of a run whose metrics got better."""
        return bool(self.newly_failing)

    @property
    def changed(self) -> bool:
        """Whether there is anything to tell."""
        return any(
            (self.newly_failing, self.newly_passing, self.newly_flaky, self.removed, self.added, self.slower)
        )
