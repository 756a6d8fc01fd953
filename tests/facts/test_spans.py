"""Moments are read as people write them, in their own time zone."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.facts.spans import parse_since

NOW = datetime(2026, 11, 12, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "ago"),
    [
        ("7d", timedelta(days=7)),
        ("2h", timedelta(hours=2)),
        ("90m", timedelta(minutes=90)),
        ("90min", timedelta(minutes=90)),
        ("1h30m", timedelta(minutes=90)),
        ("2w", timedelta(weeks=2)),
        ("3 days", timedelta(days=3)),
        ("1 hour ago", timedelta(hours=1)),
        ("7D", timedelta(days=7)),
    ],
)
def test_a_span_reaches_back_from_now(typed: str, ago: timedelta) -> None:
    since = parse_since(typed)
    assert since is not None
    assert since.moment(NOW, "Europe/Berlin") == NOW - ago


@pytest.mark.parametrize(
    ("typed", "timezone", "moment"),
    [
        ("today", "UTC", datetime(2026, 11, 12, tzinfo=UTC)),
        ("yesterday", "UTC", datetime(2026, 11, 11, tzinfo=UTC)),
        ("yesterday", "Europe/Berlin", datetime(2026, 11, 10, 23, tzinfo=UTC)),
        ("today", "Pacific/Auckland", datetime(2026, 11, 11, 11, tzinfo=UTC)),
        ("2026-11-01", "America/New_York", datetime(2026, 11, 1, 4, tzinfo=UTC)),
        ("2026-11-01T09:30", "Asia/Tokyo", datetime(2026, 11, 1, 0, 30, tzinfo=UTC)),
        ("2026-11-01", "Nowhere/Land", datetime(2026, 11, 1, tzinfo=UTC)),
    ],
)
def test_a_day_begins_at_the_askers_midnight(typed: str, timezone: str, moment: datetime) -> None:
    since = parse_since(typed)
    assert since is not None
    assert since.moment(NOW, timezone) == moment


@pytest.mark.parametrize(
    "typed", ["", "7", "d", "7y", "0d", "2026-13-01", "2026-02-30", "0001-01-01", "-7d", "churn"]
)
def test_what_is_no_moment_is_not_read_as_one(typed: str) -> None:
    assert parse_since(typed) is None


@given(st.text(max_size=20) | st.from_regex(r"\d{1,12}[smhdw]", fullmatch=True))
def test_any_text_is_a_moment_in_the_past_or_no_moment(typed: str) -> None:
    since = parse_since(typed)
    if since is not None and since.ago is not None:
        assert since.moment(NOW, "Europe/Berlin") < NOW
