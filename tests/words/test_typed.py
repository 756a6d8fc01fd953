"""Typed text is cut into words the way people mean them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.words.typed import Word, split, split_tail


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("churn 5", [Word("churn"), Word("5")]),
        ('"my run" b', [Word("my run", quoted=True), Word("b")]),
        ("it's jo's", [Word("it's"), Word("jo's")]),
        ("'it s'", [Word("it s", quoted=True)]),
        ('"never closed', [Word('"never'), Word("closed")]),
        ("by:@me Since=7d", [Word("@me", "by"), Word("7d", "since")]),
        ('by:"Jo Do"', [Word("Jo Do", "by", quoted=True)]),
        ("by:<@U1|jo do> <#C1|churn>", [Word("<@U1|jo do>", "by"), Word("<#C1|churn>")]),
        ("https://ml.example.com/#/x a:b:c", [Word("https://ml.example.com/#/x"), Word("b:c", "a")]),
        ("by: x", [Word("", "by"), Word("x")]),
        ("größe:3", [Word("größe:3")]),
    ],
)
def test_words_are_cut_where_people_mean_it(text: str, words: list[Word]) -> None:
    assert [Word(word.text, word.key, word.quoted) for word in split(text)] == words


@pytest.mark.parametrize(
    ("text", "left", "options"),
    [
        ("metrics.auc > 0.9 page:2", "metrics.auc > 0.9", [Word("2", "page")]),
        ("params.name = 'my page:2'", "params.name = 'my page:2'", []),
        ("a since:7d page:2", "a", [Word("7d", "since"), Word("2", "page")]),
        ("page:2", "", [Word("2", "page")]),
        ("page:2 b", "page:2 b", []),
        ('tags.x = "a"', 'tags.x = "a"', []),
    ],
)
def test_only_options_at_the_end_leave_a_text_taken_as_it_is(text: str, left: str, options: list[Word]) -> None:
    assert split_tail(text, ["page", "since"]) == (left, tuple(options))


@given(st.text(max_size=60))
def test_no_character_but_space_and_quotes_is_lost(text: str) -> None:
    def bare(value: str) -> str:
        return "".join(letter for letter in value.casefold() if not letter.isspace() and letter not in "'\":=")

    assert bare("".join(word.key + word.text for word in split(text))) == bare(text)
