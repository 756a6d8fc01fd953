"""Numbers that changed are read, not counted: as many digits as tell something."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.judge.shortening import shortened, told_apart


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("0.1", "0.30000000000000004", ("0.1", "0.3")),
        ("0.012345678901", "1.234567890123e-05", ("0.0123457", "1.23457e-05")),
        ("-12.000000000001", "none", ("-12", "none")),
        ("0.12345678901", "0.12345678902", ("0.12345678901", "0.12345678902")),
        ("0.3", "0.30000000000000004", ("0.3", "0.30000000000000004")),
        ("12345678901", "20261124.123456", ("12345678901", "20261124.123456")),
        ("1.2.30000000", "v0.30000000000", ("1.2.30000000", "v0.30000000000")),
    ],
)
def test_digits_that_say_nothing_go(before: str, after: str, shown: tuple[str, str]) -> None:
    assert shortened(before, after) == shown


def test_so_do_those_in_nested_values() -> None:
    [change] = told_apart("optim", '{"lr": 0.1}', '{"lr": 0.30000000000000004}')
    assert (change.name, change.before, change.after) == ("optim.lr", "0.1", "0.3")


@given(st.floats(allow_nan=False), st.floats(allow_nan=False))
def test_what_differs_still_reads_differently(one: float, other: float) -> None:
    before, after = shortened(repr(one), repr(other))
    assert (before == after) == (repr(one) == repr(other))
