"""Real notebooks and real `dvc add`: `make tracking` installs nbclient, papermill and DVC and runs these."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from rundown_tracking.notebook import SOURCE, TYPE
from sandbox.mlflow_server import MlflowServer
from tests.servers.mlflow import MlflowHand
from tests.tracking.places import git, repository
from tests.tracking.scripts import TELL, TRAIN, tell

pytestmark = pytest.mark.special
LATE = 100


def notebook(*cells: str) -> str:
    """A notebook of code cells."""
    made = [
        {
            "cell_type": "code",
            "id": f"c{at}",
            "metadata": {},
            "execution_count": None,
            "outputs": [],
            "source": text,
        }
        for at, text in enumerate(cells)
    ]
    about = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return json.dumps({"cells": made, "metadata": about, "nbformat": 4, "nbformat_minor": 5})


def printed(executed: str) -> dict[str, str]:
    """The tags that the last cell printed."""
    cell = json.loads(executed)["cells"][-1]
    texts = ["".join(one["text"]) for one in cell["outputs"] if one.get("name") == "stdout"]
    found: dict[str, str] = json.loads("".join(texts).splitlines()[-1])[0]
    return found


def call(folder: Path, *words: str, env: Mapping[str, str] | None = None) -> str:
    """Run a program of this environment in a folder."""
    own = {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "RUNDOWN_TRACKING_SECONDS": "60"}
    home = {"HOME": str(folder.parent), "DVC_NO_ANALYTICS": "1"}
    done = subprocess.run(
        words,
        cwd=folder,
        env={**own, **home, **(env or {})},
        capture_output=True,
        text=True,
        timeout=LATE,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A repository with a notebook in a folder."""
    pytest.importorskip("nbclient", reason="nbclient is not installed: make tracking brings it")
    pytest.importorskip("ipykernel", reason="ipykernel is not installed: make tracking brings it")
    return repository(
        tmp_path / "churn", {"notebooks/01_fit.ipynb": notebook("x = 1", TELL), ".gitignore": "out/\n"}
    )


def executed(project: Path, env: Mapping[str, str]) -> dict[str, str]:
    """What a notebook is told that nbclient executes, with an environment such as Jupyter's server gives."""
    code = (
        "import nbformat, nbclient, sys\n"
        "book = nbformat.read('notebooks/01_fit.ipynb', 4)\n"
        "nbclient.NotebookClient(book, timeout=90, resources={'metadata': {'path': 'notebooks'}}).execute()\n"
        "print(nbformat.writes(book))\n"
    )
    return printed(call(project, sys.executable, "-W", "ignore", "-c", code, env=env))


def test_a_notebook_that_jupyter_names_is_told_with_its_commit(project: Path) -> None:
    told = executed(project, {"JPY_SESSION_NAME": str(project / "notebooks/01_fit.ipynb")})
    assert (told[SOURCE], told[TYPE]) == ("notebooks/01_fit.ipynb", "NOTEBOOK")
    assert told["mlflow.source.git.commit"] == git(project, "rev-parse", "HEAD")
    assert told["mlflow.source.git.branch"] == "main"


def test_a_real_run_of_a_notebook_has_its_path_and_commit(
    project: Path, mlflow_server: MlflowServer, mlflow_hand: MlflowHand
) -> None:
    experiment = mlflow_hand.create_experiment("notebooks")
    train = (
        TRAIN.replace("EXPERIMENT", repr(experiment))
        .replace("json.dumps(", "json.dumps([")
        .replace("tags))", "tags]))")
    )
    there = project / "notebooks/01_fit.ipynb"
    there.write_text(notebook(train))
    told = executed(project, {"JPY_SESSION_NAME": str(there), "MLFLOW_TRACKING_URI": mlflow_server.url})
    assert (told[SOURCE], told[TYPE]) == ("notebooks/01_fit.ipynb", "NOTEBOOK")
    assert (told["mlflow.source.git.commit"], told["mlflow.source.git.dirty"]) == (
        git(project, "rev-parse", "HEAD"),
        "true",
    )


