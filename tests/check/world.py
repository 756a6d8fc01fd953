"""A database, a Slack and a tracker for `rundown check`, all as they should be."""

from datetime import UTC, datetime

from pydantic import SecretStr

from bot.check import Finding, Past, check
from bot.manifest import Declared
from bot.ports.slack import Slack
from bot.render.messages import Templates
from bot.settings import (
    AppSettings,
    CiSettings,
    GithubSettings,
    Settings,
    SlackSettings,
    SubscriptionSettings,
    TrackerSettings,
)
from tests.fakes.ci_hosts import FakeCiHost
from tests.fakes.slack import FakeSlack
from tests.fakes.tracker import FakeTracker

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DECLARED = Declared(commands=(), events=("message.channels",), scopes=("channels:read", "chat:write"))
TOKENS = SlackSettings(bot_token=SecretStr("xoxb-1"), app_token=SecretStr("xapp-1"))
SETTINGS = Settings(
    app=AppSettings(ops_channel="#rundown-ops"),
    trackers=(TrackerSettings(name="main", uri="http://mlflow:5000"),),
    channels={"#churn": (SubscriptionSettings(experiments=("churn-*",)),)},
    ci=CiSettings(github=GithubSettings(secret=SecretStr("s"))),
    slack=TOKENS,
)


class Database:
    """A database at a revision, or one that does not answer."""

    def __init__(self, at: str = "0001", trouble: Exception | None = None) -> None:
        self.at = at
        self.trouble = trouble

    def revision(self) -> tuple[str, str]:
        if self.trouble:
            raise self.trouble
        return self.at, "0001"

    def upgrade(self) -> None:
        self.at = "0001"


class World:
    """Everything as it should be, until a test changes it."""

    def __init__(self) -> None:
        self.slack = FakeSlack(lambda: NOW)
        self.slack.add_channel("#churn")
        self.slack.add_channel("#rundown-ops")
        self.tracker = FakeTracker("main", lambda: NOW)
        self.tracker.create_experiment("churn-2026")
        self.database = Database()
        self.declared = DECLARED
        self.known = Past(NOW, {"github": NOW, "gitlab": NOW}, {})
        self.ci_hosts: dict[str, FakeCiHost] = {}

    def found(self, settings: Settings = SETTINGS, *, ask_slack: bool = True) -> list[Finding]:
        slack: Slack | None = self.slack if ask_slack else None
        return check(
            settings,
            slack=slack,
            trackers={"main": self.tracker},
            store=self.database,
            templates=Templates(settings.templates),
            declared=self.declared,
            ci_hosts=self.ci_hosts,
            known=self.known,
        )

    def wrong(self, settings: Settings = SETTINGS) -> list[Finding]:
        findings = [finding for finding in self.found(settings) if finding.level != "ok"]
        assert all(finding.mend for finding in findings)
        return findings
