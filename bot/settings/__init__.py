"""The settings: app.yaml and the environment as one typed object, with errors that name line and mend."""

from bot.settings.loading import load_app, load_settings
from bot.settings.problems import SettingsError
from bot.settings.schema import schema
from bot.settings.sections import (
    AppSettings,
    CardSettings,
    DeliverySettings,
    DoorSettings,
    FollowingSettings,
    SlackSettings,
    TrackerSettings,
)
from bot.settings.settings import Settings
from bot.settings.wishes import (
    CiSettings,
    DigestSettings,
    DocumentationSettings,
    ExperimentSettings,
    GithubSettings,
    GitlabSettings,
    MetricSettings,
    PersonSettings,
    RemindSettings,
    SubscriptionSettings,
)

__all__ = [
    "AppSettings",
    "CardSettings",
    "CiSettings",
    "DeliverySettings",
    "DigestSettings",
    "DocumentationSettings",
    "DoorSettings",
    "ExperimentSettings",
    "FollowingSettings",
    "GithubSettings",
    "GitlabSettings",
    "MetricSettings",
    "PersonSettings",
    "RemindSettings",
    "Settings",
    "SettingsError",
    "SlackSettings",
    "SubscriptionSettings",
    "TrackerSettings",
    "load_app",
    "load_settings",
    "schema",
]
