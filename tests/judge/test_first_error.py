"""The first line of a job's log that says what went wrong, whatever ran there."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.judge.first_error import LINE_AT_MOST, first_error

AROUND = (
    "\x1b[0KRunning with gitlab-runner 18.0\n"
    "section_start:1700000000:step_script\r\x1b[0K\x1b[36;1mExecuting\x1b[0;m\n"
    "{log}\n"
    "section_end:1700000009:step_script\r\x1b[0K\n"
    "\x1b[31;1mERROR: Job failed: exit code 1\x1b[0;m\n"
)


@pytest.mark.parametrize(
    ("log", "line"),
    [
        (
            "E       assert 2 == 3\nFAILED tests/a.py::test_sum[1-2] - assert 2 == 3\nFAILED tests/b.py::test_b",
            "FAILED tests/a.py::test_sum[1-2] - assert 2 == 3",
        ),
        (">   assert 2 == 3\nE   assert 2 == 3\nE    +  where 2 = f()", "assert 2 == 3"),
        ("ERROR tests/a.py - ModuleNotFoundError: no pandas", "ERROR tests/a.py - ModuleNotFoundError: no pandas"),
        ("=== RUN TestSum\n    sum_test.go:9: got 2\n--- FAIL: TestSum (0.00s)", "--- FAIL: TestSum (0.00s)"),
        ("FAIL src/sum.test.ts\n  ● sum › adds\n", "FAIL src/sum.test.ts"),
        ("  ● sum › adds\n    expect(received)", "● sum › adds"),
        ("[ RUN      ] Sum.Adds\n[  FAILED  ] Sum.Adds (0 ms)", "[  FAILED  ] Sum.Adds (0 ms)"),
        ("main.c:3:5: error: expected ';'", "main.c:3:5: error: expected ';'"),
        ("bot/a.py:3: error: Incompatible types  [arg-type]", "bot/a.py:3: error: Incompatible types  [arg-type]"),
        ("error[E0308]: mismatched types", "error[E0308]: mismatched types"),
        (
            'Traceback (most recent call last):\n  File "a.py", line 1\nmlflow.exceptions.MlflowException: no run',
            "mlflow.exceptions.MlflowException: no run",
        ),
        ("KeyboardInterrupt", "KeyboardInterrupt"),
        ("/bin/bash: line 1: pytset: command not found", "/bin/bash: line 1: pytset: command not found"),
        ("fatal: not a git repository", "fatal: not a git repository"),
        ("10%\r50%\r\x1b[31mE   ValueError: x\x1b[0m", "ValueError: x"),
        ("all fine, 0 errors\nno ErrorHandler was set\nerror rate 0.3 of the model", ""),
        ("", ""),
    ],
)
def test_the_line_that_tells_is_found(log: str, line: str) -> None:
    assert first_error(AROUND.format(log=log)) == line


def test_a_real_failure_of_pytest_is_found(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text("def test_it():\n    assert sum([1, 2]) == 4, 'wrong sum'\n")
    run = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--color=yes", "test_it.py"]
    done = subprocess.run(run, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60)
    line = first_error(AROUND.format(log=done.stdout))
    assert line.startswith("FAILED test_it.py::test_it - AssertionError: wrong sum")


@given(st.text(max_size=2000))
def test_any_log_gives_one_short_line(log: str) -> None:
    line = first_error(log)
    assert len(line) <= LINE_AT_MOST
    assert "\n" not in line


def test_a_large_log_is_read_in_linear_time() -> None:
    log = "section_start:1:x\r" * 20_000 + "E" + " " * 200_000 + "\n" + "a.b." * 50_000 + "\n" + "x: " * 100_000
    assert first_error(log) == ""
