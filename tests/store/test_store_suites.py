"""What test runs changed is kept, and found again by test run and by pipeline."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.edges.store import SqlStore
from bot.facts.baselines import ModelVersion
from bot.facts.reports import Counts, Origin
from bot.facts.runs import RunRef
from bot.facts.suites import ChangedTest, Part, SuiteDiff

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
ORIGIN = Origin("report", "1", NOW, "conversations", "acme/churn", "main", provider="github", pipeline_id="77")
BROKE = ChangedTest("tests \0", "test_refund", "late \ud800", 3, 12, "AssertionError\nreply = 'Sure!'", True)
SLOW = ChangedTest("tests", "test_talk", seconds=(4.2, 1.1))
DIFF = SuiteDiff(
    ORIGIN,
    replace(ORIGIN, id="0"),
    Counts(passed=9, failed=3),
    newly_failing=Part(3, (BROKE,), 2),
    slower=Part(1, (SLOW,)),
)


def test_what_a_test_run_changed_comes_back_as_it_went(store: SqlStore) -> None:
    mended = replace(DIFF, newly_failing=Part(), base=None)
    with store.write() as unit:
        assert unit.suites.get([ORIGIN.test_run]) == {}
        unit.suites.put(DIFF)
        assert unit.suites.get([ORIGIN.test_run, "tests:none"]) == {ORIGIN.test_run: DIFF}
        unit.suites.put(mended)
        assert unit.suites.get([ORIGIN.test_run]) == {ORIGIN.test_run: mended}


def test_the_test_runs_of_a_pipeline_are_found_by_their_names(store: SqlStore) -> None:
    units = replace(DIFF, origin=replace(ORIGIN, name="a unit"))
    alone = replace(DIFF, origin=replace(ORIGIN, provider="", pipeline_id="", commit="f" * 40))
    with store.write() as unit:
        for one in (DIFF, units, alone):
            unit.suites.put(one)
        assert unit.suites.of_pipelines([ORIGIN.pipeline, "pipeline:none"]) == {
            ORIGIN.pipeline: [units, DIFF],
            "pipeline:none": [],
        }


def test_what_is_old_is_forgotten(store: SqlStore) -> None:
    with store.write() as unit:
        unit.suites.put(DIFF)
        assert unit.suites.forget(NOW) == 0
        assert unit.suites.forget(NOW + timedelta(seconds=1)) == 1
        assert unit.suites.get([ORIGIN.test_run]) == {}


def test_a_run_knows_the_model_versions_made_of_it(store: SqlStore) -> None:
    versions = [ModelVersion("churn", str(number), f"r{number % 2}") for number in (1, 2, 3)]
    with store.write() as unit:
        unit.models.put_versions("main", "churn", versions)
        assert unit.models.of_run(RunRef("main", "r1")) == [versions[2], versions[0]]
        assert unit.models.of_run(RunRef("eu", "r1")) == []
