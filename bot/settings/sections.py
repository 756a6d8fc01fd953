"""The sections of app.yaml that say how Rundown works: app, trackers, cards, following, delivery, door."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

from bot.settings.kinds import Address, MaybeAddress, MaybeChannel, Secret, SomeSpan, Span, at_least


class Section(BaseModel):
    """A block of settings: frozen, with no other keys; a key without a value keeps its default."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", allow_inf_nan=False, use_attribute_docstrings=True, hide_input_in_errors=True
    )

    @model_validator(mode="before")
    @classmethod
    def _unwritten(cls, data: Any) -> Any:
        if isinstance(data, Mapping):
            return {key: value for key, value in data.items() if value is not None}
        return data


class AppSettings(Section):
    """The Slack app: Slack's own manifest is made from this block by `rundown manifest`."""

    name: Annotated[str, Field(min_length=1, max_length=35)] = "Rundown"
    """The app's name in Slack."""
    command: Annotated[str, Field(pattern=r"^/[a-z0-9][a-z0-9_-]{0,30}$")] = "/runs"
    """The slash command that people type."""
    mode: Literal["socket", "http"] = "socket"
    """How Slack reaches the bot: socket needs no public address, http needs public_url."""
    public_url: MaybeAddress = ""
    """The bot's own address as Slack and GitHub see it; http mode needs it."""
    ops_channel: MaybeChannel = ""
    """The channel that is told once when a tracker, Slack or the database is in trouble; empty: nobody is."""
    description: Annotated[str, Field(min_length=1, max_length=140)] = (
        "Follows MLflow runs and CI: living cards, answers, reminders and digests."
    )
    """What Slack says of the app where people meet it."""

    @model_validator(mode="after")
    def _reachable(self) -> "AppSettings":
        if self.mode == "http" and not self.public_url:
            raise ValueError("mode is http, which needs public_url: the https address where Slack reaches the bot")
        return self


class TrackerSettings(Section):
    """An MLflow tracking server to follow."""

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,39}$")]
    """What people call the tracker; unique, and part of what Rundown remembers, so do not change it."""
    uri: Address
    """The server's address, as in MLFLOW_TRACKING_URI; http or https."""
    public_url: MaybeAddress = Field(default_factory=lambda known: known.get("uri", ""))
    """Where people open MLflow in a browser, when that is not uri: links lead there."""
    poll: SomeSpan = timedelta(seconds=10)
    """How often to look for news."""
    timeout: SomeSpan = timedelta(seconds=30)
    """How long to wait for one answer."""
    workspace: str = ""
    """The MLflow workspace to follow, where the server has workspaces."""
    username: str = ""
    """The user to sign in as, with password; else MLFLOW_TRACKING_USERNAME."""
    password: Secret = None
    """The password, only as ${NAME}; else MLFLOW_TRACKING_PASSWORD."""
    token: Secret = None
    """A bearer token for servers behind a proxy, only as ${NAME}; else MLFLOW_TRACKING_TOKEN."""

    @model_validator(mode="before")
    @classmethod
    def _links(cls, data: Any) -> Any:
        if isinstance(data, Mapping) and data.get("public_url") == "":
            return {key: value for key, value in data.items() if key != "public_url"}
        return data


class CardSettings(Section):
    """When cards are grouped, and which failures are no card of their own."""

    group_after: Annotated[int, Field(ge=1, le=1000)] = 3
    """So many cards of one experiment within the window stand alone; what comes then shares a grouped card."""
    window: SomeSpan = timedelta(hours=1)
    """The window in which cards of one experiment are counted."""
    early_failure: Span = timedelta(minutes=5)
    """A run that fails sooner than this gets no card of its own; 0s: every failure gets one."""


class FollowingSettings(Section):
    """How runs are followed, and how long what was seen is kept."""

    stalled_after: Annotated[Span, at_least(timedelta(minutes=1))] = timedelta(hours=3)
    """A running run that is silent for longer has stalled."""
    overlap: SomeSpan = timedelta(minutes=15)
    """How far each look reaches back behind the last one, for late and back-dated changes."""
    reconcile: SomeSpan = timedelta(minutes=1)
    """How often one page of the whole history is read again, for what no look can see."""
    keep: Annotated[Span, at_least(timedelta(days=1))] = timedelta(days=30)
    """How long changes, decisions and last lines are kept."""
    old_news: SomeSpan = timedelta(hours=2)
    """Changes older than this, seen after an outage, become one summary instead of cards."""


class DeliverySettings(Section):
    """How messages reach Slack."""

    per_minute: Annotated[int, Field(ge=1, le=1000)] = 300
    """At most so many messages a minute to the whole workspace; a channel gets one a second."""
    settle: Span = timedelta(seconds=10)
    """How long to wait before looking in Slack for a message of which nobody knows whether it arrived."""
    timeout: SomeSpan = timedelta(seconds=10)
    """How long to wait for one answer of Slack."""


class DoorSettings(Section):
    """Where the bot listens for Slack (http mode), webhooks and health checks."""

    host: Annotated[str, Field(min_length=1)] = "127.0.0.1"
    """The address to listen on; 0.0.0.0 in a container."""
    port: Annotated[int, Field(ge=0, le=65535)] = 3000
    """The port to listen on."""


class SlackSettings(Section):
    """What the environment says about Slack; never in app.yaml."""

    bot_token: SecretStr | None = None
    """SLACK_BOT_TOKEN, xoxb-…"""
    app_token: SecretStr | None = None
    """SLACK_APP_TOKEN, xapp-…, for socket mode."""
    signing_secret: SecretStr | None = None
    """SLACK_SIGNING_SECRET, for http mode."""
    api_base_url: str = "https://slack.com/api/"
    """SLACK_API_BASE_URL, ends with a slash."""
