"""Who asks, and people as they are named in a command."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks and where: Slack ids and names, the person's time zone; `shared` when all will see the answer."""

    user: str
    name: str
    channel: str
    channel_name: str = ""
    timezone: str = "UTC"
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Who:
    """A person as typed: the asker themself (`me`), a Slack user id, or an MLflow user name."""

    typed: str
    me: bool = False
    slack: str = ""
    mlflow: str = ""
