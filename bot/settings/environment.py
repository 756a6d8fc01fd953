"""What only the environment says: Slack's tokens, the trackers' credentials, GitHub's and GitLab's secrets."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from pydantic import SecretStr

from bot.settings.interpolation import UnknownVariable, looked_up
from bot.settings.sections import SlackSettings, TrackerSettings
from bot.settings.settings import Settings
from bot.settings.wishes import CiSettings

TRACKING = "MLFLOW_TRACKING_URI"


class Environment:
    """Reads variables, each also as NAME_FILE, and collects what is wrong with them."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        """Look in this environment."""
        self.environ = environ
        self.problems: list[str] = []

    def text(self, name: str) -> str:
        """A variable; empty when it is not set."""
        try:
            return (looked_up(name, self.environ) or "").strip()
        except UnknownVariable as problem:
            said = f"environment: {problem}"
            if said not in self.problems:
                self.problems.append(said)
            return ""

    def secret(self, name: str) -> SecretStr | None:
        """A variable that is never shown; nothing when it is not set."""
        value = self.text(name)
        return SecretStr(value) if value else None


def completed(settings: Settings, environment: Environment) -> Settings:
    """The settings of app.yaml with what the environment adds."""
    changes = {
        "ci": _ci(settings.ci, environment),
        "slack": _slack(environment),
        "trackers": _trackers(settings.trackers, environment),
    }
    return settings.model_copy(update=changes)


def _ci(ci: CiSettings, environment: Environment) -> CiSettings:
    github = {
        "secret": ci.github.secret or environment.secret("GITHUB_WEBHOOK_SECRET"),
        "token": ci.github.token or environment.secret("GITHUB_TOKEN"),
    }
    webhook_token = environment.secret("GITLAB_WEBHOOK_TOKEN")
    gitlab = {
        "secret": ci.gitlab.secret or webhook_token,
        "signing_token": ci.gitlab.signing_token or environment.secret("GITLAB_SIGNING_TOKEN"),
        "token": _other(ci.gitlab.token, webhook_token) or environment.secret("GITLAB_TOKEN"),
    }
    reports = {"secret": ci.reports.secret or environment.secret("REPORT_SECRET")}
    changes = {
        "github": ci.github.model_copy(update=github),
        "gitlab": ci.gitlab.model_copy(update=gitlab),
        "reports": ci.reports.model_copy(update=reports),
    }
    return ci.model_copy(update=changes)


def _other(token: SecretStr | None, webhook_token: SecretStr | None) -> SecretStr | None:
    """A token that is not the webhook's: that one opens nothing at GitLab, and is not to be sent there."""
    return token if token != webhook_token else None


def _slack(environment: Environment) -> SlackSettings:
    url = environment.text("SLACK_API_BASE_URL") or "https://slack.com/api/"
    if urlsplit(url).scheme not in ("http", "https"):
        environment.problems.append("environment: SLACK_API_BASE_URL is not an http or https address")
    return SlackSettings(
        bot_token=environment.secret("SLACK_BOT_TOKEN"),
        app_token=environment.secret("SLACK_APP_TOKEN"),
        signing_secret=environment.secret("SLACK_SIGNING_SECRET"),
        api_base_url=url.rstrip("/") + "/",
    )


def _trackers(trackers: tuple[TrackerSettings, ...], environment: Environment) -> tuple[TrackerSettings, ...]:
    """Credentials of the environment go only to the server they belong to, never to another one."""
    user = environment.text("MLFLOW_TRACKING_USERNAME")
    password = environment.secret("MLFLOW_TRACKING_PASSWORD")
    token = environment.secret("MLFLOW_TRACKING_TOKEN")
    if not (user or password or token):
        return trackers
    home = environment.text(TRACKING)
    bare = [one for one in trackers if not (one.username or one.password or one.token)]
    if home:
        theirs = [one for one in bare if _server(one.uri) == _server(home)]
    else:
        theirs = bare if len({_server(one.uri) for one in trackers}) == 1 else []
        if bare and not theirs:
            environment.problems.append(
                f"environment: {TRACKING} is not set, so nobody knows which tracker MLFLOW_TRACKING_USERNAME, "
                "_PASSWORD and _TOKEN belong to; set it, or give each tracker its own username and password"
            )
    given = {"username": user, "password": password, "token": token}
    return tuple(one.model_copy(update=given) if one in theirs else one for one in trackers)


def _server(address: str) -> tuple[str, str, int | None]:
    try:
        parts = urlsplit(address)
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
        return parts.scheme, parts.hostname or "", port
    except ValueError:
        return "", address, None
