"""Reports that were kept become what a test run changed, whatever order its parts came in."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

from bot.edges.store import SqlStore
from bot.facts.behaviour import BehaviourDiff
from bot.facts.reports import Case, CaseOutcome, Origin, Report
from bot.notify.ci.behaviour import behaviour

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
PASSED, FAILED = CaseOutcome.PASSED, CaseOutcome.FAILED
MAIN = Origin("report", "main", NOW, "tests", "acme/churn", "main", "", "a" * 40, "", "github", "1")
PULL = replace(
    MAIN, id="pull", at=NOW + MINUTE, branch="dev", target="main", commit="b" * 40, pipeline_id="2", shards=2
)


def report(origin: Origin, **outcomes: CaseOutcome) -> Report:
    return Report(origin, tuple(Case("talk", name, "", outcome, 0.1) for name, outcome in outcomes.items()))


def told(store: SqlStore, origin: Origin) -> BehaviourDiff | None:
    with store.read() as unit:
        return behaviour(unit, origin)


def test_nothing_is_told_of_what_is_not_kept(sqlite_store: SqlStore) -> None:
    assert told(sqlite_store, MAIN) is None


def test_a_branch_is_its_own_measure(sqlite_store: SqlStore) -> None:
    next_one = replace(MAIN, id="next", at=NOW + MINUTE, commit="c" * 40, pipeline_id="3")
    with sqlite_store.write() as unit:
        unit.reports.put(report(MAIN, asks=PASSED))
        unit.reports.put(report(next_one, asks=FAILED))
    diff = told(sqlite_store, next_one)
    assert diff is not None
    assert (diff.base, diff.worse) == (MAIN, True)
    alone = told(sqlite_store, MAIN)
    assert alone is not None
    assert (alone.base, alone.counts.passed) == (None, 1)


def test_a_pull_request_is_compared_with_its_target_in_any_order(sqlite_store: SqlStore) -> None:
    parts = (
        report(MAIN, asks=PASSED, ends=PASSED, waits=PASSED),
        report(PULL, asks=FAILED),
        report(replace(PULL, id="second", shard=2), ends=PASSED),
    )
    diffs = []
    for number, order in enumerate(permutations(parts)):
        name = f"tests {number}"
        with sqlite_store.write() as unit:
            for part in order:
                origin = replace(part.origin, id=f"{part.origin.id} {number}", name=name)
                unit.reports.put(replace(part, origin=origin))
        diff = told(sqlite_store, replace(PULL, name=name))
        assert diff is not None
        diffs.append(diff)
    for diff in diffs:
        assert [line.name for line in diff.newly_failing] == ["asks"]
        assert [line.name for line in diff.removed] == ["waits"]
        assert diff.complete


def test_one_shard_removes_nothing(sqlite_store: SqlStore) -> None:
    with sqlite_store.write() as unit:
        unit.reports.put(report(MAIN, asks=PASSED, ends=PASSED))
        unit.reports.put(report(PULL, asks=FAILED))
    diff = told(sqlite_store, PULL)
    assert diff is not None
    assert (diff.worse, diff.removed, diff.complete) == (True, (), False)


def test_a_second_rerun_that_mends_a_test_makes_it_flaky_and_one_does_not(sqlite_store: SqlStore) -> None:
    """The tests of two commits fail and pass when their pipelines are started again."""
    flaky = []
    with sqlite_store.write() as unit:
        unit.reports.put(report(MAIN, asks=PASSED))
    for number in (1, 2):
        first = replace(
            MAIN, id=f"{number}", at=NOW + number * MINUTE, commit=f"{number}" * 40, pipeline_id=f"{number}0"
        )
        again = replace(first, id=f"{number} again", at=first.at + MINUTE / 2, attempt=2, partial=True)
        with sqlite_store.write() as unit:
            unit.reports.put(report(first, asks=FAILED))
            unit.reports.put(report(again, asks=PASSED))
        diff = told(sqlite_store, again)
        assert diff is not None
        assert (diff.newly_failing, diff.counts.flaky) == ((), 1)
        flaky.append([line.name for line in diff.newly_flaky])
    assert flaky == [[], ["asks"]]
