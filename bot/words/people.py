"""People as they are named in a command."""

import re
from dataclasses import dataclass

_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^<>]*)?>")


@dataclass(frozen=True, slots=True)
class Who:
    """A person as typed: the asker themself (`me`), a Slack user id, or an MLflow user name."""

    typed: str
    me: bool = False
    slack: str = ""
    mlflow: str = ""


def parse_who(word: str) -> Who | None:
    """Read `@me`, `<@U1|jo>`, `@jdoe` or `jdoe`; nothing where the word names nobody."""
    mention = _MENTION.fullmatch(word)
    if mention:
        return Who(word, slack=mention[1])
    if word.lower() in ("@me", "me"):
        return Who(word, me=True)
    name = word.removeprefix("@").strip()
    return Who(word, mlflow=name) if name and not name.startswith("<") else None
