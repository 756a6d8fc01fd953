"""Which of a run's artifacts tells why it went wrong, and which of its lines say it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import takewhile

from bot.facts.traces import Artifact

LINES_AT_MOST = 8
FRAMES_AT_MOST = 2
MESSAGE_AT_MOST = 3
LINE_AT_MOST = 300
FOLDERS_AT_MOST = 3
CANDIDATES_AT_MOST = 3
# A server before an object store fetches the whole of a file to send its end.
BYTES_AT_MOST = 64 * 1024 * 1024
# A traceback with more than this after it was caught, and the process went on.
AFTER_AT_MOST = 40

TRACEBACKS = frozenset({"traceback", "tracebacks", "stacktrace", "stack", "trace", "exception", "crash", "fault"})
ERRORS = frozenset({"stderr", "error", "errors", "err"})
LOGS = frozenset({"log", "logs", "stdout", "out", "output", "console"})
TEXT = frozenset({"", "txt", "log", "err", "out", "trace", "traceback"})
# An error of a model is no error of its training.
FIGURES = frozenset(
    {"absolute", "analysis", "by", "distribution", "mean", "metrics", "percentage", "per", "prediction"}
    | {"predictions", "rate", "rates", "relative", "squared", "test", "val", "validation"}
)

HEADER = "Traceback (most recent call last):"
# ECMA-48 §5.4 (control sequences) and §8.3.89 (operating system commands), then any other escape.
ESCAPES = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b[ -/]*[0-~]?")
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
MARKS = re.compile(r"[\s~^]+")
RULES = re.compile(r"[\s+|=_*#\u2500-\u257f-]+")


@dataclass(frozen=True, slots=True)
class Ending:
    """The telling lines of a text; `traceback` where they are the end of one."""

    lines: tuple[str, ...]
    traceback: bool = False


def folders(artifacts: Iterable[Artifact]) -> list[str]:
    """The folders in which logs may stand, by their names."""
    named = (one.path for one in artifacts if one.folder and _words(one.path) & (TRACEBACKS | ERRORS | LOGS))
    return sorted(named)[:FOLDERS_AT_MOST]


def candidates(artifacts: Iterable[Artifact]) -> list[str]:
    """The paths worth reading, the most telling first: tracebacks, errors, logs; of several the newest by name."""
    files = [one.path for one in artifacts if _readable(one) and _rank(one.path) is not None]
    files.sort(key=_natural, reverse=True)
    files.sort(key=lambda path: (_rank(path), _unrotated(path) != path, path.count("/")))
    return files[:CANDIDATES_AT_MOST]


def certain(path: str) -> bool:
    """Whether an artifact is about the training by its name, even if no traceback stands in it."""
    return not _words(_unrotated(path)) & FIGURES


def text_of(raw: bytes, *, whole: bool) -> str:
    """The bytes as text, empty where they are none; without its first line where they are not the `whole`."""
    if b"\0" in raw:
        return ""
    text = raw.decode("utf-8", "replace")
    return text if whole else text.partition("\n")[2]


def ending(text: str) -> Ending:
    """The end of the last traceback, if the text ends soon after it; else the last lines that say something."""
    lines = [_plain(line) for line in text.split("\n")]
    told = _traceback(lines)
    if told:
        return Ending(_shortened(told), traceback=True)
    saying = [line for line in lines if line and not RULES.fullmatch(line)]
    return Ending(_shortened(saying[-LINES_AT_MOST:]))


def _readable(artifact: Artifact) -> bool:
    """Whether it is a file with something in it, and not too much."""
    return not artifact.folder and artifact.size != 0 and (artifact.size or 0) <= BYTES_AT_MOST


def _rank(path: str) -> int | None:
    folder, _, name = _unrotated(path).lower().rpartition("/")
    if (name.rpartition(".")[2] if "." in name else "") not in TEXT:
        return None
    words = _words(name)
    for rank, telling in enumerate((TRACEBACKS, ERRORS, LOGS)):
        if words & telling:
            return rank
    return len((TRACEBACKS, ERRORS, LOGS)) if _words(folder) & (TRACEBACKS | ERRORS | LOGS) else None


def _words(path: str) -> set[str]:
    return set(re.findall(r"[a-z]+", path.lower()))


def _unrotated(path: str) -> str:
    """The name before a log was set aside: train.log.1 was train.log."""
    return re.sub(r"\.\d+$", "", path)


def _natural(path: str) -> list[tuple[int, str]]:
    """2 comes before 10."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", path.lower())]


def _plain(line: str) -> str:
    """A line as a terminal leaves it: without colours, and of what was written over itself the last."""
    written = [part for part in ESCAPES.sub("", line).split("\r") if part.strip()]
    return CONTROLS.sub("", written[-1]).expandtabs(4).rstrip() if written else ""


def _traceback(lines: Sequence[str]) -> list[str]:
    """The last frames and what was raised, nothing where no traceback ends near the end."""
    start = next((n for n in reversed(range(len(lines))) if lines[n].endswith(HEADER)), None)
    if start is None:
        return []
    # Launchers put the same words before each line of a process.
    before = lines[start].removesuffix(HEADER)
    below = [line.removeprefix(before) for line in lines[start + 1 :]]
    raised = next((n for n, line in enumerate(below) if line and not line[0].isspace()), None)
    if raised is None or sum(map(bool, below[raised:])) > AFTER_AT_MOST:
        return []
    more = takewhile(lambda line: line and not RULES.fullmatch(line), below[raised + 1 : raised + MESSAGE_AT_MOST])
    message = [below[raised], *more]
    return [*_last_frames(below[:raised], LINES_AT_MOST - len(message)), *message]


def _last_frames(lines: Sequence[str], room: int) -> Sequence[str]:
    lines = [line for line in lines if line and not MARKS.fullmatch(line)]
    starts = [n for n, line in enumerate(lines) if line.lstrip().startswith("File ")]
    fitting = [n for n in starts[-FRAMES_AT_MOST:] if len(lines) - n <= room]
    return lines[fitting[0] :] if fitting else lines[-room:]


def _shortened(lines: Iterable[str]) -> tuple[str, ...]:
    return tuple(line if len(line) <= LINE_AT_MOST else line[: LINE_AT_MOST - 1] + "…" for line in lines)
