"""People as they are named in a command, and the MLflow users they are."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.ports.store import Unit
from bot.settings import PersonSettings

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


def mlflow_users(unit: Unit, people: Sequence[PersonSettings], who: Who, asker: str) -> tuple[str, ...]:
    """The MLflow users somebody is: from app.yaml and from what people linked; empty where nobody knows.

    `asker` is the Slack id of who asks, for `@me`.
    """
    if who.mlflow:
        return (who.mlflow,)
    slack = asker if who.me else who.slack
    named = [person.mlflow for person in people if person.slack == slack]
    linked = [person.mlflow_user for person in unit.people.by_slack(slack)]
    return tuple(dict.fromkeys([*named, *linked]))
