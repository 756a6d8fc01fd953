"""Test reports are kept whole, found by whatever names them, and let go in time, on both databases."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.edges.store import SqlStore
from bot.facts.reports import Case, CaseId, CaseOutcome, Filed, Origin, Past, Report, all_shards, counted

NOW = datetime(2026, 11, 2, 9, 0, 0, 123456, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
COMMIT = "7d3f1c9a5be24880c6f1e0b7a942d5538e61fa20"
ORIGIN = Origin(
    "report", "r1", NOW, "tests", "acme/churn", "main", "", COMMIT, "https://x/1", "jenkins", "17", run="calm-owl"
)
CASES = (
    Case("talk.Refund", "test_asks", "de", CaseOutcome.FAILED, 0.25, "AssertionError: \0 \ud800 é"),
    Case("talk.Refund", "test_asks", "", CaseOutcome.PASSED, 1.5),
    Case("", "smoke", "", CaseOutcome.SKIPPED),
)
REPORT = Report(ORIGIN, CASES)


def a_report(identity: str, minutes: int = 0, cases: tuple[Case, ...] = CASES, **origin: object) -> Report:
    changed = {"id": identity, "at": NOW + minutes * MINUTE, "pipeline_id": identity, **origin}
    return Report(replace(ORIGIN, **changed), cases)  # type: ignore[arg-type]


def put(store: SqlStore, *reports: Report) -> None:
    with store.write() as unit:
        for report in reports:
            assert unit.reports.put(report)


def test_a_report_comes_back_as_it_went(store: SqlStore) -> None:
    empty = a_report("r2", cases=())
    put(store, REPORT, empty)
    with store.read() as unit:
        assert unit.reports.parts(ORIGIN.test_run) == [REPORT]
        assert unit.reports.parts(empty.origin.test_run) == [empty]
        assert unit.reports.parts("tests:none") == []


def test_a_report_is_kept_once(store: SqlStore) -> None:
    put(store, REPORT)
    with store.write() as unit:
        assert not unit.reports.put(replace(REPORT, cases=()))
        assert unit.reports.put(replace(REPORT, origin=replace(ORIGIN, source="github")))
    with store.read() as unit:
        assert unit.reports.parts(ORIGIN.test_run)[0] == REPORT


@pytest.mark.parametrize(
    "by",
    [
        {"commit": COMMIT},
        {"commit": COMMIT[:7].upper()},
        {"pipeline": "pipeline:jenkins:acme/churn:17"},
        {"branch": "main"},
        {"run": "calm-owl"},
        {"test_run": ORIGIN.test_run},
        {"model": "", "branch": "main"},
    ],
)
def test_a_report_is_found_by_what_it_names(store: SqlStore, by: dict[str, str]) -> None:
    other = a_report("r2", 1, branch="dev", commit="f" * 40, run="", model="churn/7")
    put(store, REPORT, other)
    with store.read() as unit:
        assert unit.reports.find(**by) == [Filed(ORIGIN, counted(CASES))]
        assert unit.reports.find(model="churn/7") == [Filed(other.origin, counted(CASES))]


def test_the_newest_are_found_first(store: SqlStore) -> None:
    put(store, *(a_report(str(number), number) for number in (2, 3, 1)))
    with store.read() as unit:
        assert [found.origin.id for found in unit.reports.find()] == ["3", "2", "1"]
        assert [found.origin.id for found in unit.reports.find(limit=1)] == ["3"]
        assert unit.reports.find(commit="7d3f1c") == []


def test_the_base_is_the_newest_run_of_a_branch_with_all_its_shards(store: SqlStore) -> None:
    shards = [
        a_report("a", 2, shards=2, pipeline_id="two"),
        a_report("b", 3, shards=2, shard=2, pipeline_id="two"),
    ]
    put(
        store,
        a_report("old", 1),
        *shards,
        a_report("half", 4, shards=2),
        a_report("some", 5, partial=True),
        a_report("dev", 6, branch="dev"),
        a_report("lint", 6, name="lint"),
        a_report("fraud", 6, repository="acme/fraud"),
        a_report("later", 9),
    )

    def base(minutes: int = 8, leave: str = "") -> list[str]:
        with store.read() as unit:
            found = unit.reports.last_complete("acme/churn", "tests", "main", NOW + minutes * MINUTE, leave)
        return [part.origin.id for part in found]

    assert base() == ["a", "b"]
    assert base(leave=shards[0].origin.test_run) == ["old"]
    assert base(3) == ["old"]
    assert base(1) == []


def test_a_long_name_is_left_out_like_a_short_one(store: SqlStore) -> None:
    name = "x" * 300
    long = a_report("long", 1, name=name)
    put(store, long)
    with store.read() as unit:
        later = NOW + 2 * MINUTE
        assert unit.reports.last_complete("acme/churn", name, "main", later) == [long]
        assert unit.reports.last_complete("acme/churn", name, "main", later, long.origin.test_run) == []


def test_history_is_of_the_wanted_cases_in_the_newest_runs(store: SqlStore) -> None:
    identity = CaseId("talk.Refund", "test_asks", "de")
    put(store, *(a_report(str(number), number) for number in range(4)), a_report("dev", 9, branch="dev"))
    with store.read() as unit:
        found = unit.reports.history(
            "acme/churn", "tests", ("main",), {identity, CaseId("", "gone")}, NOW + 3 * MINUTE, 2
        )
        wanted = [Past(NOW + minutes * MINUTE, COMMIT, CaseOutcome.FAILED, 0.25) for minutes in (1, 2)]
        assert found == {identity: wanted}
        assert unit.reports.history("acme/churn", "tests", ("main",), (), NOW) == {}
        both = unit.reports.history("acme/churn", "tests", ("main", "dev"), {identity}, NOW + DAY, 50)
        assert len(both[identity]) == 5


def test_the_last_of_a_branch_is_kept_for_a_year(store: SqlStore) -> None:
    put(store, a_report("1", 0), a_report("2", 1), a_report("other", 0, branch="dev"))
    with store.write() as unit:
        assert unit.reports.forget(NOW + DAY) == 1
        assert {found.origin.id for found in unit.reports.find()} == {"2", "other"}
        assert unit.reports.forget(NOW + 400 * DAY) == 2


def test_a_partial_report_does_not_push_out_the_last_whole_one(store: SqlStore) -> None:
    put(store, a_report("whole", 0), a_report("some", 1, partial=True))
    with store.write() as unit:
        unit.reports.forget(NOW + DAY)
        assert {found.origin.id for found in unit.reports.find()} == {"whole", "some"}


@pytest.mark.parametrize(
    ("parts", "complete"),
    [
        ([(1, 1)], True),
        ([(1, 2)], False),
        ([(1, 2), (2, 2)], True),
        ([(2, 2), (2, 2)], False),
        ([], False),
    ],
)
def test_a_run_is_complete_when_every_shard_came(parts: list[tuple[int, int]], complete: bool) -> None:
    origins = [replace(ORIGIN, shard=shard, shards=shards) for shard, shards in parts]
    assert all_shards(origins) is complete
    assert not all_shards(replace(origin, partial=True) for origin in origins)