def test_a_notebook_that_nobody_names_is_not_made_up(project: Path) -> None:
    for env in ({}, {"JPY_SESSION_NAME": str(project / "notebooks/renamed.ipynb")}):
        told = executed(project, env)
        assert SOURCE not in told
        assert told["mlflow.source.git.commit"] == git(project, "rev-parse", "HEAD"), "the kernel's folder"


def test_vs_code_names_it_in_the_notebook_itself(project: Path) -> None:
    there = project / "notebooks/01_fit.ipynb"
    there.write_text(notebook(f"__vsc_ipynb_file__ = {str(there)!r}", TELL))
    assert executed(project, {})[SOURCE] == "notebooks/01_fit.ipynb"


def test_a_script_that_a_notebook_starts_is_no_notebook(project: Path) -> None:
    told, _ = tell(project, {"JPY_SESSION_NAME": str(project / "notebooks/01_fit.ipynb")})
    assert SOURCE not in told


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="only Linux tells how a program was called")
@pytest.mark.parametrize("inject", [True, False])
def test_papermill_names_the_notebook_that_it_reads(project: Path, inject: bool) -> None:
    pytest.importorskip("papermill", reason="papermill is not installed: make tracking brings it")
    (project / "out").mkdir()
    paths = ["--inject-paths"] if inject else []
    papermill = ["papermill", *paths, "notebooks/01_fit.ipynb", "out/fitted.ipynb"]
    call(project, sys.executable, "-W", "ignore", str(Path(sys.executable).parent / papermill[0]), *papermill[1:])
    assert printed((project / "out/fitted.ipynb").read_text())[SOURCE] == "notebooks/01_fit.ipynb"


def test_nbconvert_names_the_notebook(project: Path) -> None:
    pytest.importorskip("nbclient", reason="nbclient is not installed: make tracking brings it")
    call(project, "jupyter", "execute", "--inplace", "notebooks/01_fit.ipynb")
    assert printed((project / "notebooks/01_fit.ipynb").read_text())[SOURCE] == "notebooks/01_fit.ipynb"


def test_data_that_dvc_added_is_told_and_changes_with_the_data(tmp_path: Path) -> None:
    if shutil.which("dvc", path=str(Path(sys.executable).parent)) is None:
        pytest.skip("dvc is not installed: make tracking brings it")
    made = repository(tmp_path / "churn")
    call(made, "dvc", "init", "--quiet")
    (made / "data/images").mkdir(parents=True)
    (made / "data/train.csv").write_text("a,b\n1,2\n")
    (made / "data/images/one.txt").write_text("one")
    call(made, "dvc", "add", "--quiet", "data/train.csv", "data/images")
    first, _ = tell(made)
    assert first["dvc.data/train.csv"] == hashlib.md5(b"a,b\n1,2\n").hexdigest()
    assert first["dvc.data/images"].endswith(".dir")
    (made / "data/train.csv").write_text("a,b\n1,3\n")
    call(made, "dvc", "add", "--quiet", "data/train.csv")
    second, _ = tell(made)
    assert second["dvc.data/train.csv"] != first["dvc.data/train.csv"]
    assert second["dvc.data/images"] == first["dvc.data/images"]


def test_a_pipeline_that_dvc_ran_is_told_by_what_it_was_given(tmp_path: Path) -> None:
    if shutil.which("dvc", path=str(Path(sys.executable).parent)) is None:
        pytest.skip("dvc is not installed: make tracking brings it")
    made = repository(tmp_path / "churn", {"raw.csv": "1\n"})
    call(made, "dvc", "init", "--quiet")
    call(
        made,
        "dvc",
        "stage",
        "add",
        "--quiet",
        "-n",
        "copy",
        "-d",
        "raw.csv",
        "-o",
        "clean.csv",
        "cp raw.csv clean.csv",
    )
    call(made, "dvc", "repro", "--quiet")
    told, _ = tell(made)
    assert [tag for tag in told if tag.startswith("dvc.")] == ["dvc.raw.csv"]
