"""What a check found, and the one step that mends it."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: `what` is a sentence, `mend` the one step that mends it, empty where ok."""

    level: Literal["ok", "warning", "error"]
    what: str
    mend: str = ""


def ok(what: str) -> Finding:
    """It is as it should be."""
    return Finding("ok", what)


def warning(what: str, mend: str) -> Finding:
    """It works, but probably not as it was meant."""
    return Finding("warning", what, mend)


def error(what: str, mend: str) -> Finding:
    """It does not work."""
    return Finding("error", what, mend)
