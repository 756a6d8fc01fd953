"""RUN is found however people name it."""

import pytest

from bot.facts.runs import Run
from bot.find.reference import reference_of
from bot.find.run import Candidates, Missing, find_run
from bot.find.scope import NoExperiment, Scope, named
from tests.commands.desk import Desk, a_run

ONE = a_run("calm-owl-1", run_id="3f9a2b" + "0" * 26, minutes_ago=30)
TWO = a_run("Jo’s – run", run_id="3f9a77" + "1" * 26, minutes_ago=20)
HEX = a_run("beef", run_id="c0ffee" + "2" * 26, minutes_ago=10, experiment="nlp-intents")
ID = ONE.run_id


def found(desk: Desk, typed: str, channel: Scope | None = None) -> Run | Candidates | Missing:
    desk.know(ONE, TWO, HEX)
    with desk.store.read() as unit:
        return find_run(unit, typed, channel)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        (ID, "calm-owl-1"),
        (ID.upper(), "calm-owl-1"),
        ("3f9a2", "calm-owl-1"),
        (" calm-owl-1 ", "calm-owl-1"),
        ("jo's - run", "Jo’s – run"),
        ("beef", "beef"),
        ("latest", "beef"),
        ("LATEST", "beef"),
        ("latest churn-weekly", "Jo’s – run"),
        ("latest:churn*", "Jo’s – run"),
        (f"https://ml.example.com/#/experiments/1/runs/{ID}", "calm-owl-1"),
        (f"https://ml.example.com/#/experiments/1/runs/{ID}/artifacts?x=1", "calm-owl-1"),
        (f"https://ml.example.com/mlflow/#/workspaces/a/experiments/1/runs/{ID}", "calm-owl-1"),
        (f"https://x.databricks.com/ml/experiments/12/runs/{ID}?o=12", "calm-owl-1"),
        (f"runs:/{ID}/model", "calm-owl-1"),
    ],
)
def test_one_run_is_meant(desk: Desk, typed: str, name: str) -> None:
    run = found(desk, typed)
    assert isinstance(run, Run)
    assert run.name == name


def test_latest_looks_into_the_channels_experiments(desk: Desk) -> None:
    run = found(desk, "latest", Scope(("churn-*",), channel=True))
    assert isinstance(run, Run)
    assert run.name == TWO.name


@pytest.mark.parametrize(
    "typed",
    [
        "3f9a",
        f'https://ml.example.com/#/compare-runs?runs=["{ONE.run_id}","{TWO.run_id}"]&experiments=["1"]',
        f"https://ml.example.com/#/compare-runs?runs=[%22{ONE.run_id}%22,%22{TWO.run_id}%22]",
    ],
)
def test_several_runs_may_be_meant(desk: Desk, typed: str) -> None:
    doubt = found(desk, typed)
    assert isinstance(doubt, Candidates)
    assert {run.ref for run in doubt.runs} == {ONE.ref, TWO.ref}
    assert not doubt.more


@pytest.mark.parametrize(
    ("typed", "sentence", "near"),
    [
        ("clam-owl-1", "no run has that name", ("calm-owl-1",)),
        ("zzzz", "no run has that name", ()),
        ("3f9", "no run has that name", ()),
        ("https://ml.example.com/#/experiments/1", "names no run", ()),
        ("https://ml.example.com/#/experiments/1/runs/dead", "no run with the id dead", ()),
        ("latest chrun-weekly", "no experiment is called", ("latest churn-weekly",)),
    ],
)
def test_what_means_no_run_is_said_why(desk: Desk, typed: str, sentence: str, near: tuple[str, ...]) -> None:
    missing = found(desk, typed)
    assert isinstance(missing, Missing)
    assert sentence in missing.sentence
    assert missing.near[:1] == near


def test_latest_of_nothing_is_said(desk: Desk) -> None:
    with desk.store.read() as unit:
        assert isinstance(find_run(unit, "latest"), Missing)


@pytest.mark.parametrize("typed", ["[", "*", "a[b", "%", "_", "'; --", "\x00", "🦉", "runs:/", "://", "latest:"])
def test_strange_texts_find_nothing_and_break_nothing(desk: Desk, typed: str) -> None:
    assert not isinstance(found(desk, typed), Run)


@pytest.mark.parametrize(
    ("typed", "globs"),
    [
        ("churn-weekly", ("churn-weekly",)),
        ("CHURN-weekly", ("churn-weekly",)),
        ("churn", ("churn-weekly",)),
        ("churn*", ("churn-weekly",)),
        ("n", ("churn-weekly", "nlp-intents")),
        ("*", ()),
    ],
)
def test_an_experiment_is_named_in_part_or_by_pattern(desk: Desk, typed: str, globs: tuple[str, ...]) -> None:
    desk.know(ONE, HEX)
    with desk.store.read() as unit:
        scope = named(unit, typed)
    assert isinstance(scope, Scope)
    assert sorted(scope.globs) == sorted(globs)


def test_a_name_with_the_marks_of_a_pattern_is_taken_literally(desk: Desk) -> None:
    odd, even = a_run("odd", experiment="a[1]*"), a_run("even", experiment="a1")
    desk.know(odd, even)
    with desk.store.read() as unit:
        scope = named(unit, "a[1]*")
        run = find_run(unit, "latest a[1]*")
    assert isinstance(scope, Scope)
    assert isinstance(run, Run)
    assert run.name == "odd"


def test_an_experiment_nobody_knows_is_said(desk: Desk) -> None:
    desk.know(ONE)
    with desk.store.read() as unit:
        assert named(unit, "zebra") == NoExperiment("zebra", ())


def test_only_runs_before_it_are_a_runs_reference(desk: Desk) -> None:
    desk.know(ONE, TWO)
    with desk.store.read() as unit:
        before = reference_of(unit, desk.settings, TWO)
        assert before is not None
        assert before.run.ref == ONE.ref
        assert reference_of(unit, desk.settings, ONE) is None
