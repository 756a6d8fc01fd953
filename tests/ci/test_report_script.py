"""The script that pipelines run: what it finds out by itself, how it sends, and how it ends."""

import ast
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from bot.ci import report
from tests.ci.test_junit import PYTEST, SUREFIRE
from tests.doors.house import REPORTS, House, house
from tests.servers.scripted import Asked, Said, Scripted, scripted_server

SCRIPT = Path(report.__file__)
COMMIT = "7d3f1c9a5be24880c6f1e0b7a942d5538e61fa20"
ENV = {"PATH": os.environ["PATH"], "REPORT_SECRET": REPORTS}


@pytest.fixture
def home(tmp_path: Path, sqlite_template: Path) -> Iterator[House]:
    made = house(tmp_path, sqlite_template)
    yield made
    made.close()


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "out" / "sub").mkdir(parents=True)
    (tmp_path / "out" / "TEST-a.xml").write_text(PYTEST)
    (tmp_path / "out" / "sub" / "TEST-a.xml").write_text(SUREFIRE)
    return tmp_path


def run(
    *arguments: str, cwd: Path, env: Mapping[str, str] = ENV, command: tuple[str, ...] = (str(SCRIPT),)
) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, *command, *arguments],
        cwd=cwd, env=dict(env), capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def test_it_sends_to_a_real_door(home: House, files: Path) -> None:
    with home.listening() as client:
        to = str(client.base_url)
        one = run("out/TEST-a.xml", "--to", to, "--commit", COMMIT, "--branch", "main", "--strict", cwd=files)
        both = run("out/**/*.xml", "--commit", COMMIT, "--shard", "1/2", cwd=files, env={**ENV, "RUNDOWN_URL": to})
    assert (one.returncode, one.stdout) == (0, "rundown report: taken: 5 test cases, 2 failed (1 file)\n")
    assert (both.returncode, both.stdout) == (0, "rundown report: taken: 8 test cases, 3 failed (2 files)\n")
    with home.works.store.read() as unit:
        assert [filed.counts.total for filed in unit.reports.find(commit=COMMIT[:7])] == [8, 5]


def test_the_script_that_the_bot_serves_and_rundown_report_are_the_same(home: House, files: Path) -> None:
    told = ("out/TEST-a.xml", "--run", "calm-owl")
    with home.listening() as client:
        served = files / "report.py"
        served.write_bytes(client.get("/ci/report.py").content)
        env = {**ENV, "RUNDOWN_URL": str(client.base_url)}
        for command in ((str(served),), ("-m", "bot", "report")):
            done = run(*told, cwd=files, env={**env, "PYTHONPATH": str(SCRIPT.parents[2])}, command=command)
            assert (done.returncode, done.stdout[:22]) == (0, "rundown report: taken:"), done.stderr
    with home.works.store.read() as unit:
        assert len(unit.reports.find(run="calm-owl")) == 2


def test_what_the_documentation_shows_for_curl_works(home: House, files: Path) -> None:
    page = (SCRIPT.parents[2] / "docs" / "ci-reports.md").read_text()
    (shown,) = (part for part in page.split("```") if part.startswith("sh\nquery="))
    (files / "results.xml").write_text(PYTEST)
    with home.listening() as client:
        env = {**ENV, "RUNDOWN_URL": str(client.base_url), "COMMIT": COMMIT}
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", shown.removeprefix("sh\n")],
            cwd=files, env=env, capture_output=True, text=True, timeout=60, check=True,
        )  # fmt: skip
    assert done.stdout == "taken: 5 test cases, 2 failed\n"


