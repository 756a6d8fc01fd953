"""What is set for this channel, this person and the trackers."""

from collections.abc import Collection

from bot.facts.messages import Message
from bot.find.people import mlflow_users
from bot.find.scope import subscribed
from bot.ports.store import Store
from bot.settings import DigestSettings, Settings
from bot.words import Asker
from handlers.lists import channels, standing

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def answer(*, store: Store, settings: Settings, asker: Asker) -> Message:
    """What this channel is told, who you are in MLflow, and how the trackers stand.

    All of it is set in app.yaml.

    Examples:
        settings
    """
    digest = _digest(settings, asker)
    with store.read() as unit:
        facts = {
            "channel": asker.channel,
            "subscriptions": subscribed(unit, settings.subscriptions(), channels(asker)),
            "digest": digest,
            "days": _days(digest.days) if digest else "",
            "users": mlflow_users(unit, settings.people, asker.user),
            "trackers": [(one, unit.trackers.get(one.name)) for one in settings.trackers],
            "standing": standing(unit, settings),
        }
    return Message("commands/settings", facts)


def _days(days: Collection[str]) -> str:
    """Days as app.yaml writes them: weekdays, daily, or their names in order."""
    if len(days) == len(WEEK):
        return "daily"
    ordered = [day for day in WEEK if day in days]
    return "weekdays" if ordered == list(WEEK[:5]) else ", ".join(ordered)


def _digest(settings: Settings, asker: Asker) -> DigestSettings | None:
    wanted = {name.lstrip("#") for name in channels(asker)}
    found = [
        wish.digest
        for channel, wishes in settings.channels.items()
        if channel.lstrip("#") in wanted
        for wish in wishes
        if wish.digest is not None
    ]
    return found[0] if found else None
