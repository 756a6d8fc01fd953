"""What changed in how the tests end: a report against the target branch's last complete one."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from statistics import median

from bot.facts.behaviour import BehaviourDiff, Folded, Slower
from bot.facts.reports import Case, CaseId, CaseOutcome, Counts, Past, Report, all_shards
from bot.judge.flakiness import is_flaky

History = Mapping[CaseId, Sequence[Past]]
UNREMARKABLE = (CaseOutcome.PASSED, CaseOutcome.SKIPPED)

# A case is slower when it takes so many seconds, this share and this multiple of its noise longer than it used to.
# So many durations are needed to know that.
SLOWER_SECONDS, SLOWER_SHARE, SLOWER_NOISE, DURATIONS = 0.2, 0.5, 4.0, 3
# The median absolute deviation of normally spread values is this part of their standard deviation.
MAD_TO_DEVIATION = 1.4826
# A machine's pace is told from cases that take at least so long, where there are so many; more add nothing.
PACE_SECONDS, PACE_CASES, PACE_ENOUGH = 0.05, 20, 2_000


def merge(parts: Iterable[Report]) -> Report:
    """One report of a test run's shards and attempts, in whatever order they came; ValueError without any.

    A case that a later attempt ran again ended as it did there; it is flaky where it had failed before and passed.
    Within an attempt the worse word stands.
    """
    ordered = sorted(
        parts, key=lambda part: (part.origin.attempt, part.origin.shard, part.origin.at, part.origin.id)
    )
    if not ordered:
        raise ValueError("there is no report to merge")
    cases: dict[tuple[str, str, str], Case] = {}
    attempts: dict[tuple[str, str, str], int] = {}
    for part in ordered:
        attempt = part.origin.attempt
        for case in part.cases:
            identity = case[:3]
            known = cases.get(identity)
            if known is None:
                cases[identity] = case
            else:
                again = attempts[identity] < attempt
                cases[identity] = _tried_again(known, case) if again else known.or_worse(case)
            attempts[identity] = attempt
    newest = max((part.origin for part in ordered), key=lambda origin: (origin.attempt, origin.at, origin.id))
    origin = replace(newest, at=max(part.origin.at for part in ordered))
    return Report(origin, tuple(cases.values()), all_shards(part.origin for part in ordered))


class Comparison:
    """A report beside its base's; first it says of which cases it wants the history, then what changed."""

    def __init__(self, report: Report, base: Report) -> None:
        """Pass over what is alike in both."""
        self._report = report
        self._base = base
        self._before = {case[:3]: case for case in base.cases}
        # The cases that are not simply as good as they were, each with what it was, nothing for one that is new.
        self._pairs: list[tuple[Case, Case | None]] = []
        self._known = 0
        for case in report.cases:
            old = self._before.get(case[:3])
            if old is not None:
                self._known += 1
                _, _, _, was, took, _ = old
                if case.outcome is was and was in UNREMARKABLE and case.seconds <= took + SLOWER_SECONDS:
                    continue
            self._pairs.append((case, old))

    @property
    def questions(self) -> frozenset[CaseId]:
        """The cases of which `diff` wants the history: those that changed, or are broken, flaky or slower."""
        return frozenset(case.id for case, old in self._pairs if old is not None or case.outcome.broken)

    def diff(self, history: History) -> BehaviourDiff:
        """What changed; `history` is how the cases of `questions` ended before this report, oldest first."""
        pairs, report, base = self._pairs, self._report, self._base
        broken = [(case, old) for case, old in pairs if case.outcome.broken]
        whole = report.complete and base.complete
        gone = self._removed() if whole else []
        fold = Folding([case for case, _ in pairs], report, history)
        return BehaviourDiff(
            report.origin,
            base.origin,
            report.counts,
            base.counts,
            newly_failing=fold([case for case, old in broken if old is None or not old.outcome.broken]),
            still_failing=fold([case for case, old in broken if old is not None and old.outcome.broken]),
            newly_passing=fold([case for case, old in pairs if _mended(case, old)]),
            newly_flaky=fold([case for case, _ in pairs if _newly_flaky(case, report, history)]),
            removed=Folding(gone, base, {})(gone),
            added=fold([case for case, old in pairs if old is None]) if whole else (),
            slower=self._slower(history),
            complete=report.complete,
        )

    def _removed(self) -> list[Case]:
        if self._known == len(self._before):
            return []
        here = {case[:3] for case in self._report.cases}
        return [case for identity, case in self._before.items() if identity not in here]

    def _slower(self, history: History) -> tuple[Slower, ...]:
        candidates = [(case, old) for case, old in self._pairs if _takes_longer(case, old, 1.0)]
        if not candidates:
            return ()
        pace = self._pace()
        found = [_slower(case, history, pace) for case, old in candidates if _takes_longer(case, old, pace)]
        slower = [one for one in found if one is not None]
        return tuple(sorted(slower, key=lambda one: (-one.gained, one.case.id)))

    def _pace(self) -> float:
        """How many times longer this machine takes, by the middle of all cases; one where that cannot be told."""
        pairs = ((case, self._before.get(case[:3])) for case in self._report.cases)
        usable = ((case, old) for case, old in pairs if old is not None and old.seconds >= PACE_SECONDS)
        ratios = [case.seconds / old.seconds for case, old in islice(usable, PACE_ENOUGH)]
        return max(1.0, median(ratios)) if len(ratios) >= PACE_CASES else 1.0


