"""Text cleaned, cut at places that keep characters whole, and escaped."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.render.text import clean, collapse, escape_mrkdwn, shorten_end, shorten_middle, unescape_mrkdwn

ANY = st.text(st.characters() | st.sampled_from("👩‍👧🇩🇪👍🏽é…&<> \n"), max_size=200)


@given(text=ANY, limit=st.integers(1, 220))
def test_shortened_text_keeps_the_limit_and_short_text_stays(text: str, limit: int) -> None:
    for shorten in (shorten_end, shorten_middle):
        short = shorten(text, limit)
        assert len(short) <= limit
        assert (short == text) == (len(text) <= limit) or "…" in text
        if len(text) > limit:
            assert "…" in short


@given(text=ANY, limit=st.integers(3, 220))
def test_what_is_kept_is_the_beginning_and_the_end(text: str, limit: int) -> None:
    if len(text) > limit and "…" not in text:
        head, _, tail = shorten_middle(text, limit).partition("…")
        assert text.startswith(head)
        assert text.endswith(tail)
        assert text.startswith(shorten_end(text, limit).removesuffix("…"))


@given(text=st.text(st.sampled_from("ab👩‍👧🇩🇪👍🏽e\u0301"), max_size=60), limit=st.integers(1, 60))
def test_no_character_people_see_is_torn(text: str, limit: int) -> None:
    if len(text) <= limit:
        return
    head = shorten_end(text, limit).removesuffix("…")
    rest = text[len(head) :] if head else "a"
    assert not head.endswith("\u200d")
    assert not unicodedata.combining(rest[0])
    assert not "\U0001f3fb" <= rest[0] <= "\U0001f3ff"


@pytest.mark.parametrize(
    ("text", "limit", "short"),
    [
        ("the quick brown fox jumps", 20, "the quick brown fox…"),
        ("the quick brown fox jumps", 12, "the quick…"),
        ("abcdefghijklmnop", 8, "abcdefg…"),
        ("👍🏽👍🏽👍🏽", 4, "👍🏽…"),
        ("🇩🇪🇫🇷🇬🇧", 4, "🇩🇪…"),
        ("ab", 1, "…"),
        ("ab", 0, ""),
    ],
)
def test_prose_loses_its_end(text: str, limit: int, short: str) -> None:
    assert shorten_end(text, limit) == short


@pytest.mark.parametrize(
    ("text", "limit", "short"),
    [
        ("s3://bucket/team/churn/model.pkl", 20, "s3://bucket/…del.pkl"),
        ("abcdef", 3, "ab…"),
        ("abcdef", 2, "…"),
        ("abc", 3, "abc"),
    ],
)
def test_names_keep_both_their_ends(text: str, limit: int, short: str) -> None:
    assert shorten_middle(text, limit) == short


def test_a_mountain_of_marks_is_cut_all_the_same() -> None:
    assert len(shorten_end("e" + "\u0301" * 500, 100)) == 100


@given(text=ANY)
def test_clean_text_can_be_written_as_xml_and_cleaning_twice_changes_nothing(text: str) -> None:
    cleaned = clean(text)
    cleaned.encode("utf-8")
    assert clean(cleaned) == cleaned
    assert not set(cleaned) & set("\x00\x0b\x1b\x7f\x85\u202e\u2067\ud800\ufffe\r")


@given(text=ANY)
def test_escaping_can_be_undone_and_leaves_no_control_character(text: str) -> None:
    escaped = escape_mrkdwn(text)
    assert not set(escaped) & set("<>")
    assert unescape_mrkdwn(escaped) == text


def test_no_break_spaces_are_kept() -> None:
    assert collapse("a \t\n b\u00a0 c") == "a b\u00a0 c"
