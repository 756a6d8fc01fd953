"""Whether a test fails by chance, told from how it ended in several reports and never from a single rerun."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from bot.facts.reports import CaseOutcome, Past

# So many independent signs are wanted: one may be a machine that was busy once.
SIGNS = 2


def is_flaky(pasts: Sequence[Past]) -> bool:
    """Whether a case of this history (oldest first) fails by chance.

    A sign is: it failed and passed within one report; it failed and passed on one commit; it broke and was mended
    from one commit to the next once more than a bug does.
    """
    tried_again = sum(past.outcome is CaseOutcome.FLAKY for past in pasts)
    commits = _by_commit(pasts)
    both = sum(len(states) > 1 for states in commits)
    dips = _dips(states for states in commits if len(states) == 1)
    return tried_again + both + max(0, dips - 1) >= SIGNS


def _by_commit(pasts: Iterable[Past]) -> list[set[bool]]:
    """For each commit in turn, or each report without one, whether the case was broken, was not, or both."""
    found: dict[str, set[bool]] = {}
    for place, past in enumerate(pasts):
        if past.outcome.broken or past.outcome.fine:
            found.setdefault(past.commit or str(place), set()).add(past.outcome.broken)
    return list(found.values())


def _dips(states: Iterable[set[bool]]) -> int:
    """How many times it was broken between commits where it was not."""
    turns = [broken for broken, _ in groupby(next(iter(one)) for one in states)]
    return sum(turns[1:-1])
