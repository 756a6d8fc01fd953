"""Comparable runs are found without reading whole runs; verdicts, regressions, rulings come back as they went."""

import math
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.edges.store import SqlStore
from bot.facts.incidents import Act, Incident, Judged, Lineage, Phase, Ruling
from bot.facts.runs import BRANCH_TAG, Metric, Run, RunRef, Status
from bot.facts.verdicts import Method, MetricVerdict, Noise, RunVerdict, Shift, Stage, Word
from bot.judge.baseline import DEFAULT, comparable_by, moment
from bot.judge.lineage import lineage_key
from tests.store.examples import MINUTE, NOW, a_run, put

LATER = (NOW + timedelta(days=9), "")
SEEDED = {"lr": "0.1", "seed": "1"}


def trained(run_id: str, auc: float = 0.9, minutes: int = 0, **more: object) -> Run:
    fields = {"params": SEEDED, "metrics": {"auc": Metric(auc)}, "started": NOW + minutes * MINUTE}
    return a_run(run_id, **(fields | more))


def lineage(run: Run, *rules: str) -> Lineage:
    return Lineage(run.tracker, run.experiment_id, lineage_key(run, rules or DEFAULT))


def found(store: SqlStore, of: Lineage, metric: str = "auc", until: tuple = LATER, **more: object) -> list[str]:
    with store.read() as unit:
        points = unit.histories.points(of, [metric], until, **{"limit": 100, **more})
    return [point.run.run_id for point in points.get(metric, ())]


def test_runs_with_the_same_params_but_for_seeds_are_found_oldest_first(store: SqlStore) -> None:
    run = trained("c", minutes=3)
    put(
        store,
        run,
        trained("b", minutes=2, params={**SEEDED, "seed": "2"}),
        trained("a", minutes=1),
        trained("other-params", params={"lr": "0.2"}),
        trained("other-experiment", experiment_id="2"),
        trained("failed", status=Status.FAILED),
        trained("deleted", deleted=True),
        trained("unmeasured", metrics={}),
    )
    assert found(store, lineage(run)) == ["a", "b", "c"]
    assert found(store, lineage(run), until=moment(run), limit=2) == ["b", "c"]
    assert found(store, lineage(run), leave={"b"}) == ["a", "c"]
    with store.read() as unit:
        assert unit.histories.before(lineage(run), moment(run)) == RunRef("main", "b")
        assert unit.histories.before(lineage(run), moment(run), leave=["b", "a"]) is None


def test_of_runs_that_began_at_once_the_id_tells_the_order(store: SqlStore) -> None:
    put(store, trained("b"), trained("c"), trained("a"))
    assert found(store, lineage(trained("b")), until=moment(trained("b"))) == ["a", "b"]


def test_tags_and_branches_make_lineages_too(store: SqlStore) -> None:
    main = [trained(str(n), params={"lr": str(n)}, tags={BRANCH_TAG: "main"}) for n in range(3)]
    put(store, *main, trained("x", tags={BRANCH_TAG: "try"}), trained("y", tags={"team": "nlp", "branch": "main"}))
    assert found(store, lineage(main[0], "branch:main", *DEFAULT)) == ["0", "1", "2", "y"]
    assert found(store, lineage(trained("y", tags={"team": "nlp"}), "tag:team=nlp")) == ["y"]


def test_what_is_no_number_is_a_point_and_what_is_missing_is_none(store: SqlStore) -> None:
    run = trained("a")
    put(store, run, trained("b", math.nan), trained("c", math.inf), trained("d", metrics={"loss": Metric(1)}))
    with store.read() as unit:
        points = unit.histories.points(lineage(run), ["auc", "nowhere"], LATER, limit=10)
    assert [repr(point.value) for point in points["auc"]] == ["0.9", "nan", "inf"]
    assert set(points) == {"auc"}
    assert len({point.group for point in points["auc"]}) == 1, "they are replicates"


NAMES = st.sampled_from(["lr", "seed", "model__random_state", "output_dir"])
PARAMS = st.dictionaries(NAMES, st.sampled_from("12"), min_size=1)


@given(one=PARAMS, other=PARAMS, branch=st.sampled_from(["main", "try"]))
def test_the_index_calls_those_a_lineage_that_are_comparable(
    one: dict[str, str], other: dict[str, str], branch: str
) -> None:
    first = a_run("a", params=one, tags={"branch": "main"})
    second = a_run("b", params=other, tags={"branch": branch})
    for rules in (DEFAULT, ("branch:main",), ("replicates",)):
        keys = [lineage_key(run, rules) for run in (first, second)]
        assert (keys[0] == keys[1] != "") == bool(comparable_by(first, second, rules))


