"""The index of runs returns what it was given, and finds what was asked for."""

from dataclasses import replace
from datetime import datetime
from math import inf, isnan, nan

import pytest

from bot.edges.store import SqlStore
from bot.facts.runs import OWNER_TAG, PARENT_TAG, Dataset, Experiment, Metric, RunRef, Status
from bot.ports.index import Known, RunQuery
from tests.store.examples import MINUTE, NOW, a_run, put


def find(store: SqlStore, query: RunQuery) -> list[str]:
    with store.read() as unit:
        found = [run.run_id for run in unit.runs.find(query)]
        if query.limit >= 10 and not query.offset:
            assert unit.runs.count(query, len(found) + 1) == len(found)
    return found


def test_a_run_comes_back_as_it_went(store: SqlStore) -> None:
    run = a_run(
        ended=NOW + MINUTE,
        url="https://mlflow.example.com/#/runs/r1",
        artifact_uri="s3://b/r1",
        params={"lr": "0.1", "": "empty"},
        metrics={"auc": Metric(0.1 + 0.2, 7, NOW), "up": Metric(inf), "down": Metric(-inf, -1)},
        tags={"mlflow.note.content": "# Übersicht\n", PARENT_TAG: "p"},
        datasets=(Dataset("train", "abcd", "train"), Dataset("", "")),
        stalled=True,
    )
    known = Known(run, NOW, NOW - MINUTE, generation=3, gone=False)
    with store.write() as unit:
        unit.runs.put([known])
        assert unit.runs.get([run.ref, RunRef("main", "none")]) == {run.ref: known}


def test_nan_comes_back_as_nan_and_no_condition_finds_it(store: SqlStore) -> None:
    put(store, a_run(metrics={"loss": Metric(nan)}))
    with store.read() as unit:
        (run,) = unit.runs.find(RunQuery())
    assert isnan(run.metrics["loss"].value)


def test_hostile_texts_come_back_as_they_went(store: SqlStore) -> None:
    bad = "nul \0 lone \ud800 𝄞" + "x" * 50_000
    run = a_run(name=bad, params={bad: bad, bad + "y": "2"}, tags={bad: bad}, metrics={bad: Metric(1)})
    put(store, run)
    with store.read() as unit:
        assert unit.runs.find(RunQuery()) == [run]
        assert unit.runs.by_name(bad) == [run]
        assert unit.runs.by_name(bad[:-1]) == []
        assert unit.runs.find(RunQuery(words=("lone",))) == [run]


def test_times_of_other_zones_are_the_same_moment(store: SqlStore) -> None:
    eastern = NOW.astimezone(datetime.strptime("+0530", "%z").tzinfo)
    put(store, a_run(started=eastern))
    with store.read() as unit:
        assert unit.runs.find(RunQuery())[0].started == NOW


def test_a_time_without_a_zone_is_refused(store: SqlStore) -> None:
    with pytest.raises(ValueError, match="no time zone"):
        put(store, a_run(started=NOW.replace(tzinfo=None)))


def test_a_newer_snapshot_replaces_an_older_one_and_never_the_other_way(store: SqlStore) -> None:
    put(store, a_run(status=Status.RUNNING, params={"a": "1"}, metrics={"auc": Metric(0.5)}))
    put(store, a_run(params={"b": "2"}), read_at=NOW + MINUTE)
    put(store, a_run(status=Status.FAILED), read_at=NOW)
    with store.read() as unit:
        (known,) = unit.runs.get([RunRef("main", "r1")]).values()
    assert (known.run.status, known.run.params, known.read_at) == (Status.FINISHED, {"b": "2"}, NOW + MINUTE)
    assert known.first_seen == NOW
    assert find(store, RunQuery(words=("b=2",))) == ["r1"]
    assert find(store, RunQuery(words=("a=1",))) == []


def test_of_two_snapshots_put_at_once_the_newer_stays(store: SqlStore) -> None:
    with store.write() as unit:
        newer = Known(a_run(status=Status.FAILED), NOW + MINUTE, NOW)
        unit.runs.put([newer, Known(a_run(status=Status.RUNNING), NOW, NOW)])
        assert unit.runs.get([newer.run.ref])[newer.run.ref].run.status is Status.FAILED


def test_an_unchanged_run_is_not_written_again(store: SqlStore) -> None:
    put(store, a_run())
    put(store, a_run(), read_at=NOW + MINUTE)
    with store.read() as unit:
        assert unit.runs.get([RunRef("main", "r1")])[RunRef("main", "r1")].read_at == NOW


def test_many_runs_are_kept_at_once(store: SqlStore) -> None:
    runs = [a_run(f"r{number:04}", params={"n": str(number)}) for number in range(1200)]
    put(store, *runs)
    with store.read() as unit:
        assert len(unit.runs.get([run.ref for run in runs])) == 1200
        assert unit.runs.count(RunQuery(statuses=frozenset({Status.FINISHED})), 2000) == 1200
    put(store, *(replace(run, status=Status.FAILED) for run in runs), read_at=NOW + MINUTE)
    with store.read() as unit:
        assert unit.runs.count(RunQuery(statuses=frozenset({Status.FAILED})), 2000) == 1200


