"""Runs are found by what people know of them, and by what following asks for."""

from bot.edges.store import SqlStore
from bot.facts.runs import COMMIT_TAG, Metric, Status
from tests.store.examples import MINUTE, NOW, a_run, put


def test_runs_are_found_by_the_beginning_of_their_id(store: SqlStore) -> None:
    put(store, a_run("ab%1"), a_run("abc", started=NOW + MINUTE), a_run("ABC"), a_run("b"))
    with store.read() as unit:
        assert [run.run_id for run in unit.runs.by_prefix("ab")] == ["abc", "ab%1"]
        assert [run.run_id for run in unit.runs.by_prefix("ab%")] == ["ab%1"]
        assert [run.run_id for run in unit.runs.by_prefix("ab", limit=1)] == ["abc"]


def test_runs_are_found_by_their_name_in_any_case(store: SqlStore) -> None:
    put(
        store,
        a_run("a", name="Größe-ÄÖ"),
        a_run("b", name="größe-äö", started=NOW + MINUTE),
        a_run("c", name="Gr"),
    )
    with store.read() as unit:
        assert [run.run_id for run in unit.runs.by_name("GRÖSSE-äÖ")] == ["b", "a"]
        assert unit.runs.recent_names() == ["größe-äö", "Größe-ÄÖ", "Gr"]
        assert unit.runs.recent_names(limit=1) == ["größe-äö"]


def test_runs_are_found_by_long_and_short_commits(store: SqlStore) -> None:
    commit = "0123456789abcdef0123456789abcdef01234567"
    put(store, a_run("a", tags={COMMIT_TAG: commit}), a_run("b", tags={COMMIT_TAG: commit[:8]}))
    put(store, a_run("c", tags={COMMIT_TAG: "0123456" + "f" * 33}), a_run("d"))
    with store.read() as unit:
        assert [run.run_id for run in unit.runs.by_commit(commit.upper())] == ["a", "b"]
        assert [run.run_id for run in unit.runs.by_commit("0123456")] == ["a", "b", "c"]
        assert unit.runs.by_commit("012345") == []


def test_open_runs_are_those_that_run_or_are_scheduled(store: SqlStore) -> None:
    put(store, a_run("a", status=Status.RUNNING), a_run("b", status=Status.SCHEDULED), a_run("c"))
    put(store, a_run("d", status=Status.RUNNING, deleted=True), a_run("e", status=Status.RUNNING, tracker="o"))
    with store.read() as unit:
        assert unit.runs.open_ids("main") == {"a", "b"}


def test_runs_that_were_open_for_long_can_be_left_out(store: SqlStore) -> None:
    put(
        store,
        a_run("new", status=Status.RUNNING, started=NOW),
        a_run("unknown", status=Status.RUNNING, started=None),
    )
    put(store, a_run("old", status=Status.RUNNING, started=NOW - 2 * MINUTE))
    with store.read() as unit:
        assert unit.runs.open_ids("main", NOW - MINUTE) == {"new", "unknown"}


def test_silent_runs_gave_no_sign_since(store: SqlStore) -> None:
    long_ago = NOW - 60 * MINUTE
    running = {"status": Status.RUNNING, "started": long_ago}
    put(
        store,
        a_run("a", **running),
        a_run("b", **running, metrics={"auc": Metric(1, 0, NOW)}),
        a_run("c", **running, stalled=True),
        a_run("d", started=long_ago),
        a_run("e", status=Status.RUNNING, started=long_ago - MINUTE),
        a_run("f", status=Status.RUNNING, started=None),
    )
    with store.read() as unit:
        assert [run.run_id for run in unit.runs.silent("main", NOW)] == ["e", "a"]
        assert [run.run_id for run in unit.runs.silent("main", NOW, limit=1)] == ["e"]
        assert unit.runs.silent("main", long_ago - MINUTE) == []
        assert [run.run_id for run in unit.runs.silent("main", NOW + MINUTE)] == ["e", "a", "b", "f"]
