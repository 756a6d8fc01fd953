"""MLflow's filter grammar is read, and what cannot be read is pointed at."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.find.filters import as_filter, looks_like_filter, parse_filter
from bot.find.tokens import FilterError
from bot.ports.index import Condition, Field

NOW = datetime(2026, 11, 12, 9, 30, tzinfo=UTC)
M, P, T, A = Field.METRIC, Field.PARAM, Field.TAG, Field.ATTRIBUTE


@pytest.mark.parametrize(
    ("text", "conditions"),
    [
        ("metrics.auc > 0.9", [Condition(M, "auc", ">", 0.9)]),
        (
            "metrics.auc > 0.9 and params.lr = '0.1' AND tags.team = \"nlp\" and attributes.status = 'FAILED'",
            [
                Condition(M, "auc", ">", 0.9),
                Condition(P, "lr", "=", "0.1"),
                Condition(T, "team", "=", "nlp"),
                Condition(A, "status", "=", "FAILED"),
            ],
        ),
        ("metrics.`val auc`>=-1e-3", [Condition(M, "val auc", ">=", -0.001)]),
        ('metric."val/auc@5" < .5', [Condition(M, "val/auc@5", "<", 0.5)]),
        ("params.lr=0.1", [Condition(P, "lr", "=", "0.1")]),
        ("parameter.model LIKE 'bert%'", [Condition(P, "model", "LIKE", "bert%")]),
        ("tags.mlflow.user ilike '%JO%'", [Condition(T, "mlflow.user", "ILIKE", "%JO%")]),
        ("tags.`mlflow.note.content` is null", [Condition(T, "mlflow.note.content", "IS NULL")]),
        ("params.seed IS NOT NULL", [Condition(P, "seed", "LIKE", "%")]),
        ("run_id IN ('a', \"b\")", [Condition(A, "run_id", "IN", ("a", "b"))]),
        ("run_id not in ('a','b')", [Condition(A, "run_id", "!=", "a"), Condition(A, "run_id", "!=", "b")]),
        ("status = failed", [Condition(A, "status", "=", "FAILED")]),
        ("`run name` != 'x and y'", [Condition(A, "run_name", "!=", "x and y")]),
        ("run.run_name = 'it'", [Condition(A, "run_name", "=", "it")]),
        ("start_time > 1789000000000", [Condition(A, "start_time", ">", datetime.fromtimestamp(1789000000, UTC))]),
        ("created >= '7d'", [Condition(A, "start_time", ">=", NOW - timedelta(days=7))]),
        ("end_time < 2026-11-01", [Condition(A, "end_time", "<", datetime(2026, 11, 1, tzinfo=UTC))]),
        ("params.start_time = '7d'", [Condition(P, "start_time", "=", "7d")]),
        ("params.größe == groß", [Condition(P, "größe", "=", "groß")]),
    ],
)
def test_a_filter_is_read_into_conditions(text: str, conditions: list[Condition]) -> None:
    assert parse_filter(text, NOW) == tuple(conditions)


@pytest.mark.parametrize(
    ("text", "position", "sentence"),
    [
        ("metrics.auc >", 13, "a number is missing here"),
        ("metrics.auc > and params.a = 1", 14, "a number is missing here"),
        ("metrics.auc", 11, "a comparison such as > 0.9 or = 'text' is missing here"),
        ("metrics.auc > high", 14, "high is not a number"),
        ("metrics.auc > nan", 14, "nan is not a number"),
        ("metrics.auc > 1e999", 14, "1e999 is not a number"),
        ("metrics.auc > '0.9'", 14, "metrics compare with a number, without quotes"),
        ("auc > 0.9", 0, "auc is no attribute of a run; write metrics.auc, params.auc or tags.auc"),
        ("metrics.a > 1 or metrics.b > 2", 14, "MLflow’s filters have no OR; search twice instead"),
        ("metrics.a > 1 metrics.b > 2", 14, "and is missing before this"),
        ("metrics.a > 1 and", 17, "a name such as metrics.auc is missing here"),
        ("not metrics.a > 1", 0, "MLflow’s filters have no NOT; != and IS NULL may say it"),
        ("(metrics.a > 1)", 0, "brackets are for lists only, as in run_id IN ('…', '…')"),
        ("params.a = 'b", 11, "the quote ' that opens here is never closed"),
        ("params.a ! b", 9, "! means nothing here; comparisons are = != < <= > >="),
        ("params. = 1", 7, "a name is missing here, as in params.name"),
        ("params.a > 1", 9, "> does not work with params; it takes =, !=, LIKE, ILIKE, IS NULL, IS NOT NULL"),
        ("metrics.a LIKE 'x'", 10, "LIKE does not work with metrics; it takes =, !=, <, <=, >, >="),
        ("status IN ('FAILED')", 7, "IN does not work with status; it takes =, !=, LIKE, ILIKE"),
        ("run_id IN 'a'", 10, "a list such as ('…', '…') is missing here"),
        ("run_id IN ('a'", 14, "a comma or the closing bracket is missing here"),
        ("run_id IN ()", 11, "a run id in quotes is missing here"),
        ("status = 'DONE'", 9, "DONE is no status; it is one of RUNNING, SCHEDULED, FINISHED, FAILED, KILLED"),
        ("start_time > soon", 13, "soon is not a time; write 7d, yesterday or 2026-11-01"),
        ("datasets.name = 'x'", 0, "datasets cannot be searched here"),
        ("tags.a is 1", 7, "after IS comes NULL or NOT NULL"),
        ("", 0, "a name such as metrics.auc is missing here"),
    ],
)
def test_what_cannot_be_read_is_pointed_at(text: str, position: int, sentence: str) -> None:
    with pytest.raises(FilterError) as caught:
        parse_filter(text, NOW)
    assert (caught.value.position, caught.value.sentence) == (position, sentence)


def test_the_pointer_stands_under_the_place_of_a_long_filter() -> None:
    text = " and ".join(f"metrics.metric_{n} > {n}" for n in range(9)) + " or metrics.last > 1"
    with pytest.raises(FilterError) as caught:
        parse_filter(text, NOW)
    above, below = caught.value.pointer.split("\n")
    assert above[below.index("^") :].startswith("or metrics.last")


@pytest.mark.parametrize(
    ("text", "meant_as_filter"),
    [
        ("metrics.auc > 0.9", True),
        ("metrics.auc", True),
        ("auc>0.9", True),
        ("tags.team is null", True),
        ("run_id in ('a')", True),
        ("run_name like 'b%'", True),
        ("bert large", False),
        ("is it like bert", False),
        ("what we tried in march", False),
        ("v1.2 churn", False),
    ],
)
def test_plain_words_are_told_from_a_filter(text: str, meant_as_filter: bool) -> None:
    assert looks_like_filter(text) is meant_as_filter


PIECES = st.sampled_from(
    [
        "metrics.",
        "params.a",
        "run_id ",
        "start_time",
        "status",
        "`",
        "'",
        '"',
        " and ",
        " or ",
        " in ",
        "(",
        ")",
        ",",
        "=",
        ">",
        "!",
        "is",
        "not ",
        "null",
    ]
) | st.sampled_from(["0.9", "1e9", "7d", "9999999999999", "ſ", "İ", "٣", "\x00", " "])


@given(st.lists(PIECES, max_size=15).map("".join) | st.text(max_size=40))
def test_any_text_is_read_or_pointed_at(text: str) -> None:
    looks_like_filter(text)
    try:
        conditions = parse_filter(text, NOW, "Europe/Berlin")
    except FilterError as error:
        assert 0 <= error.position <= len(text)
        assert error.sentence
        assert "^" in error.pointer
    else:
        assert conditions


KEYS = st.text(st.characters(exclude_characters="`", exclude_categories=["Cs"]), min_size=1, max_size=12)
TEXTS = st.text(st.characters(exclude_characters="'", exclude_categories=["Cs"]), max_size=12)
MOMENTS = st.datetimes(datetime(1971, 1, 1), datetime(2100, 1, 1)).map(
    lambda at: at.replace(microsecond=0, tzinfo=UTC)
)
CONDITIONS = st.one_of(
    st.builds(
        Condition,
        st.just(M),
        KEYS,
        st.sampled_from(["=", "!=", "<", "<=", ">", ">="]),
        st.floats(allow_nan=False, allow_infinity=False),
    ),
    st.builds(Condition, st.sampled_from([P, T]), KEYS, st.sampled_from(["=", "!=", "LIKE", "ILIKE"]), TEXTS),
    st.builds(Condition, st.sampled_from([P, T]), KEYS, st.just("IS NULL")),
    st.builds(Condition, st.just(A), st.sampled_from(["start_time", "end_time"]), st.just(">"), MOMENTS),
    st.builds(Condition, st.just(A), st.just("run_name"), st.just("ILIKE"), TEXTS),
    st.builds(
        Condition, st.just(A), st.just("run_id"), st.just("IN"), st.lists(TEXTS, min_size=1, max_size=4).map(tuple)
    ),
)


@given(st.lists(CONDITIONS, min_size=1, max_size=8))
def test_a_written_filter_reads_back_to_the_same(conditions: list[Condition]) -> None:
    assert parse_filter(as_filter(conditions), NOW) == tuple(conditions)
