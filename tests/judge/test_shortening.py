"""Two values are shortened so that their difference is seen, and nested ones are told apart leaf by leaf."""

import ast
import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.facts.causes import Changed
from bot.judge.shortening import LEAVES_AT_MOST, SHOWN, shortened, told_apart

TEXTS = st.text(max_size=200) | st.text("ab", max_size=200)
LEAVES = st.none() | st.booleans() | st.integers(-9, 9) | st.floats(allow_nan=False) | st.text(max_size=5)
NESTED = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4)
)


@given(TEXTS, TEXTS, st.integers(10, 80))
@example("a" * 100, "a" * 101, 10)
@example("x" * 300 + "a", "x" * 300 + "b", 10)
def test_shortened_texts_fit_and_differ_where_the_whole_do(before: str, after: str, limit: int) -> None:
    first, second = shortened(before, after, limit)
    assert max(len(first), len(second)) <= limit
    assert (first == second) == (before == after)


@given(TEXTS, TEXTS)
def test_short_texts_are_left_alone(before: str, after: str) -> None:
    if max(len(before), len(after)) <= SHOWN:
        assert shortened(before, after) == (before, after)


@given(st.text("ab", min_size=80, max_size=120), st.text("xy", min_size=1, max_size=3), st.text("pq", min_size=1))
def test_the_place_where_long_texts_differ_is_shown(same: str, before: str, after: str) -> None:
    first, second = shortened(same + before + same, same + after + same)
    assert before[0] in first
    assert after[0] in second
    assert first.startswith("…")


@given(NESTED, NESTED)
def test_values_that_mean_the_same_did_not_change(before: Any, after: Any) -> None:
    first, second = json.dumps({"a": before}), json.dumps({"a": after})
    spaced = json.dumps({"a": before}, indent=3, sort_keys=True)
    assert told_apart("c", first, spaced) == ()
    assert (told_apart("c", first, second) == ()) == (
        json.dumps(before, sort_keys=True) == json.dumps(after, sort_keys=True)
    )


@given(NESTED)
def test_python_writes_what_json_writes(value: Any) -> None:
    written = repr({"a": value})
    if "inf" not in written and ast.literal_eval(written) == {"a": value}:
        assert told_apart("c", json.dumps({"a": value}), written) == ()


@given(st.text(max_size=60) | st.text("{}[]()\"':, 1a", max_size=60), st.text("{}[]\"':, 1a", max_size=60))
def test_any_two_texts_can_be_told_apart(before: str, after: str) -> None:
    for changed in told_apart("c", before, after):
        assert changed.before != changed.after


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ("0.1", "0.01", [("p", "0.1", "0.01")]),
        (None, "1", [("p", None, "1")]),
        ("1", None, [("p", "1", None)]),
        ("", "x", [("p", "", "x")]),
        ('{"o": {"lr": 0.1}}', '{"o": {"lr": 0.01}}', [("p.o.lr", "0.1", "0.01")]),
        ("{'o': True, 'n': None}", "{'o': False, 'n': None}", [("p.o", "true", "false")]),
        ('{"a": 1}', '{"b": 1}', [("p.a", "1", None), ("p.b", None, "1")]),
        ("[1, 2, 3]", "[1, 5, 3]", [("p[1]", "2", "5")]),
        ("[1, 2]", "[1, 2, 3]", [("p", "[1, 2]", "[1, 2, 3]")]),
        ('{"a": [1, {"b": "x"}]}', '{"a": [1, {"b": "y"}]}', [("p.a[1].b", "x", "y")]),
        ('{"a": 1}', "[1]", [("p", '{"a": 1}', "[1]")]),
        ('{"a": NaN}', '{"a": NaN, "b": 1}', [("p.b", None, "1")]),
        ("{(1, 2): 3}", "{(1, 2): 4}", [("p.(1, 2)", "3", "4")]),
    ],
)
def test_each_leaf_is_told(before: str | None, after: str | None, found: list[tuple[str, str, str]]) -> None:
    assert told_apart("p", before, after) == tuple(Changed(*one) for one in found)


def test_too_many_leaves_and_too_deep_ones_are_one_value() -> None:
    many = [json.dumps({str(key): key + add for key in range(LEAVES_AT_MOST + 1)}) for add in (0, 1)]
    assert [one.name for one in told_apart("p", *many)] == ["p"]
    deep = ["[" * 3000 + str(number) + "]" * 3000 for number in (1, 2)]
    (one,) = told_apart("p", *deep)
    assert one.before is not None
    assert "1" in one.before
    assert [one.name for one in told_apart("p", '{"a": ' + "[" * 3000, "{")] == ["p"]