VERDICT = MetricVerdict(
    metric="auc",
    word=Word.REGRESSED,
    value=math.nan,
    expected=0.9,
    better="higher",
    stage=Stage.CONFIRMED,
    noise=Noise(Method.REPLICATES, 0.004, 9),
    since=RunRef("main", "a"),
    one_seed=True,
    rule="−0.1, noise ±0.004",
)
LINEAGE = Lineage("main", "1", "params:x")


def judged(run_id: str, minutes: int = 0, word: Word = Word.REGRESSED) -> Judged:
    bare = MetricVerdict("loss", Word.NEW, None, None)
    verdict = RunVerdict(RunRef("main", run_id), word, Stage.SUSPECTED, (VERDICT, bare))
    standing = {"auc": Shift(RunRef("main", "a"), 0.9, Word.REGRESSED)}
    return Judged(LINEAGE, NOW + minutes * MINUTE, verdict, 9, standing)


def test_a_verdict_comes_back_as_it_went(store: SqlStore) -> None:
    one = judged("a")
    with store.write() as unit:
        assert unit.verdicts.put(one) is True
        assert unit.verdicts.put(one) is False, "NaN is equal to itself"
        assert repr(unit.verdicts.of([one.run, RunRef("main", "b")])) == repr({one.run: one})
        assert unit.verdicts.words([one.run]) == {one.run: (Word.REGRESSED, Stage.SUSPECTED)}
        assert unit.verdicts.put(replace(one, before=10)) is True
        unit.verdicts.drop(one.run)
        assert unit.verdicts.of([one.run]) == {}


def test_the_verdicts_of_a_lineage_stand_in_its_order(store: SqlStore) -> None:
    with store.write() as unit:
        for one in (judged("c", 2), judged("a"), judged("b"), judged("d", 3)):
            unit.verdicts.put(one)
        unit.verdicts.put(replace(judged("x", 1), lineage=replace(LINEAGE, key="params:y")))

        def ids(found: list[Judged]) -> list[str]:
            return [one.run.run_id for one in found]

        assert ids(unit.verdicts.newest(LINEAGE, 9)) == ["a", "b", "c", "d"]
        assert ids(unit.verdicts.newest(LINEAGE, 2)) == ["c", "d"]
        assert ids(unit.verdicts.newest(LINEAGE, 9, after=(NOW, "a"))) == ["b", "c", "d"]
        before = unit.verdicts.before(LINEAGE, (NOW + 2 * MINUTE, "c"))
        assert before is not None and before.run.run_id == "b"
        assert unit.verdicts.before(LINEAGE, (NOW, "a")) is None


def incident(metric: str = "auc", home: str = "a", phase: Phase = Phase.SUSPECTED) -> Incident:
    return Incident(LINEAGE, metric, RunRef("main", home), phase, RunRef("main", home), RunRef("main", "b"), NOW)


def test_incidents_are_kept_found_at_home_and_forgotten(store: SqlStore) -> None:
    with store.write() as unit:
        first, second = unit.incidents.put(incident()), unit.incidents.put(incident("loss", "c"))
        assert first.id != second.id
        confirmed = unit.incidents.put(replace(first, phase=Phase.CONFIRMED, alarmed=True))
        assert unit.incidents.get(first.id) == confirmed
        assert unit.incidents.of_lineage(LINEAGE) == [confirmed, second]
        assert unit.incidents.at_home([RunRef("main", "c"), RunRef("main", "nobody")]) == [second]
        over = unit.incidents.put(replace(second, phase=Phase.RECOVERED))
        assert unit.incidents.since(NOW) == [confirmed, over]
        assert unit.incidents.since(NOW + MINUTE) == [confirmed], "what is open counts however old it is"
        unit.incidents.drop(first.id)
        assert unit.incidents.get(first.id) is None


@pytest.mark.parametrize("act", Act)
def test_a_ruling_is_kept_once_and_taken_back(store: SqlStore, act: Act) -> None:
    ruling = Ruling(act, "main", "1", "U1", NOW, "params:x", "auc", "a", NOW - MINUTE, "on purpose")
    with store.write() as unit:
        assert unit.rulings.put(ruling) is True
        assert unit.rulings.put(replace(ruling, who="U2")) is False
        (kept,) = unit.rulings.of_experiment("main", "1")
        assert replace(kept, id=0) == ruling
        assert unit.rulings.get(kept.id) == kept
        unit.rulings.drop(kept.id)
        assert unit.rulings.get(kept.id) is None
        assert unit.rulings.of_experiment("main", "1") == []