def test_the_newest_start_comes_first_then_the_run_id_and_unknown_starts_last(store: SqlStore) -> None:
    put(store, a_run("b"), a_run("a"), a_run("c", started=NOW + MINUTE), a_run("d", started=None))
    assert find(store, RunQuery()) == ["c", "a", "b", "d"]
    assert find(store, RunQuery(limit=2)) == ["c", "a"]
    assert find(store, RunQuery(limit=2, offset=1)) == ["a", "b"]
    assert find(store, RunQuery(since=NOW)) == ["c", "a", "b"]
    assert find(store, RunQuery(since=NOW, until=NOW + MINUTE)) == ["a", "b"]


def test_ends_are_bounded_from_and_not_including(store: SqlStore) -> None:
    put(store, a_run("a", ended=NOW), a_run("b", ended=NOW + MINUTE), a_run("c"))
    assert find(store, RunQuery(ended_since=NOW)) == ["a", "b"]
    assert find(store, RunQuery(ended_since=NOW, ended_until=NOW + MINUTE)) == ["a"]
    assert find(store, RunQuery(ended_since=NOW, experiments=("churn",))) == ["a", "b"]


def test_experiments_are_named_by_globs(store: SqlStore) -> None:
    put(store, a_run("a"), a_run("b", experiment_id="2", experiment="churn-eu"))
    put(store, a_run("c", experiment_id="3", experiment="Fraud"), a_run("d", tracker="other"))
    assert find(store, RunQuery(experiments=("churn",))) == ["a", "d"]
    assert find(store, RunQuery(experiments=("churn*",))) == ["a", "b", "d"]
    assert find(store, RunQuery(experiments=("fraud", "*-eu"))) == ["b"]
    assert find(store, RunQuery(experiments=("*",), tracker="other")) == ["d"]
    assert find(store, RunQuery(experiments=("nothing",))) == []


def test_runs_of_a_renamed_experiment_follow(store: SqlStore) -> None:
    put(store, a_run("a"))
    renamed = Experiment("main", "1", "retention", tags={"team": "growth"})
    with store.write() as unit:
        unit.runs.put_experiments([renamed, Experiment("main", "2", "empty", deleted=True)])
        assert unit.runs.experiments("main") == [Experiment("main", "2", "empty", deleted=True), renamed]
        assert unit.runs.experiments("other") == []
    assert find(store, RunQuery(experiments=("retention",))) == ["a"]
    assert find(store, RunQuery(experiments=("churn",))) == []
    with store.read() as unit:
        assert unit.runs.find(RunQuery())[0].experiment == "retention"


def test_plain_attributes_narrow_a_search(store: SqlStore) -> None:
    put(
        store,
        a_run("a", tags={OWNER_TAG: "mira"}, metrics={"auc": Metric(1)}),
        a_run("b", tags={OWNER_TAG: "jonas", PARENT_TAG: "a"}, status=Status.FAILED),
        a_run("c", stalled=True, status=Status.RUNNING),
    )
    assert find(store, RunQuery(owners=("mira",))) == ["a"]
    assert find(store, RunQuery(owners=("mira", "jonas"))) == ["a", "b"]
    assert find(store, RunQuery(statuses=frozenset({Status.FAILED, Status.RUNNING}))) == ["b", "c"]
    assert find(store, RunQuery(stalled=True)) == ["c"]
    assert find(store, RunQuery(stalled=False)) == ["a", "b"]
    assert find(store, RunQuery(top_level=True)) == ["a", "c"]
    assert find(store, RunQuery(parent=RunRef("main", "a"))) == ["b"]
    assert find(store, RunQuery(parent=RunRef("other", "a"))) == []
    assert find(store, RunQuery(has_metrics=True)) == ["a"]
    assert find(store, RunQuery(has_metrics=False)) == ["b", "c"]
    assert find(store, RunQuery(statuses=frozenset({Status.FAILED}), owners=("mira",))) == []


def test_runs_are_counted_up_to_a_number_whatever_the_limit(store: SqlStore) -> None:
    put(store, a_run("a"), a_run("b"), a_run("c", status=Status.KILLED))
    with store.read() as unit:
        assert unit.runs.count(RunQuery(limit=1, offset=5), 10) == 3
        assert unit.runs.count(RunQuery(), 2) == 2
        assert unit.runs.count(RunQuery(owners=("nobody",)), 10) == 0
        runs, total = unit.runs.page(RunQuery(limit=2, offset=1), 10)
        assert (len(runs), total) == (2, 3)
        assert unit.runs.page(RunQuery(limit=2), 2)[1] == 2
        assert unit.runs.page(RunQuery(offset=3), 10) == ([], 0)


def test_deleted_and_gone_runs_are_not_found_but_known(store: SqlStore) -> None:
    with store.write() as unit:
        gone = Known(a_run("ffb"), NOW, NOW, gone=True)
        unit.runs.put([Known(a_run("ffa", deleted=True), NOW, NOW), gone, Known(a_run("ffc"), NOW, NOW)])
        assert [run.run_id for run in unit.runs.find(RunQuery())] == ["ffc"]
        assert [run.run_id for run in unit.runs.by_prefix("ff")] == ["ffa", "ffc"]
        assert unit.runs.by_name("run-ffa") == []
        assert unit.runs.ids("main", deleted=True) == {"ffa"}
        assert unit.runs.ids("main", deleted=False) == {"ffc"}
        assert unit.runs.ids("other", deleted=False) == frozenset()
        assert unit.runs.get([gone.run.ref]) == {gone.run.ref: gone}
