"""Of many artifacts the telling one, and of many lines those that say what went wrong."""

import traceback

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.facts.traces import Artifact
from bot.judge.traces import (
    BYTES_AT_MOST,
    HEADER,
    LINE_AT_MOST,
    LINES_AT_MOST,
    candidates,
    certain,
    ending,
    folders,
    text_of,
)


def files(*paths: str) -> list[Artifact]:
    return [Artifact(path, size=9) for path in paths]


def raised(depth: int = 3, message: str = "n/a in column tenure") -> str:
    def fail(left: int) -> None:
        if left:
            fail(left - 1)
        raise ValueError(message)

    try:
        fail(depth)
    except ValueError:
        return traceback.format_exc()
    raise AssertionError


@pytest.mark.parametrize(
    ("there", "chosen"),
    [
        (("train.log", "stderr.txt", "traceback.txt", "model.txt"), ["traceback.txt", "stderr.txt", "train.log"]),
        (("logs/train.log", "train.log"), ["train.log", "logs/train.log"]),
        (("train.log.2", "train.log", "train.log.1"), ["train.log", "train.log.2", "train.log.1"]),
        (("error_2.txt", "error_10.txt", "error_9.txt"), ["error_10.txt", "error_9.txt", "error_2.txt"]),
        (("log-2026-11-23.txt", "log-2026-11-24.txt"), ["log-2026-11-24.txt", "log-2026-11-23.txt"]),
        (("logs/rank0.txt", "logs/rank0.json"), ["logs/rank0.txt"]),
        (("slurm-77.out", "slurm-77.err", "crash"), ["crash", "slurm-77.err", "slurm-77.out"]),
        (("requirements.txt", "catalog.txt", "error_rates.png", "errors.csv", "conda.yaml"), []),
        ((), []),
    ],
)
def test_the_telling_artifact_is_known_by_its_name(there: tuple[str, ...], chosen: list[str]) -> None:
    assert candidates(files(*there)) == chosen


def test_what_is_empty_or_huge_or_a_folder_is_not_read() -> None:
    huge = Artifact("stderr.log", size=BYTES_AT_MOST + 1)
    there = [Artifact("a.log", size=0), Artifact("error.log", folder=True), Artifact("b.log"), huge]
    assert candidates(there) == ["b.log"]


def test_only_folders_that_sound_like_logs_are_looked_into() -> None:
    there = [Artifact(path, folder=True) for path in ("model", "logs", "error-logs", "plots", "stdout", "crash")]
    assert folders([*there, Artifact("log")]) == ["crash", "error-logs", "logs"]


def test_errors_of_a_model_are_not_taken_for_its_trainings() -> None:
    assert not certain("mean_squared_error.txt")
    assert not certain("error_analysis.txt")
    assert certain("error.txt")
    assert certain("stderr_rank_0.log.1")


def test_a_traceback_ends_with_what_was_raised_and_the_frames_that_led_there() -> None:
    found = ending("epoch 1\nepoch 2\n" + raised() + "\nwandb: waiting\n")
    assert found.traceback
    assert found.lines[-1] == "ValueError: n/a in column tenure"
    assert [line.strip().startswith("File ") for line in found.lines] == [True, False, True, False, False]
    assert not any("^" in line for line in found.lines)


def test_of_several_tracebacks_the_last_is_told() -> None:
    chained = (
        raised(message="first") + "\nDuring handling of the above exception, another…\n\n" + raised(message="last")
    )
    assert ending(chained).lines[-1] == "ValueError: last"


def test_a_message_of_several_lines_is_told_with_its_beginning() -> None:
    found = ending(raised(message="CUDA error\nasserts may be late\nset LAUNCH_BLOCKING\nand more\nand more"))
    assert found.lines[-3:] == ("ValueError: CUDA error", "asserts may be late", "set LAUNCH_BLOCKING")
    assert len(found.lines) <= LINES_AT_MOST


@pytest.mark.parametrize("before", ["[rank0]: ", "    | ", "worker-3 E "])
def test_what_launchers_put_before_each_line_is_taken_away(before: str) -> None:
    lines = "".join(before + line for line in raised().splitlines(keepends=True))
    assert ending(lines + "    +---------------\n").lines[-1] == "ValueError: n/a in column tenure"


def test_a_logger_puts_its_words_before_the_first_line_only() -> None:
    assert ending("12:00:01 ERROR train " + raised()).traceback


def test_a_traceback_that_was_survived_is_not_the_end() -> None:
    found = ending(raised() + "\n".join(f"epoch {n}" for n in range(100)))
    assert not found.traceback
    assert found.lines == tuple(f"epoch {n}" for n in range(92, 100))


def test_half_a_traceback_is_told_by_its_last_lines() -> None:
    found = ending(f'{HEADER}\n  File "train.py", line 3, in main\n    train()')
    assert not found.traceback
    assert found.lines[-1] == "    train()"


def test_without_a_traceback_the_last_lines_that_say_something_are_told() -> None:
    log = "a\n\n\x1b[31mb\x1b[0m\r\n 10%|█\r 20%|██\r\n\x1b]0;title\x07c\td\n=====\n╰────╯\n \n"
    assert ending(log).lines == ("a", "b", " 20%|██", "c   d")
    assert ending("").lines == ()
    assert ending("\n \r\n").lines == ()


def test_long_lines_are_cut() -> None:
    (line,) = ending("x" * 1000).lines
    assert len(line) == LINE_AT_MOST
    assert line.endswith("…")


def test_bytes_are_text_unless_they_are_not() -> None:
    assert text_of("é".encode(), whole=True) == "é"
    assert text_of("é\nnext".encode()[1:], whole=False) == "next"
    assert text_of(b"no line end", whole=False) == ""
    assert text_of(b"PK\0\1", whole=True) == ""


@given(st.text(alphabet="aT \n\r\t\x1b[m|:^~é" + HEADER), st.text())
def test_any_text_ends_in_few_short_lines(first: str, second: str) -> None:
    for text in (first, first + HEADER + second, HEADER + "\n" + first, first + HEADER + "\n  File x\n" + second):
        found = ending(text)
        assert len(found.lines) <= LINES_AT_MOST
        assert all(line and len(line) <= LINE_AT_MOST and "\x1b" not in line for line in found.lines)
        assert "\n" not in "".join(found.lines)
