"""A test fails by chance when several independent signs say so; a bug that is mended is no chance."""

from datetime import UTC, datetime

import pytest

from bot.facts.reports import CaseOutcome, Past
from bot.judge.flakiness import is_flaky

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
OUTCOMES = {
    "P": CaseOutcome.PASSED,
    "F": CaseOutcome.FAILED,
    "E": CaseOutcome.ERROR,
    "S": CaseOutcome.SKIPPED,
    "~": CaseOutcome.FLAKY,
}


def history(written: str) -> list[Past]:
    """`aP bF` is a report of commit a that passed, and one of commit b that failed; `-P` names no commit."""
    return [Past(NOW, commit.strip("-"), OUTCOMES[outcome], 0.1) for commit, outcome in written.split()]


@pytest.mark.parametrize(
    ("written", "flaky"),
    [
        ("", False),
        ("aP bP cP", False),
        ("aF bF cF", False),
        ("aP b~ cP", False),
        ("aP b~ cP d~", True),
        ("aP aF", False),
        ("aF a~ a~", False),
        ("aP aF bF bP", True),
        ("aE aP b~", True),
        ("aP bF cP", False),
        ("aP bF cF dP eP", False),
        ("aP bF cP dF eP", False),
        ("aP bF cP dF eP fF gP", True),
        ("aF bP cF dP", False),
        ("aP bS cP dS eP", False),
        ("-P -F -P -F -P -F -P", True),
        ("-P -F", False),
        ("aP bF cP d~ eF fP", True),
    ],
)
def test_a_history_says_whether_a_test_fails_by_chance(written: str, flaky: bool) -> None:
    assert is_flaky(history(written)) is flaky
