"""What was fetched about two runs, and what code hosts answered, is kept as it was on both databases."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import update

from bot.edges.store import SqlStore
from bot.edges.store.tables import evidence
from bot.facts.causes import (
    Changed,
    Commit,
    CommitRange,
    DataChanged,
    DataVersion,
    Evidence,
    Part,
    Relation,
    Unknown,
)
from bot.facts.runs import RunRef
from bot.ports.evidence import Answer

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
RUN, OTHER, THIRD = (RunRef("main", name) for name in ("a", "b", "c"))
RANGE = CommitRange(
    "1" * 40, "2" * 40, Relation.DIVERGED, (Commit("2" * 40, "Title <é>\u0000", "jo", NOW),), 300, (), 2
)
WHOLE = Evidence(
    RANGE,
    (DataChanged("data/x.csv", None, DataVersion("d1", 7, 2)),),
    (Changed("torch", "2.1", None),),
    (Unknown(Part.ENVIRONMENT, "the tracker is down", NOW),),
)


def test_evidence_comes_back_as_it_went(store: SqlStore) -> None:
    with store.write() as unit:
        unit.evidence.put(RUN, OTHER, Evidence(), NOW)
        unit.evidence.put(RUN, OTHER, WHOLE, NOW)
        unit.evidence.put(RUN, THIRD, Evidence(), NOW)
    with store.read() as unit:
        assert unit.evidence.of(RUN) == {OTHER: WHOLE, THIRD: Evidence()}
        assert unit.evidence.of(OTHER) == {}


def test_evidence_that_an_older_version_kept_is_left_out(store: SqlStore) -> None:
    with store.write() as unit:
        unit.evidence.put(RUN, OTHER, WHOLE, NOW)
    with store.engine.begin() as connection:
        connection.execute(update(evidence).values(content={"code": 7}))
    with store.read() as unit:
        assert unit.evidence.of(RUN) == {}


def test_an_answer_of_a_host_is_kept_by_its_question(store: SqlStore) -> None:
    long = "compare https://github.com/acme/churn " + "x" * 900
    with store.write() as unit:
        unit.code_answers.put(long, Answer({"a": ["é", None]}, 'W/"1"'), NOW)
        unit.code_answers.put(f"{long}y", Answer("other"), NOW)
    with store.read() as unit:
        assert unit.code_answers.get(long) == Answer({"a": ["é", None]}, 'W/"1"')
        assert unit.code_answers.get(f"{long}y") == Answer("other")
        assert unit.code_answers.get("compare") is None


def test_both_are_forgotten_in_time(store: SqlStore) -> None:
    with store.write() as unit:
        unit.evidence.put(RUN, OTHER, WHOLE, NOW)
        unit.code_answers.put("q", Answer(1), NOW)
        assert unit.evidence.forget(NOW) + unit.code_answers.forget(NOW) == 0
        later = NOW + timedelta(seconds=1)
        assert unit.evidence.forget(later) + unit.code_answers.forget(later) == 2
