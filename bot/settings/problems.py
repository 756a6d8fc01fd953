"""What is wrong with the settings: each problem names its file, line, column, setting and mend."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

Where = tuple[str | int, ...]


class SettingsError(Exception):
    """The settings cannot be used; `problems` holds one line each, all that are wrong."""

    def __init__(self, problems: Sequence[str]) -> None:
        """Keep every problem."""
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in the file; both count from 1."""

    line: int = 1
    column: int = 1


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong; `where` is the path of the setting, empty for the file as a whole."""

    line: int
    column: int
    where: str
    text: str

    def said(self, file: str) -> str:
        """The problem as a line of text."""
        setting = f" {self.where}:" if self.where else ""
        return f"{file}:{self.line}:{self.column}:{setting} {self.text}"


def path_text(where: Where) -> str:
    """A path as people read it: channels."#churn"[0].post[2]."""
    text = ""
    for step in where:
        if isinstance(step, int):
            text += f"[{step}]"
            continue
        name = step if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", step) else '"' + _printable(step) + '"'
        text += f".{name}" if text else name
    return text


def _printable(text: str) -> str:
    cut = text if len(text) <= 60 else f"{text[:57]}…"
    return "".join(char if char.isprintable() else "�" for char in cut)
