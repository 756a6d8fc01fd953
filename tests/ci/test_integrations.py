"""The snippets for GitHub and GitLab are well-formed, and what they run sends a report to a real door."""

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.ci.test_junit import PYTEST, SUREFIRE
from tests.doors.house import REPORTS, House, house

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "integrations"
COMMIT = "7d3f1c9a5be24880c6f1e0b7a942d5538e61fa20"


@pytest.fixture
def home(tmp_path: Path, sqlite_template: Path) -> Iterator[House]:
    made = house(tmp_path, sqlite_template)
    yield made
    made.close()


def bash(script: str, cwd: Path, env: dict[str, str]) -> str:
    """As GitHub and GitLab run it."""
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
        cwd=cwd, env={"PATH": os.environ["PATH"], **env}, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    return done.stdout


def loaded(path: str) -> Any:
    return yaml.safe_load((FOLDER / path).read_text())


def act(home: House, folder: Path, given: dict[str, str], matrix: str = "") -> str:
    """Run the action's step with its inputs, in a job of a matrix with these values."""
    action = loaded("github/action.yml")
    (step,) = action["runs"]["steps"]
    with home.listening() as client:
        given = {"to": str(client.base_url), "secret": REPORTS, "strict": "true", **given}
        inputs = {name: given.get(name, one.get("default", "")) for name, one in action["inputs"].items()}
        values = {f"${{{{ inputs.{name} }}}}": value for name, value in inputs.items()}
        values["${{ matrix && join(matrix.*, ', ') || '' }}"] = matrix
        env = {key: values[value] for key, value in step["env"].items()}
        github = {"GITHUB_ACTIONS": "true", "GITHUB_SHA": COMMIT, "GITHUB_ACTION_PATH": str(FOLDER / "github")}
        return bash(step["run"], folder, env | github | {"GITHUB_WORKFLOW": "tests", "GITHUB_JOB": "unit"})


def test_the_github_action_sends_what_it_is_given(home: House, tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text(PYTEST)
    (tmp_path / "b c.xml").write_text(SUREFIRE)
    given = {"files": "a.xml\nb c.xml\n", "name": "talk; rm -rf x", "shard": "1/2"}
    assert act(home, tmp_path, given) == "rundown report: taken: 8 test cases, 3 failed (2 files)\n"
    with home.works.store.read() as unit:
        (filed,) = unit.reports.find(commit=COMMIT)
    assert (filed.origin.name, filed.origin.shards) == ("talk; rm -rf x", 2)


@pytest.mark.parametrize(
    ("given", "matrix", "name"),
    [
        ({}, "", "tests / unit"),
        ({}, "3.12, linux", "tests / unit (3.12, linux)"),
        ({"name": "talk"}, "3.12, linux", "talk"),
        ({"shard": "2/4"}, "2", "tests / unit"),
    ],
)
def test_jobs_of_a_matrix_are_told_apart_unless_they_are_parts(
    home: House, tmp_path: Path, given: dict[str, str], matrix: str, name: str
) -> None:
    (tmp_path / "a.xml").write_text(PYTEST)
    act(home, tmp_path, {"files": "a.xml", **given}, matrix)
    with home.works.store.read() as unit:
        assert [filed.origin.name for filed in unit.reports.find(commit=COMMIT)] == [name]


def test_no_input_stands_in_the_text_of_the_action() -> None:
    """What stands there is run as code: https://docs.github.com/en/actions/concepts/security/script-injections."""
    action = loaded("github/action.yml")
    (step,) = action["runs"]["steps"]
    assert "${{" not in step["run"]
    assert {name for name, one in action["inputs"].items() if one.get("required")} == {"files", "to", "secret"}


def test_every_action_that_is_used_is_pinned_to_a_commit() -> None:
    used = [line for path in FOLDER.rglob("*.yml") for line in path.read_text().splitlines() if "uses:" in line]
    assert all(re.search(r"@[0-9a-f]{40}\b", line) for line in used)
    shown = re.findall(r"uses: \S+@(\S+)", (FOLDER / "README.md").read_text())
    assert shown == ["COMMIT"]


def test_the_gitlab_snippet_sends_what_it_is_given(home: House, tmp_path: Path) -> None:
    job = loaded("gitlab/report.gitlab-ci.yml")[".rundown-report"]
    (tmp_path / "results.xml").write_text(PYTEST)
    with home.listening() as client:
        gitlab = {"GITLAB_CI": "true", "CI_COMMIT_SHA": COMMIT, "CI_PROJECT_PATH": "acme/churn"}
        given = {"RUNDOWN_URL": str(client.base_url).rstrip("/"), "REPORT_SECRET": REPORTS}
        said = bash("\n".join(job["after_script"]), tmp_path, job["variables"] | gitlab | given)
    assert said == "rundown report: taken: 5 test cases, 2 failed (1 file)\n"


def test_what_the_readme_shows_is_yaml() -> None:
    blocks = re.findall(r"```yaml\n(.*?)```", (FOLDER / "README.md").read_text(), re.DOTALL)
    assert [type(yaml.safe_load(block)).__name__ for block in blocks] == ["list", "dict"]
