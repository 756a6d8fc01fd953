"""Working time is counted where it is worked, across nights, weekends and clock changes."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.document.working_hours import WEEK, WorkingHours

WEEKDAYS = frozenset(WEEK[:5])
OFFICE = WorkingHours(time(9), time(18), WEEKDAYS, "Europe/Berlin")
ALWAYS = WorkingHours(time(0), time(0), frozenset(WEEK), "Europe/Berlin")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("sentence", "ended", "due"),
    [
        ("within the morning", "2026-11-23T09:00", "2026-11-23T13:00"),
        ("over the night", "2026-11-23T15:00", "2026-11-24T10:00"),
        ("over the weekend", "2026-11-27T16:30", "2026-11-30T11:30"),
        ("from the middle of the night", "2026-11-24T02:00", "2026-11-24T12:00"),
        ("from a Saturday", "2026-11-28T12:00", "2026-11-30T12:00"),
        ("in summer, when Berlin is two hours ahead", "2026-07-01T07:00", "2026-07-01T11:00"),
        ("over the weekend in which summer time ends", "2026-10-23T15:00", "2026-10-26T11:00"),
        ("over the weekend in which summer time begins", "2026-03-27T16:00", "2026-03-30T10:00"),
    ],
)
def test_four_working_hours(sentence: str, ended: str, due: str) -> None:
    assert OFFICE.after(utc(ended), timedelta(hours=4)) == utc(due), sentence


def test_round_the_clock_means_real_time_even_when_the_clocks_change() -> None:
    assert ALWAYS.after(utc("2026-10-24T20:00"), timedelta(hours=8)) == utc("2026-10-25T04:00")
    assert ALWAYS.after(utc("2026-03-28T20:00"), timedelta(hours=8)) == utc("2026-03-29T04:00")


def test_hours_over_midnight_belong_to_the_day_they_began() -> None:
    night = WorkingHours(time(22), time(6), frozenset({"mon"}), "UTC")
    assert night.after(utc("2026-11-23T23:00"), timedelta(hours=3)) == utc("2026-11-24T02:00")


def test_no_working_days_is_said() -> None:
    with pytest.raises(ValueError, match="no working time"):
        WorkingHours(time(9), time(18), frozenset()).after(utc("2026-11-23T09:00"), timedelta(hours=1))


@given(
    moment=st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31)).map(lambda d: d.replace(tzinfo=UTC)),
    minutes=st.integers(1, 3000),
    zone=st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"]),
)
def test_a_due_moment_is_later_inside_the_hours_and_additive(moment: datetime, minutes: int, zone: str) -> None:
    hours = WorkingHours(time(9), time(18), WEEKDAYS, zone)
    span = timedelta(minutes=minutes)
    due = hours.after(moment, span)
    assert due >= moment + span
    assert hours.after(due, timedelta(minutes=7)) == hours.after(moment, span + timedelta(minutes=7))
