"""Packages of a model are read from what MLflow, conda and pip write, and put side by side."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.facts.causes import Changed
from bot.judge.packages import CONDA, FILES, PYTHON, REQUIREMENTS, package_changes, packages

MLFLOW_CONDA = b"""channels:
- conda-forge
dependencies:
- python=3.11.7
- cudatoolkit=11.8=h4ba93d1_13
- conda-forge::xgboost>=2
- numpy
- pip<=23.2.1
- pip:
  - mlflow==3.17.2
  - scikit-learn==1.5.0
name: mlflow-env
"""
MLFLOW_PYTHON = b"python: 3.11.7\nbuild_dependencies:\n- pip==23.2.1\ndependencies:\n- -r requirements.txt\n"


def test_the_files_of_a_logged_model_are_one_environment() -> None:
    files = {
        REQUIREMENTS: b"mlflow==3.17.2\nTorch_Vision[extra]==0.18.0 ; python_version > '3.8' # why\n",
        CONDA: MLFLOW_CONDA,
        PYTHON: MLFLOW_PYTHON,
    }
    assert packages(files) == {
        "cudatoolkit": "11.8",
        "mlflow": "3.17.2",
        "numpy": "",
        "python": "3.11.7",
        "torch-vision": "0.18.0",
        "xgboost": ">=2",
    }


def test_without_requirements_conda_says_what_pip_installs() -> None:
    assert packages({CONDA: MLFLOW_CONDA})["scikit-learn"] == "1.5.0"


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("numpy==2.0.0", {"numpy": "2.0.0"}),
        ("numpy === 2.0", {"numpy": "2.0"}),
        ("numpy>=2,<3", {"numpy": "<3,>=2"}),
        ("numpy", {"numpy": ""}),
        ("numpy==1 --hash=sha256:abc", {"numpy": "1"}),
        ("numpy==1 \\", {"numpy": "1"}),
        ("    --hash=sha256:abc", {}),
        ("-r other.txt", {}),
        ("--index-url https://user:secret@pypi.acme.com/simple", {}),
        ("# numpy==1", {}),
        ("", {}),
        (
            "my-lib @ git+https://user:secret@github.com/acme/lib@abc",
            {"my-lib": "git+https://github.com/acme/lib@abc"},
        ),
        ("git+https://token@github.com/acme/lib.git", {"git+https://github.com/acme/lib.git": ""}),
        ("./local/wheel.whl", {"./local/wheel.whl": ""}),
    ],
)
def test_lines_of_requirements(line: str, found: dict[str, str]) -> None:
    read = packages({REQUIREMENTS: line.encode()})
    assert read == found
    assert "secret" not in str(read)


def test_what_changed_is_told_by_name_the_interpreter_first() -> None:
    before = {"numpy": "1.26", "torch": "2.1", "gone": "", "python": "3.10", "same": "1"}
    after = {"numpy": "2.0", "torch": "2.1", "added": ">=1", "python": "3.11", "same": "1"}
    assert package_changes(before, after) == (
        Changed("python", "3.10", "3.11"),
        Changed("added", None, ">=1"),
        Changed("gone", "any version", None),
        Changed("numpy", "1.26", "2.0"),
    )


NAMES = st.from_regex(r"[a-z][a-z0-9]{0,6}", fullmatch=True).filter(lambda name: name not in ("pip", "python"))
VERSIONS = st.from_regex(r"[1-9][0-9]?(\.[0-9]){0,2}", fullmatch=True)
PINNED = st.dictionaries(NAMES, VERSIONS, max_size=8)


@given(PINNED, PINNED, st.randoms())
def test_exactly_what_differs_is_told_whatever_the_order(
    before: dict[str, str], after: dict[str, str], random: Random
) -> None:
    def written(pins: dict[str, str]) -> dict[str, bytes]:
        lines = [f"{name}=={version}" for name, version in pins.items()]
        random.shuffle(lines)
        return {REQUIREMENTS: "\n".join(lines).encode()}

    told = package_changes(packages(written(before)), packages(written(after)))
    assert {one.name: (one.before, one.after) for one in told} == {
        name: (before.get(name), after.get(name))
        for name in {*before, *after}
        if before.get(name) != after.get(name)
    }


@given(
    st.sampled_from(FILES), st.binary(max_size=200) | st.text("-:[]{}&*!|>#\n =a1'\"", max_size=80).map(str.encode)
)
def test_any_bytes_are_some_environment(name: str, content: bytes) -> None:
    found = packages({name: content})
    assert all(isinstance(text, str) for pair in found.items() for text in pair)
