"""Names made short can still be told apart, and show where they differ."""

from hypothesis import given
from hypothesis import strategies as st

from bot.render.apart import told_apart

NAMES = st.lists(st.text("ab-é😀", min_size=1, max_size=60), min_size=1, max_size=10)


@given(NAMES, st.integers(12, 30))
def test_they_keep_the_limit_and_those_that_differ_still_do(names: list[str], limit: int) -> None:
    short = told_apart(names, limit)
    assert all(0 < len(label) <= limit for label in short)
    assert len(set(short)) == len(set(names))


def test_short_names_stay_as_they_are() -> None:
    assert told_apart(["a", "b", "a"], 12) == ["a", "b", "a"]


def test_the_difference_is_what_is_kept() -> None:
    names = [f"churn-weekly-gradient-boosting-lr-{lr}-depth-4-of-the-nightly-sweep" for lr in ("0.1", "0.05")]
    assert told_apart(names, 20) == ["…osting-lr-0.1-dept…", "…sting-lr-0.05-dept…"]
    assert told_apart([f"a-long-name-{n}-and-more-behind" for n in (1, 2)], 16) == [
        "…ong-name-1-and…",
        "…ong-name-2-and…",
    ]