class Folding:
    """Puts the cases of one test into one line, in the order of their names."""

    def __init__(self, cases: Iterable[Case], report: Report, history: History) -> None:
        """`cases` are all that will be folded, out of `report`."""
        tests = {case[:2] for case in cases}
        self._totals = Counter([case[:2] for case in report.cases if case[:2] in tests] if tests else ())
        self._history = history

    def __call__(self, cases: Iterable[Case]) -> tuple[Folded, ...]:
        """The lines of some cases."""
        tests: dict[tuple[str, str], list[Case]] = {}
        for case in cases:
            tests.setdefault(case[:2], []).append(case)
        return tuple(
            Folded(*test, tuple(sorted(found)), self._totals[test], any(map(self._was_flaky, found)))
            for test, found in sorted(tests.items())
        )

    def _was_flaky(self, case: Case) -> bool:
        return is_flaky(self._history.get(case.id, ()))


def _tried_again(before: Case, case: Case) -> Case:
    if case.outcome is CaseOutcome.PASSED and (before.outcome.broken or before.outcome is CaseOutcome.FLAKY):
        return case._replace(outcome=CaseOutcome.FLAKY, message=before.message)
    return case


def _mended(case: Case, old: Case | None) -> bool:
    return old is not None and old.outcome.broken and case.outcome.fine


def _newly_flaky(case: Case, report: Report, history: History) -> bool:
    pasts = history.get(case.id, ())
    if not (pasts and case.outcome.fine):
        return False
    here = Past(report.origin.at, report.origin.commit, case.outcome, case.seconds)
    return not is_flaky(pasts) and is_flaky([*pasts, here])


def _takes_longer(case: Case, old: Case | None, pace: float) -> bool:
    """Whether a case takes longer than in the base's report; `pace` times as long is this machine's."""
    if old is None or not (case.outcome.fine and old.outcome.fine):
        return False
    return case.seconds / pace > old.seconds + max(SLOWER_SECONDS, SLOWER_SHARE * old.seconds)


def _slower(case: Case, history: History, pace: float) -> Slower | None:
    """A case whose durations vary by less than it takes longer."""
    durations = [past.seconds for past in history.get(case.id, ()) if past.outcome.fine]
    if len(durations) < DURATIONS:
        return None
    usual = median(durations)
    noise = MAD_TO_DEVIATION * median(abs(one - usual) for one in durations)
    limit = usual + max(SLOWER_SECONDS, SLOWER_SHARE * usual, SLOWER_NOISE * noise)
    return Slower(case, usual) if case.seconds / pace > limit else None


def first(report: Report) -> BehaviourDiff:
    """What is told of a report that has nothing to be compared with: its counts, and what is broken in it."""
    broken = [case for case in report.cases if case.outcome.broken]
    fold = Folding(broken, report, {})
    return BehaviourDiff(
        report.origin, None, report.counts, Counts(), still_failing=fold(broken), complete=report.complete
    )
