"""Which line of a CI job's log says first what went wrong."""

import re
from collections.abc import Sequence

from bot.judge.traces import CONTROLS, ESCAPES

LINE_AT_MOST = 300
# Of a longer line no more is looked at.
LOOKED_AT = 2_000
# GitLab folds its log by lines of its own: section_start:1700000000:script.
SECTION = re.compile(r"section_(start|end):\d+:\S*")
# The runner's own last words tell no more than that the job failed, GitHub's annotation the same.
HOLLOW = re.compile(r"(ERROR: Job failed\b.*|Process completed with exit code \d+\.?)")
# The most telling first; of each kind the first line counts. Test runners sum up what they print at length before.
KINDS: Sequence[re.Pattern[str]] = (
    # pytest's short summary
    re.compile(r"(FAILED|ERROR) \S+\.py(::\S.*)?( - .*)?"),
    # go test, and gotestsum
    re.compile(r"(--- FAIL: \S+.*|=== FAIL: \S+.*)"),
    # Jest and Vitest
    re.compile(r"[●×] .+ › .+|FAIL +\S+\.[jt]sx?( .*)?"),
    # pytest's own lines about an assertion or an exception
    re.compile(r"E  +\S.*"),
    # GoogleTest
    re.compile(r"\[  FAILED  \] \S+.*"),
    # compilers, linters and type checkers: file:line: error
    re.compile(r"\S+:\d+(:\d+)?:? (fatal )?error\b.*|error(\[\w+\])?: .+", re.IGNORECASE),
    # the last line of a Python traceback
    re.compile(r"([A-Za-z_]\w*\.)*[A-Z]\w*(Error|Exception|Exit|Interrupt|Warning)\b(: .*)?"),
    # what programs write when they give up
    re.compile(r"(fatal|panic|error): .+|npm ERR! .+|.*: command not found", re.IGNORECASE),
)


def first_error(log: str) -> str:
    """The line, without colours; empty where no line tells."""
    lines = [cleaned(line) for line in log.split("\n")]
    telling = [line for line in lines if line and not HOLLOW.fullmatch(line)]
    for kind in KINDS:
        found = next((line for line in telling if kind.fullmatch(line)), "")
        if found:
            return found.removeprefix("E ").strip()[:LINE_AT_MOST]
    return ""


def cleaned(line: str) -> str:
    """A line as it is seen in the end: without colours and folds, and of what was overwritten only the last."""
    seen = ESCAPES.sub("", line).rstrip("\r").rpartition("\r")[2][:LOOKED_AT]
    return CONTROLS.sub("", SECTION.sub("", seen)).strip()
