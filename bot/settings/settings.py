"""All settings as one typed object: what app.yaml and the environment say."""

import re
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, ValidationInfo, field_validator

from bot.facts.routes import Subscription
from bot.settings.hints import Interpolated, shown
from bot.settings.kinds import Channel, Glob, in_file
from bot.settings.sections import (
    AppSettings,
    CardSettings,
    DeliverySettings,
    DoorSettings,
    FollowingSettings,
    Section,
    SlackSettings,
    TrackerSettings,
)
from bot.settings.wishes import (
    CiSettings,
    DocumentationSettings,
    ExperimentSettings,
    PersonSettings,
    SubscriptionSettings,
)

DIALECTS = ("sqlite:///", "postgresql+psycopg://")
LITERAL_PASSWORD = re.compile(r"://[^:@/]*:(?!\$\{[^}]*\}@)[^@/]*@")


def _folder(value: Any, info: ValidationInfo) -> Any:
    """Relative folders start at the folder of app.yaml."""
    if value in ("", None):
        return None
    if isinstance(value, str) and in_file(info):
        folder = Path((info.context or {})["folder"]) / value
        try:
            found = folder.is_dir()
        except (OSError, ValueError):
            found = False
        if not found:
            raise ValueError(f"there is no folder {shown(value)} beside app.yaml")
        return folder
    return value


def _some(value: Any) -> Any:
    if value is None or value == []:
        raise ValueError("a channel needs a subscription, such as - experiments: [churn-*]")
    return value


class Settings(Section):
    """What Rundown follows, where it posts, and how the team works."""

    app: AppSettings = AppSettings()
    """The Slack app: Slack's own manifest is made from this block by `rundown manifest`."""
    database: Annotated[str, Field(repr=False)] = "sqlite:///rundown.db"
    """Rundown's own database: sqlite:///file.db or postgresql+psycopg://…; else DATABASE_URL."""
    trackers: tuple[TrackerSettings, ...] = ()
    """The MLflow tracking servers to follow; else one named main at MLFLOW_TRACKING_URI."""
    experiments: dict[Glob, ExperimentSettings] = Field(default_factory=dict)
    """What is true of experiments, by a pattern of their names; the first match wins."""
    channels: dict[Channel, Annotated[tuple[SubscriptionSettings, ...], BeforeValidator(_some)]] = Field(
        default_factory=dict
    )
    """Who is told what: a list of subscriptions a channel."""
    cards: CardSettings = CardSettings()
    """When cards are grouped, and which failures are no card of their own."""
    following: FollowingSettings = FollowingSettings()
    """How runs are followed, and how long what was seen is kept."""
    delivery: DeliverySettings = DeliverySettings()
    """How messages reach Slack."""
    documentation: DocumentationSettings = DocumentationSettings()
    """What counts as documented, and who is reminded."""
    ci: CiSettings = CiSettings()
    """The CI that may report, and where its code is."""
    people: tuple[PersonSettings, ...] = ()
    """MLflow users joined to Slack people."""
    templates: Annotated[Path | None, BeforeValidator(_folder)] = None
    """A folder whose files replace built-in templates of the same name; relative to app.yaml."""
    door: DoorSettings = DoorSettings()
    """Where the bot listens for Slack (http mode), webhooks and health checks."""
    slack: SlackSettings = SlackSettings()
    """What the environment says about Slack; never in app.yaml."""

    @field_validator("database", mode="before")
    @classmethod
    def _database(cls, value: Any, info: ValidationInfo) -> Any:
        if not isinstance(value, str):
            return value
        written = value.source if isinstance(value, Interpolated) else value
        if in_file(info) and LITERAL_PASSWORD.search(written):
            raise ValueError("a password may not stand in this file; write ${DATABASE_URL} and set that")
        url = re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", value)
        if not url.startswith(DIALECTS):
            raise ValueError("a database is sqlite:///file.db or postgresql+psycopg://user@host/name")
        return url

    @field_validator("trackers", mode="after")
    @classmethod
    def _names(cls, trackers: tuple[TrackerSettings, ...]) -> tuple[TrackerSettings, ...]:
        names = [tracker.name for tracker in trackers]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"two trackers are named {name!r}; a name is what Rundown knows a tracker by")
        return trackers

    @field_validator("people", mode="after")
    @classmethod
    def _once(cls, people: tuple[PersonSettings, ...]) -> tuple[PersonSettings, ...]:
        users = [person.mlflow for person in people]
        for user in users:
            if users.count(user) > 1:
                raise ValueError(f"the MLflow user {user!r} stands here twice")
        return people

    @field_validator("channels", mode="after")
    @classmethod
    def _one_digest(
        cls, channels: dict[str, tuple[SubscriptionSettings, ...]]
    ) -> dict[str, tuple[SubscriptionSettings, ...]]:
        for channel, wishes in channels.items():
            if sum(wish.digest is not None for wish in wishes) > 1:
                raise ValueError(f"{channel} has two digests; one covers all of its subscriptions")
        return channels

    def experiment(self, name: str) -> ExperimentSettings:
        """What is true of an experiment: the first pattern that matches its name, else the defaults."""
        for pattern, found in self.experiments.items():
            if fnmatchcase(name, pattern):
                return found
        return ExperimentSettings()

    def subscriptions(self) -> tuple[Subscription, ...]:
        """The subscriptions of app.yaml, in its order."""
        return tuple(
            Subscription(
                channel,
                wish.experiments,
                wish.post,
                wish.only,
                wish.show,
                wish.threads,
                repositories=wish.repositories,
            )
            for channel, wishes in self.channels.items()
            for wish in wishes
        )