@pytest.mark.parametrize(
    ("arguments", "env", "reason"),
    [
        (["none.xml", "--commit", COMMIT], {}, "there is no file none.xml"),
        (["out/TEST-a.xml"], {}, "give --commit, --run or --model"),
        (["out/TEST-a.xml", "--commit", COMMIT], {"REPORT_SECRET": ""}, "REPORT_SECRET is not set"),
        (["out/TEST-a.xml", "--commit", COMMIT, "--to", "example.com"], {}, "the bot's address is not known"),
        (["out/TEST-a.xml", "--commit", COMMIT], {"REPORT_SECRET": "wrong"}, "answered 401: x-rundown-signature"),
        (["out/TEST-a.xml", "--commit", "main"], {}, "answered 422: commit: "),
        (["broken.xml", "--commit", COMMIT], {}, "answered 422: the report: it ends in the middle"),
        (["--branch"], {}, "expected one argument"),
    ],
)
def test_what_goes_wrong_is_said_and_fails_a_pipeline_only_when_asked_to(
    home: House, files: Path, arguments: list[str], env: dict[str, str], reason: str
) -> None:
    (files / "broken.xml").write_text(PYTEST[:600])
    with home.listening() as client:
        env = {**ENV, "RUNDOWN_URL": str(client.base_url), **env}
        kind = run(*arguments, cwd=files, env=env)
        strict = run("--strict", *arguments, cwd=files, env=env)
    assert (kind.returncode, strict.returncode) == (0, 1)
    assert reason in kind.stderr
    assert "Traceback" not in kind.stderr
    assert not home.rows()["reports"]


def test_help_is_no_failure(files: Path) -> None:
    done = run("--strict", "--help", cwd=files)
    assert done.returncode == 0
    assert "--shard" in done.stdout


BODY = (b"x", "application/gzip", ["a.xml"])


@pytest.fixture
def bot() -> Iterator[Scripted]:
    with scripted_server() as server:
        yield server


def answers(*said: Said) -> Callable[[Asked], Said]:
    waiting = iter(said)
    return lambda _asked: next(waiting)


@pytest.mark.parametrize(
    "first", [Said(status=503), Said(status=429), Said(drop=True)], ids=["503", "429", "dropped"]
)
def test_it_tries_again_with_the_same_id_and_a_new_proof(bot: Scripted, first: Said) -> None:
    bot.script = answers(first, first, Said(b"taken\n"))
    pauses: list[float] = []
    assert report.send(bot.url, "secret", "run=a", BODY, pauses.append) == "taken (1 file)"
    assert pauses == [0.0, 1.0, 2.0]
    assert len({asked.headers["x-rundown-id"] for asked in bot.asked}) == 1


def test_what_was_taken_though_the_answer_was_lost_is_no_failure(bot: Scripted) -> None:
    bot.script = answers(Said(drop=True), Said(b"this report was taken before\n", 409))
    assert report.send(bot.url, "secret", "run=a", BODY, lambda _: None) == "this report was taken before"


def test_it_gives_up_in_the_end(bot: Scripted) -> None:
    bot.script = lambda _asked: Said(b"busy", 503)
    with pytest.raises(report.Failed, match="answered 503: busy"):
        report.send(bot.url, "secret", "run=a", BODY, lambda _: None)
    assert len(bot.asked) == report.TRIES


def test_a_redirect_is_not_followed(bot: Scripted) -> None:
    bot.script = lambda _asked: Said(b"moved", 302, {"Location": f"{bot.url}/login"})
    with pytest.raises(report.Failed, match="answered 302"):
        report.send(bot.url, "secret", "run=a", BODY, lambda _: None)
    assert [asked.path for asked in bot.asked] == ["/ci/report?run=a"]


CI = json.loads((Path(__file__).parent / "variables.json").read_text())


@pytest.mark.parametrize("name", CI)
def test_what_the_ci_knows_is_filled_in(name: str, tmp_path: Path) -> None:
    env, told = CI[name]["env"], CI[name]["told"]
    (tmp_path / "event.json").write_text(json.dumps({"pull_request": {"head": {"sha": COMMIT}}}))
    (tmp_path / "push.json").write_text(json.dumps({"after": COMMIT}))
    env = {
        key: str(tmp_path / value) if key.endswith("_PATH") and "json" in value else value
        for key, value in env.items()
    }
    assert report.described(report.parser().parse_args(["r.xml"]), env) == told


def test_what_is_given_goes_before_what_the_ci_knows() -> None:
    given = report.parser().parse_args(["r.xml", "--branch", "mine", "--name", "talk", "--partial"])
    told = report.described(given, CI["circleci"]["env"])
    assert (told["branch"], told["name"], told["partial"]) == ("mine", "talk", "true")


def test_it_is_written_for_an_old_python() -> None:
    """Of what is newer than 3.8 the grammar is known to Python itself; the standard library is all it imports."""
    tree = ast.parse(SCRIPT.read_text(), feature_version=(3, 8))
    imports = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    imports |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    assert {name.split(".")[0] for name in imports} <= sys.stdlib_module_names
