"""Who asks, and where."""

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
