"""What the environment adds, and whom its secrets are given to."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.settings import Settings, SettingsError, load_settings

TWO_SERVERS = "trackers: [{name: a, uri: 'http://a:5000'}, {name: b, uri: 'http://b'}]"
CREDENTIALS = {"MLFLOW_TRACKING_USERNAME": "bot", "MLFLOW_TRACKING_PASSWORD": "pass-1"}


def load(folder: Path, text: str, environ: dict[str, str]) -> Settings:
    path = folder / "app.yaml"
    path.write_text(text, encoding="utf-8")
    return load_settings(path, environ)


def secret(given: SecretStr | None) -> str:
    return given.get_secret_value() if given else ""


def test_every_token_may_come_from_a_file(tmp_path: Path) -> None:
    names = ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "GITHUB_WEBHOOK_SECRET", "DATABASE_URL"]
    names += ["GITHUB_TOKEN", "GITLAB_TOKEN", "REPORT_SECRET"]
    environ = {"MLFLOW_TRACKING_URI_FILE": str(tmp_path / "uri")}
    (tmp_path / "uri").write_text("http://a\n")
    for name in names:
        (tmp_path / name).write_text(f"postgres://{name}\n")
        environ[f"{name}_FILE"] = str(tmp_path / name)
    settings = load(tmp_path, "app: {name: a}\nci: {github: {secret: '${GITHUB_WEBHOOK_SECRET:-}'}}", environ)
    assert settings.trackers[0].uri == "http://a"
    assert secret(settings.slack.bot_token) == "postgres://SLACK_BOT_TOKEN"
    assert secret(settings.slack.app_token) == "postgres://SLACK_APP_TOKEN"
    assert secret(settings.slack.signing_secret) == "postgres://SLACK_SIGNING_SECRET"
    assert secret(settings.ci.github.secret) == "postgres://GITHUB_WEBHOOK_SECRET"
    assert secret(settings.ci.github.token) == "postgres://GITHUB_TOKEN"
    assert secret(settings.ci.gitlab.token) == "postgres://GITLAB_TOKEN"
    assert secret(settings.ci.reports.secret) == "postgres://REPORT_SECRET"
    assert settings.database == "postgresql+psycopg://DATABASE_URL"


def test_the_same_secret_given_twice_is_a_problem(tmp_path: Path) -> None:
    environ = {"MLFLOW_TRACKING_URI": "http://a", "SLACK_BOT_TOKEN": "xoxb-1", "SLACK_BOT_TOKEN_FILE": "/x"}
    with pytest.raises(SettingsError) as raised:
        load(tmp_path, "app: {name: a}", environ)
    assert raised.value.problems == (
        "environment: both SLACK_BOT_TOKEN and SLACK_BOT_TOKEN_FILE are set; keep one of them",
    )


@pytest.mark.parametrize(
    ("content", "said"), [(None, "No such file"), (b"\xff", "not UTF-8 text"), (b"x" * 70_000, "too big")]
)
def test_a_secret_file_that_cannot_be_read_is_named(tmp_path: Path, content: bytes | None, said: str) -> None:
    if content is not None:
        (tmp_path / "token").write_bytes(content)
    environ = {"MLFLOW_TRACKING_URI": "http://a", "SLACK_BOT_TOKEN_FILE": str(tmp_path / "token")}
    with pytest.raises(SettingsError, match=f"SLACK_BOT_TOKEN_FILE.*{said}"):
        load(tmp_path, "app: {name: a}", environ)


def test_secrets_are_not_shown_when_settings_are_printed(tmp_path: Path) -> None:
    environ = {
        "MLFLOW_TRACKING_URI": "http://a",
        "SLACK_BOT_TOKEN": "canary-1",
        "SLACK_SIGNING_SECRET": "canary-2",
        "GITHUB_WEBHOOK_SECRET": "canary-3",
        "MLFLOW_TRACKING_PASSWORD": "canary-4",
        "DATABASE_URL": "postgresql://u:canary-5@h/d",
    }
    assert "canary" not in repr(load(tmp_path, "app: {name: a}", environ))


def test_credentials_go_to_the_server_they_belong_to(tmp_path: Path) -> None:
    settings = load(tmp_path, TWO_SERVERS, {"MLFLOW_TRACKING_URI": "http://a:5000/", **CREDENTIALS})
    assert [(one.username, secret(one.password)) for one in settings.trackers] == [("bot", "pass-1"), ("", "")]


def test_credentials_go_to_every_workspace_of_the_only_server(tmp_path: Path) -> None:
    text = "trackers: [{name: a, uri: 'http://a', workspace: x}, {name: b, uri: 'http://a', workspace: y}]"
    settings = load(tmp_path, text, CREDENTIALS)
    assert [one.username for one in settings.trackers] == ["bot", "bot"]


def test_a_trackers_own_credentials_stay(tmp_path: Path) -> None:
    text = "trackers: [{name: a, uri: 'http://a', username: me, password: '${MINE}'}]"
    settings = load(tmp_path, text, {"MINE": "pass-2", **CREDENTIALS})
    assert (settings.trackers[0].username, secret(settings.trackers[0].password)) == ("me", "pass-2")


def test_credentials_that_could_belong_to_either_of_two_servers_are_a_problem(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="nobody knows which tracker"):
        load(tmp_path, TWO_SERVERS, CREDENTIALS)


@pytest.mark.parametrize(
    ("given", "used"), [("", "https://slack.com/api/"), ("http://127.0.0.1:9/api", "http://127.0.0.1:9/api/")]
)
def test_slack_may_be_somewhere_else(tmp_path: Path, given: str, used: str) -> None:
    environ = {"MLFLOW_TRACKING_URI": "http://a", "SLACK_API_BASE_URL": given}
    assert load(tmp_path, "app: {name: a}", environ).slack.api_base_url == used


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("${NAME}", "Ada"),
        ("'${NAME} bot'", "Ada bot"),
        ("${NOT_SET:-Bea}", "Bea"),
        ("${EMPTY:-Bea}", "Bea"),
        ("${NOT_SET:-a, b: {c} #d}", "a, b: {c} #d"),
        ("'$${NAME}'", "${NAME}"),
        ("${HOSTILE}", "x, mode: http} # ${NAME}"),
    ],
)
def test_a_variable_is_one_value_and_never_structure(tmp_path: Path, written: str, meant: str) -> None:
    environ = {
        "MLFLOW_TRACKING_URI": "http://a",
        "NAME": "Ada",
        "EMPTY": "",
        "HOSTILE": "x, mode: http} # ${NAME}",
    }
    if "c}" in meant:
        written = f'"{written}"'
        meant = "a, b: {c #d}"
    for text in (f"app:\n  name: {written}\n", f"app: {{name: {written}, mode: socket}}\n"):
        app = load(tmp_path, text, environ).app
        assert (app.name, app.mode) == (meant, "socket")
