"""How numbers and times read."""

import math
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.render.filters import ago, day, delta, duration, lines, number, percent, plural, shorten, size, when

NOW = datetime(2026, 11, 23, 22, 47, tzinfo=UTC)
INF = math.inf


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.1 + 0.2, "0.3"),
        (0.9123456, "0.9123"),
        (3.2e-05, "3.2e-05"),
        (-3.2e-05, "−3.2e-05"),
        (0.00012346, "0.0001235"),
        (5.0, "5"),
        (-5, "−5"),
        (0, "0"),
        (-0.0, "0"),
        (999.95, "1,000"),
        (1234.5678, "1,235"),
        (1234567, "1,234,567"),
        (1e6, "1,000,000"),
        (12345678901234, "12,345,678,901,234"),
        (1e15, "1e+15"),
        (10**400, "1e+400"),
        (-(10**400), "−1e+400"),
        (1.7976931348623157e308, "1.798e+308"),
        (5e-324, "4.941e-324"),
        (math.nan, "NaN"),
        (INF, "∞"),
        (-INF, "−∞"),
        (True, "1"),
        ("adam", "adam"),
        (None, "–"),
    ],
)
def test_numbers(value: float | str | None, text: str) -> None:
    assert number(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.5, "+0.5"),
        (-0.01200000000000001, "−0.012"),
        (0, "±0"),
        (-0.0, "±0"),
        (1234, "+1,234"),
        (INF, "+∞"),
        (-INF, "−∞"),
        (math.nan, "NaN"),
        (1e-9, "+1e-09"),
        (None, "–"),
    ],
)
def test_deltas(value: float | None, text: str) -> None:
    assert delta(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.1234, "12.3%"),
        (1.0, "100%"),
        (0, "0%"),
        (-0.05, "−5%"),
        (12.5, "1,250%"),
        (0.00001, "0.001%"),
        (math.nan, "NaN"),
        (INF, "∞%"),
        (None, "–"),
    ],
)
def test_percentages(value: float | None, text: str) -> None:
    assert percent(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (timedelta(seconds=192), "3 min 12 s"),
        (timedelta(minutes=3), "3 min"),
        (45, "45 s"),
        (59.6, "1 min"),
        (0.42, "0.4 s"),
        (9.96, "10 s"),
        (0.001, "0.1 s"),
        (2.0, "2 s"),
        (0, "0 s"),
        (timedelta(hours=2, minutes=5, seconds=30), "2 h 5 min"),
        (timedelta(days=3, hours=4), "3 d 4 h"),
        (timedelta(days=1234), "1,234 d"),
        (timedelta(seconds=3601), "1 h"),
        (-90, "−1 min 30 s"),
        (math.nan, "NaN"),
        (INF, "∞"),
        (None, "–"),
    ],
)
def test_durations(value: timedelta | float | None, text: str) -> None:
    assert duration(value) == text


@pytest.mark.parametrize(
    ("count", "nouns", "text"),
    [
        (1, ("run",), "1 run"),
        (0, ("run",), "0 runs"),
        (1234, ("run",), "1,234 runs"),
        (2, ("query",), "2 queries"),
        (2, ("day",), "2 days"),
        (2, ("batch",), "2 batches"),
        (2, ("child", "children"), "2 children"),
        (1, ("child", "children"), "1 child"),
        (1.5, ("hour",), "1.5 hours"),
    ],
)
def test_plurals(count: float, nouns: tuple[str, ...], text: str) -> None:
    assert plural(count, *nouns) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "just now"),
        (44, "just now"),
        (50, "1 min ago"),
        (190, "3 min ago"),
        (7300, "2 h ago"),
        (200_000, "2 d ago"),
        (-190, "in 3 min"),
        (-30, "just now"),
    ],
)
def test_how_long_ago(seconds: int, text: str) -> None:
    assert ago(NOW - timedelta(seconds=seconds), NOW) == text


def test_moments_and_days() -> None:
    assert when(NOW) == "23 Nov 2026, 22:47 UTC"
    assert when(NOW, "Europe/Berlin") == "23 Nov 2026, 23:47 CET"
    assert day(date(2026, 1, 2)) == "2 Jan 2026"
    assert (when(None), day(None), ago(None, NOW)) == ("–", "–", "–")


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 B"),
        (512, "512 B"),
        (999, "999 B"),
        (1000, "1 kB"),
        (1_500_000, "1.5 MB"),
        (10**18, "1,000 PB"),
        (None, "–"),
    ],
)
def test_sizes(count: int | None, text: str) -> None:
    assert size(count) == text


def test_shortening_of_names_and_prose() -> None:
    assert shorten("abcdefghij", 5) == "abc…j"
    assert shorten("one two three", 9, "end") == "one two…"
    assert shorten(12345, 3) == "12…"


def test_line_ends_kept_as_markup() -> None:
    assert lines("a\r\nb <c>\x00") == "a<br/>b &lt;c&gt;�"


@given(value=st.floats(-1e308, 1e308))
def test_a_number_reads_back_to_four_digits(value: float) -> None:
    text = number(value)
    back = float(text.replace("−", "-").replace(",", ""))
    assert back == pytest.approx(value, rel=6e-4)
    assert len(text) < 30
    assert "-0" not in text.replace("e-0", "")


@given(value=st.floats(allow_nan=False, allow_infinity=False))
def test_a_delta_has_its_sign_and_is_its_number(value: float) -> None:
    text = delta(value)
    assert text[0] == ("+" if value > 0 else "−" if value < 0 else "±")
    assert text[1:] == number(abs(value))


@given(seconds=st.floats(min_value=0, max_value=1e9))
def test_a_duration_is_told_in_at_most_two_units_and_close(seconds: float) -> None:
    parts = duration(seconds).replace(",", "").split()
    units = {"d": 86400, "h": 3600, "min": 60, "s": 1}
    told = sum(float(count) * units[unit] for count, unit in zip(parts[::2], parts[1::2], strict=True))
    assert len(parts) in (2, 4)
    assert abs(told - seconds) <= max(seconds * 0.05, 0.55)
