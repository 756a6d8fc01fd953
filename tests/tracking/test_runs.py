"""Scripts get their tags by installing the package alone, in little time, whatever is broken around them."""

import json
import os
import shutil
from pathlib import Path

import pytest

from bot.facts.runs import BRANCH_TAG, CI_TAG, COMMIT_TAG, DIRTY_TAG
from rundown_tracking.git import BRANCH, COMMIT, DIRTY
from rundown_tracking.telling import SOURCES, Telling
from sandbox.mlflow_server import MlflowServer
from tests.servers.mlflow import MlflowHand
from tests.tracking.places import git, repository
from tests.tracking.scripts import TRAIN, run, tell
from tests.tracking.test_dvc import ONE, POINTER

GITHUB = {
    "GITHUB_ACTIONS": "true",
    "GITHUB_SERVER_URL": "https://github.com",
    "GITHUB_REPOSITORY": "acme/churn",
    "GITHUB_RUN_ID": "17",
    "GITHUB_HEAD_REF": "dev",
}
PAGE = "https://github.com/acme/churn/actions/runs/17"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A repository with data."""
    files = {"src/train.py": "", ".gitignore": "tell.py\n", "data/raw.dvc": POINTER.format(md5=ONE, path="raw")}
    return repository(tmp_path / "churn", files)


@pytest.mark.servers
def test_a_real_run_is_tagged_without_a_line_of_code(
    project: Path, mlflow_server: MlflowServer, mlflow_hand: MlflowHand
) -> None:
    experiment = mlflow_hand.create_experiment("tracking")
    script = project / "src/train.py"
    script.write_text(TRAIN.replace("EXPERIMENT", repr(experiment)))
    env = {"MLFLOW_TRACKING_URI": mlflow_server.url, "RUNDOWN_IMAGE": "acme/train:7", **GITHUB}
    tags = run(script, env)
    assert tags[COMMIT_TAG] == git(project, "rev-parse", "HEAD")
    assert (tags[BRANCH_TAG], tags[DIRTY_TAG]) == ("main", "true")
    assert tags["dvc.data/raw"] == ONE
    assert tags["mlflow.docker.image.uri"] == "acme/train:7"
    assert tags[CI_TAG] == "https://ci.example.com/mine", "a person's own tag wins"
    assert tags["mlflow.source.name"] == str(script), "MLflow's own stays"


def test_all_sources_speak_and_each_can_be_switched_off(project: Path) -> None:
    env = {**GITHUB, "RUNDOWN_IMAGE": "acme/train:7"}
    everything, _ = tell(project, env)
    assert {COMMIT, BRANCH, DIRTY, "dvc.data/raw", "ci.url", "mlflow.docker.image.uri"} == set(everything)
    assert (everything[BRANCH], everything["ci.url"]) == ("main", PAGE)
    assert tell(project, {**env, "RUNDOWN_TRACKING_OFF": "all"})[0] == {}
    for off, gone in {
        "dvc": "dvc.data/raw",
        "git": COMMIT,
        "ci": "ci.url",
        "image": "mlflow.docker.image.uri",
    }.items():
        left, _ = tell(project, {**env, "RUNDOWN_TRACKING_OFF": f" {off.upper()} ,nothing"})
        assert gone not in left
        assert left.items() <= {**everything, BRANCH: left.get(BRANCH, "")}.items()
    assert tell(project, {**env, "RUNDOWN_TRACKING_OFF": ",".join(SOURCES)})[0] == {}


def test_a_commit_that_ci_checked_out_has_the_branch_that_ci_names(project: Path) -> None:
    git(project, "checkout", "--quiet", "--detach")
    told, _ = tell(project, GITHUB)
    assert (told[BRANCH], told[DIRTY]) == ("dev", "false")


def test_an_installed_program_is_told_of_the_working_directory(project: Path, tmp_path: Path) -> None:
    told, _ = tell(tmp_path, cwd=project)
    assert COMMIT not in told, "the script's folder counts"
    told, _ = tell(project, cwd=tmp_path)
    assert COMMIT in told


DATA = "dvc.data/raw"
WRONG = {
    "no git": {COMMIT, DIRTY, DATA},
    "no home": set(),
    "git of a hook": set(),
    "lock of dvc": {DATA},
    "commits are gone": {DIRTY},
    "index": {DIRTY, DATA},
}


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_broken_silences_itself_alone(project: Path, tmp_path: Path, wrong: str) -> None:
    env = dict(GITHUB)
    if wrong == "no git":
        env["PATH"] = str(tmp_path)
    elif wrong == "no home":
        env["HOME"] = ""
    elif wrong == "git of a hook":
        env |= {"GIT_DIR": str(tmp_path), "GIT_INDEX_FILE": "/nowhere"}
    elif wrong == "lock of dvc":
        (project / "dvc.lock").write_text("stages: [unclosed")
    elif wrong == "index":
        (project / ".git/index").write_bytes(b"nonsense")
    else:
        shutil.rmtree(project / ".git/objects")
        (project / ".git/objects").mkdir()
    told, _ = tell(project, env)
    assert {"ci.url", BRANCH, COMMIT, DIRTY, DATA} - set(told) == WRONG[wrong]
    assert (told["ci.url"], told[BRANCH]) == (PAGE, "dev" if wrong == "no git" else "main")


def test_git_that_hangs_costs_no_more_than_is_allowed(project: Path, tmp_path: Path) -> None:
    hanging = tmp_path / "bin" / "git"
    hanging.parent.mkdir()
    hanging.write_text("#!/bin/sh\nexec sleep 100\n")
    hanging.chmod(0o755)
    env = {**GITHUB, "PATH": f"{hanging.parent}:{os.environ['PATH']}", "RUNDOWN_TRACKING_SECONDS": "0.2"}
    told, seconds = tell(project, env)
    assert told == {"ci.url": PAGE, BRANCH: "dev"}
    assert seconds < 2, "of a hundred"


def test_a_script_keeps_the_commit_it_was_loaded_from(project: Path) -> None:
    script = project / "tell.py"
    script.write_text(
        "import json, os, subprocess\nfrom rundown_tracking.telling import Telling\n"
        "telling = Telling(os.environ)\nfirst = telling.tags()\n"
        "subprocess.run(['git', '-c', 'user.name=a', '-c', 'user.email=b',"
        " 'commit', '--quiet', '--allow-empty', '-mx'])\n"
        "open('data/raw.dvc', 'w').write('outs: [{path: raw, md5: other}]')\n"
        "print(json.dumps([first, telling.tags()]))\n"
    )
    first, second = run(script, {})
    assert (first[COMMIT], first[DIRTY]) == (second[COMMIT], second[DIRTY])
    assert (first["dvc.data/raw"], second["dvc.data/raw"]) == (ONE, "other"), "data is read anew"


@pytest.mark.parametrize("seconds", ["", "soon", "nan", "-1", "inf"])
def test_a_time_that_is_none_never_raises(seconds: str) -> None:
    env = {**GITHUB, "RUNDOWN_TRACKING_SECONDS": seconds, "RUNDOWN_TRACKING_OFF": "git,dvc"}
    assert Telling(env).tags()["ci.url"] == PAGE


def test_any_text_of_the_environment_is_a_tag_that_a_store_keeps() -> None:
    told = Telling({"RUNDOWN_IMAGE": "a\udcff\0" + "x" * 9_000, "RUNDOWN_TRACKING_OFF": "git,dvc"}).tags()
    (value,) = told.values()
    assert json.loads(json.dumps(value).encode()) == value
    assert value.startswith("a?") and len(value) <= 1_000


def test_rundown_reads_the_names_that_are_set() -> None:
    assert (COMMIT, BRANCH, DIRTY) == (COMMIT_TAG, BRANCH_TAG, DIRTY_TAG)
