"""Lists come a page at a time."""

import pytest

from bot.find.paging import with_page


@pytest.mark.parametrize(
    ("words", "turned"),
    [
        ("latest churn", "latest churn page:3"),
        ("latest churn page:2", "latest churn page:3"),
        ("latest page:2 churn", "latest churn page:3"),
        ("search params.page:2x = 'a'", "search params.page:2x = 'a' page:3"),
    ],
)
def test_another_page_is_the_same_words_with_another_number(words: str, turned: str) -> None:
    assert with_page(words, 3) == turned
