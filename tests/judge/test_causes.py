"""One thing is only named as the cause where nothing else can have changed."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.facts.causes import (
    Causes,
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
from bot.facts.runs import Dataset, Run, Status
from bot.judge.causes import causes_of
from bot.settings import CiSettings

A, B, C = (letter * 40 for letter in "abc")
CI = CiSettings()


def run(commit: str = A, *, lr: str = "0.1", datasets: tuple[Dataset, ...] = (), **tags: str) -> Run:
    """A run at a commit of a repository; names of tags are written with "__" for "."."""
    git = {"mlflow.source.git.commit": commit, "mlflow.source.git.repoURL": "https://github.com/acme/churn"}
    own = {key.replace("__", "."): value for key, value in tags.items()}
    facts: dict[str, Any] = {
        "params": {"lr": lr},
        "tags": {**(git if commit else {}), **own},
        "datasets": datasets,
    }
    return Run("main", commit or "x", "1", "churn", f"run-{commit[:1] or 'x'}", Status.FINISHED, **facts)


def between(*paths: str, relation: Relation = Relation.AHEAD) -> CommitRange:
    return CommitRange(A, B, relation, (Commit(B, "Go on"),), 1, paths=paths)


def causes(now: Run, before: Run, evidence: Evidence | None = Evidence()) -> Causes:  # noqa: B008  it is frozen
    return causes_of(now, before, evidence, CI)


def test_only_lr_changed_when_only_lr_changed() -> None:
    found = causes(run(lr="0.01"), run())
    assert (found.only, found.certain) == (Part.PARAMS, True)
    assert found.params == (Changed("lr", "0.1", "0.01"),)


@pytest.mark.parametrize(
    ("now", "before", "evidence"),
    [
        (run(lr="0.01"), run(), None),
        (run("", lr="0.01"), run(""), Evidence()),
        (run(lr="0.01"), run(""), Evidence()),
        (run(lr="0.01", mlflow__source__git__dirty="true"), run(), Evidence()),
        (run(lr="0.01"), run(git_dirty="True"), Evidence()),
        (run("not a commit", lr="0.01"), run(), Evidence()),
        (run(lr="0.01"), run(), Evidence(unknown=(Unknown(Part.ENVIRONMENT, "the tracker is down"),))),
    ],
)
def test_what_is_not_known_is_never_passed_off_as_unchanged(
    now: Run, before: Run, evidence: Evidence | None
) -> None:
    found = causes(now, before, evidence)
    assert found.only is Part.PARAMS
    assert not found.certain


def test_seeds_stand_aside_where_anything_else_changed() -> None:
    now, before = (replace(one, params={**one.params, "seed": seed}) for one, seed in ((run(), "2"), (run(), "1")))
    alone = causes(now, before)
    assert (alone.only, alone.params, alone.aside) == (Part.PARAMS, (Changed("seed", "1", "2"),), ())
    data = replace(now, datasets=(Dataset("customers", "d2", "training"),))
    found = causes(data, replace(before, datasets=(Dataset("customers", "d1", "training"),)))
    assert (found.only, found.params, found.aside) == (Part.DATA, (), (Changed("seed", "1", "2"),))


def test_commits_are_one_thing() -> None:
    found = causes(run(B), run(), Evidence(code=between("train.py")))
    assert (found.only, found.certain, found.code.changed) == (Part.CODE, True, True)
    assert found.code.url == f"https://github.com/acme/churn/compare/{A}...{B}"


def test_commits_that_only_move_data_are_data() -> None:
    moved = (DataChanged("data/x.csv", DataVersion("1"), DataVersion("2")),)
    found = causes(run(B), run(), Evidence(code=between("data/x.csv.dvc", "dvc.lock"), data=moved))
    assert (found.only, found.certain, found.code.changed) == (Part.DATA, True, False)
    for commits in (
        between("data/x.csv.dvc", "a.py"),
        replace(between("dvc.lock"), paths_cut=True),
        between("dvc.lock", relation=Relation.UNRELATED),
        between(),
    ):
        assert causes(run(B), run(), Evidence(code=commits, data=moved)).only is None


def test_datasets_packages_images_and_notebooks_are_told() -> None:
    before = run(
        datasets=(Dataset("reviews", "d1", "train"),), mlflow__source__name="/a/01_fit.ipynb", image="x:1"
    )
    now = run(datasets=(Dataset("reviews", "d2", "train"),), mlflow__source__name="/b/02_fit.ipynb", image="x:2")
    found = causes(now, before, Evidence(packages=(Changed("torch", "2.1", "2.3"),)))
    assert found.data == (DataChanged("train", DataVersion("reviews d1"), DataVersion("reviews d2")),)
    assert found.environment == (Changed("image", "x:1", "x:2"), Changed("torch", "2.1", "2.3"))
    assert found.notebook == Changed("notebook", "01_fit.ipynb", "02_fit.ipynb")
    assert found.count == 4
    assert found.unrecorded == ()


def test_a_notebook_that_moved_or_a_script_is_no_other_notebook() -> None:
    found = causes(run(mlflow__source__name="/a/train.py"), run(mlflow__source__name="/b/train.py"))
    assert found.notebook is None
    found = causes(run(mlflow__source__name="/a/x.ipynb"), run(mlflow__source__name="/b/x.ipynb"))
    assert found.notebook is None


@pytest.mark.parametrize("tag", ["dvc.data.train", "dvc_md5", "data_version", "dataset.hash"])
def test_a_runs_own_words_for_its_data_are_data(tag: str) -> None:
    found = causes(run(**{tag: "v2"}), run(**{tag: "v1"}))
    assert found.data == (DataChanged(tag, DataVersion("v1"), DataVersion("v2")),)
    assert Part.DATA not in found.unrecorded


def test_data_that_only_one_run_tells_of_is_not_known_to_have_changed() -> None:
    found = causes(run(dvc__raw="v1", lr="0.01"), run())
    assert (found.data, found.certain) == ((), False)
    assert Unknown(Part.DATA, "run-a recorded no data version") in found.unknown
    assert causes(run(dvc__raw="v1"), run(), Evidence(data=())).unknown == ()


def test_what_neither_run_recorded_is_named() -> None:
    assert causes(run(""), run("")).unrecorded == (Part.CODE, Part.DATA, Part.ENVIRONMENT)
    assert causes(run(), run()).unrecorded == (Part.DATA, Part.ENVIRONMENT)
    assert causes(run(), run(), Evidence(data=(), packages=())).unrecorded == ()
    assert causes(run(), run(), None).unrecorded == ()
    limited = Evidence(unknown=(Unknown(Part.CODE, "no token"),))
    assert causes(run(B), run(), limited).unrecorded == (Part.ENVIRONMENT,)


def test_evidence_of_other_commits_counts_for_nothing() -> None:
    found = causes(run(C), run(), Evidence(code=between("train.py")))
    assert found.code.commits is None
    assert not found.looked


LRS = st.sampled_from(["0.1", "0.01"])


@given(LRS, LRS, st.sampled_from([A, B, ""]), st.booleans(), st.sampled_from([(), (Changed("torch", "1", "2"),)]))
def test_the_only_thing_is_the_only_one(
    lr: str, other: str, commit: str, dirty: bool, packages: tuple[Changed, ...]
) -> None:
    now = run(commit, lr=lr, **({"git_dirty": "true"} if dirty else {}))
    found = causes(now, run(lr=other), Evidence(between("a.py") if commit == B else None, None, packages))
    changed = [lr != other, commit == B, bool(packages)]
    assert (found.only is not None) == (sum(changed) == 1)
    assert found.certain == (commit != "" and not dirty)
