"""Whether a test fails by chance, told from how it ended in several reports and never from a single rerun."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from bot.facts.reports import CaseOutcome, Past

# So many independent signs are wanted: one may be a machine that was busy once.
SIGNS = 2


def is_flaky(pasts: Sequence[Past]) -> bool:
    """Whether a case of this history (oldest first) fails by chance.

    A sign is a commit on which it failed and passed, within one report or in several. Another is that it broke and
    was mended from one commit to the next, each time more than the once that a bug does.
    """
    commits = list(_by_commit(pasts).values())
    both = sum(len(states) > 1 for states in commits)
    dips = _dips(states for states in commits if len(states) == 1)
    return both + max(0, dips - 1) >= SIGNS


def _by_commit(pasts: Iterable[Past]) -> dict[str, set[bool]]:
    """For each commit in turn, or each report without one, whether the case was broken, was not, or both."""
    found: dict[str, set[bool]] = {}
    for place, past in enumerate(pasts):
        states = found.setdefault(past.commit or str(place), set())
        if past.outcome.broken or past.outcome is CaseOutcome.FLAKY:
            states.add(True)
        if past.outcome.fine:
            states.add(False)
    return {commit: states for commit, states in found.items() if states}


def _dips(states: Iterable[set[bool]]) -> int:
    """How many times it was broken between commits where it was not."""
    turns = [broken for broken, _ in groupby(next(iter(one)) for one in states)]
    return sum(turns[1:-1])
