"""A search means what it means in MLflow, on every database."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.edges.store import SqlStore, open_store
from bot.facts.runs import OWNER_TAG, Metric, Run, Status
from bot.ports.index import Condition, Field, Known, RunQuery
from tests.servers.postgres import Postgres

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
RUNS = (
    Run(
        "main",
        "a1",
        "1",
        "churn",
        "Calm-Owl",
        Status.FINISHED,
        NOW,
        NOW + HOUR,
        params={"model": "XGBoost", "path": r"C:\data_1"},
        metrics={"auc": Metric(0.9), "loss": Metric(float("nan"))},
        tags={OWNER_TAG: "Jürgen", "stage": "Prüfung 100%"},
    ),
    Run(
        "main",
        "b2",
        "2",
        "Größe",
        "brave-elk",
        Status.FAILED,
        NOW - HOUR,
        params={"model": "xgboost", "note": "x" * 300 + "END"},
        metrics={"auc": Metric(0.7), "loss": Metric(float("inf"))},
        tags={"mlflow.note.content": "Ein längerer Text über [CALM]?*"},
    ),
    Run("main", "c3", "1", "churn", "", Status.RUNNING, None),
)
METRIC, PARAM, TAG, ATTRIBUTE = Field.METRIC, Field.PARAM, Field.TAG, Field.ATTRIBUTE

CASES: list[tuple[Field, str, str, object, str]] = [
    (METRIC, "auc", ">", 0.7, "a"),
    (METRIC, "auc", ">=", 0.7, "ab"),
    (METRIC, "auc", "=", 0.9, "a"),
    (METRIC, "auc", "!=", 0.9, "b"),
    (METRIC, "auc", "<", 1, "ab"),
    (METRIC, "auc", "<=", 0.69, ""),
    (METRIC, "loss", ">", 1e300, "b"),
    (METRIC, "loss", "<", 0, ""),
    (METRIC, "auc", "IS NULL", None, "c"),
    (METRIC, "none", ">", 0, ""),
    (PARAM, "model", "=", "XGBoost", "a"),
    (PARAM, "model", "!=", "XGBoost", "b"),
    (PARAM, "model", "LIKE", "xg%", "b"),
    (PARAM, "model", "ILIKE", "XG%st", "ab"),
    (PARAM, "model", "LIKE", "xgboos_", "b"),
    (PARAM, "model", "LIKE", "boost", ""),
    (PARAM, "model", "IN", ("xgboost", "other"), "b"),
    (PARAM, "model", "IN", (), ""),
    (PARAM, "model", "IS NULL", None, "c"),
    (PARAM, "path", "LIKE", "C:\\data%", "a"),
    (PARAM, "path", "LIKE", "C:\\data\\_1", ""),
    (PARAM, "note", "=", "x" * 300 + "END", "b"),
    (PARAM, "note", "=", "x" * 300 + "end", ""),
    (PARAM, "note", "LIKE", "%END", "b"),
    (PARAM, "note", "ILIKE", "%end", "b"),
    (TAG, "stage", "LIKE", "%100%", "a"),
    (TAG, "stage", "ILIKE", "prÜF%", "a"),
    (TAG, "mlflow.note.content", "LIKE", "%[CALM]?*", "b"),
    (TAG, "mlflow.note.content", "LIKE", "%[calm]?*", ""),
    (TAG, "mlflow.note.content", "ILIKE", "%LÄNGERER%[calm]%", "b"),
    (ATTRIBUTE, "run_id", "=", "a1", "a"),
    (ATTRIBUTE, "run_id", "IN", ("a1", "c3", "zz"), "ac"),
    (ATTRIBUTE, "run_name", "LIKE", "%-Owl", "a"),
    (ATTRIBUTE, "run_name", "LIKE", "%-owl", ""),
    (ATTRIBUTE, "run_name", "ILIKE", "%-OWL", "a"),
    (ATTRIBUTE, "run_name", "=", "brave-elk", "b"),
    (ATTRIBUTE, "run_name", "!=", "brave-elk", "ac"),
    (ATTRIBUTE, "run_name", "IS NULL", None, "c"),
    (ATTRIBUTE, "status", "=", "FAILED", "b"),
    (ATTRIBUTE, "status", "!=", "FAILED", "ac"),
    (ATTRIBUTE, "status", "ILIKE", "f%", "ab"),
    (ATTRIBUTE, "start_time", ">", NOW - HOUR, "a"),
    (ATTRIBUTE, "start_time", ">=", NOW - HOUR, "ab"),
    (ATTRIBUTE, "start_time", "<", NOW, "bc"),
    (ATTRIBUTE, "start_time", "=", NOW, "a"),
    (ATTRIBUTE, "start_time", "IS NULL", None, "c"),
    (ATTRIBUTE, "end_time", "<=", NOW + HOUR, "a"),
    (ATTRIBUTE, "end_time", "IS NULL", None, "bc"),
    (ATTRIBUTE, "user_id", "=", "Jürgen", "a"),
    (ATTRIBUTE, "user_id", "ILIKE", "JÜR%", "a"),
    (ATTRIBUTE, "experiment", "=", "churn", "ac"),
    (ATTRIBUTE, "experiment", "LIKE", "gr%", ""),
    (ATTRIBUTE, "experiment", "ILIKE", "GRÖSSE", "b"),
]


def fill(store: SqlStore) -> SqlStore:
    with store.write() as unit:
        unit.runs.put([Known(run, NOW, NOW) for run in RUNS])
    return store


def found(store: SqlStore, query: RunQuery) -> str:
    with store.read() as unit:
        return "".join(run.run_id[0] for run in unit.runs.find(query))


@pytest.fixture
def filled(store: SqlStore) -> SqlStore:
    return fill(store)


def test_every_comparison_finds_what_mlflow_would(filled: SqlStore) -> None:
    wrong = []
    for field, key, operator, value, expected in CASES:
        condition = Condition(field, key, operator, value)  # type: ignore[arg-type]
        answer = found(filled, RunQuery(conditions=(condition,)))
        if answer != expected:
            wrong.append((condition, answer, expected))
    assert not wrong


def test_all_conditions_must_hold(filled: SqlStore) -> None:
    auc, model = Condition(METRIC, "auc", ">", 0.5), Condition(PARAM, "model", "LIKE", "xg%")
    assert found(filled, RunQuery(conditions=(auc, model))) == "b"


@pytest.mark.parametrize(
    "condition",
    [
        Condition(METRIC, "auc", "LIKE", "0%"),
        Condition(METRIC, "auc", ">", "text"),
        Condition(ATTRIBUTE, "colour", "=", "red"),
        Condition(ATTRIBUTE, "start_time", ">", "yesterday"),
        Condition(PARAM, "model", "~", "x"),
    ],
)
def test_a_condition_nobody_can_mean_is_an_error(filled: SqlStore, condition: Condition) -> None:
    with pytest.raises(ValueError, match=r"not take|no attribute"):
        found(filled, RunQuery(conditions=(condition,)))


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("CALM",), "ab"),
        (("calm", "owl"), "a"),
        (("grösse",), "b"),
        (("über", "LÄNGER"), "b"),
        (("model=xgb",), "ab"),
        (("jürgen",), "a"),
        (("100%",), "a"),
        (("churn",), "ac"),
        (("nothing",), ""),
        (("%",), "a"),
        (("calm", "nothing"), ""),
    ],
)
def test_plain_words_are_found_in_any_case(filled: SqlStore, words: tuple[str, ...], expected: str) -> None:
    assert found(filled, RunQuery(words=words)) == expected


def test_rare_and_common_values_are_found_alike(store: SqlStore) -> None:
    runs = []
    for number in range(2600):
        params, metrics = {"p": str(number // 2500)}, {"m": Metric(number)}
        runs.append(
            Run("main", f"{number:05}", "1", "churn", "n", Status.FINISHED, NOW, params=params, metrics=metrics)
        )
    with store.write() as unit:
        unit.runs.put([Known(run, NOW, NOW) for run in runs])
        for value, count in ((2599, 0), (2590, 9), (99, 2500)):
            query = RunQuery(conditions=(Condition(METRIC, "m", ">", value),))
            assert unit.runs.count(query, 5000) == count
        for text, count in (("0", 2500), ("1", 100), ("2", 0)):
            query = RunQuery(conditions=(Condition(PARAM, "p", "=", text),))
            assert unit.runs.count(query, 5000) == count


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.servers)])
def one_name(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlStore]:
    """A store for a whole property, each example replacing the run of the one before."""
    if request.param == "sqlite":
        url = f"sqlite:///{Path(tmp_path_factory.mktemp('like')) / 'rundown.db'}"
    else:
        server: Postgres = request.getfixturevalue("postgres_server")
        url = server.empty()
    store = open_store(url)
    store.upgrade()
    yield store
    store.close()


LETTERS = st.text(st.sampled_from("aAbß%_*?[]\\^-'é"), max_size=6)


@given(name=LETTERS, pattern=LETTERS, number=st.integers(1, 2**40))
@settings(max_examples=60, deadline=None)
def test_like_knows_two_wildcards_and_no_escape(one_name: SqlStore, name: str, pattern: str, number: int) -> None:
    run = Run("main", f"{number:x}", "1", "churn", name, Status.FINISHED, NOW, params={"p": name})
    regex = "".join({"%": ".*", "_": "."}.get(letter, re.escape(letter)) for letter in pattern)
    with one_name.write() as unit:
        unit.runs.put([Known(run, NOW, NOW)])
        for condition, matches in (
            (Condition(ATTRIBUTE, "run_name", "LIKE", pattern), re.fullmatch(regex, name, re.DOTALL)),
            (Condition(PARAM, "p", "LIKE", pattern), re.fullmatch(regex, name, re.DOTALL)),
            (Condition(PARAM, "p", "=", pattern), name == pattern),
        ):
            only = (Condition(ATTRIBUTE, "run_id", "=", run.run_id), condition)
            assert bool(unit.runs.find(RunQuery(conditions=only))) is bool(matches)
