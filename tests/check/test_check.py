"""`rundown check` names what is wrong, and the one step that mends each."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.check import Finding, upgraded
from bot.manifest import Declared, SlashCommand
from bot.ports.errors import TrackerDown, TrackerRefused
from bot.settings import (
    AppSettings,
    CiSettings,
    ExperimentSettings,
    Settings,
    SlackSettings,
    SubscriptionSettings,
)
from tests.check.world import SETTINGS, TOKENS, Database, World
from tests.fakes.slack import Fault


@pytest.fixture
def world() -> World:
    return World()


def the_one(findings: list[Finding]) -> tuple[str, str, str]:
    assert len(findings) == 1, findings
    return findings[0].level, findings[0].what, findings[0].mend


def test_all_is_well(world: World) -> None:
    assert world.wrong() == []
    said = [finding.what for finding in world.found()]
    assert "app.yaml can be read: 1 tracker, 1 channel." in said
    assert "The bot is in #churn." in said
    assert any(what.startswith("Tracker main answers at http://mlflow:5000") for what in said)
    assert not any(finding.mend for finding in world.found())


@pytest.mark.parametrize(
    ("changes", "what", "mend"),
    [
        ({"bot_token": None}, "SLACK_BOT_TOKEN is not set.", "manifest.yaml"),
        ({"bot_token": SecretStr("xoxp-1")}, "SLACK_BOT_TOKEN does not begin with xoxb-", "Bot User OAuth Token"),
        ({"app_token": None}, "SLACK_APP_TOKEN is not set.", "connections:write"),
        ({"app_token": SecretStr("xoxb-1")}, "SLACK_APP_TOKEN does not begin with xapp-", "app-level token"),
    ],
)
def test_a_token_that_is_missing_or_of_another_kind_is_named(
    world: World, changes: dict[str, SecretStr | None], what: str, mend: str
) -> None:
    settings = SETTINGS.model_copy(update={"slack": TOKENS.model_copy(update=changes)})
    level, said, step = the_one(world.wrong(settings))
    assert (level, what in said, mend in step) == ("error", True, True)
    assert "xoxp-1" not in said + step


def test_http_mode_needs_a_signing_secret_and_https(world: World) -> None:
    app = AppSettings(mode="http", public_url="http://bot.example.com", ops_channel="#rundown-ops")
    slack = SlackSettings(bot_token=SecretStr("xoxb-1"))
    secret, address = world.wrong(SETTINGS.model_copy(update={"app": app, "slack": slack}))
    assert (secret.level, secret.what) == ("error", "SLACK_SIGNING_SECRET is not set.")
    assert (address.level, "https" in address.mend) == ("warning", True)


def test_without_a_token_slack_is_not_asked(world: World) -> None:
    world.found(ask_slack=False)
    assert world.slack.calls == []


def test_each_missing_scope_says_what_it_is_for(world: World) -> None:
    world.declared = Declared(
        commands=(SlashCommand("/runs", "Ask"),), events=("message.groups",), scopes=("chat:write",)
    )
    commands, history = world.wrong()
    assert commands.what == "The scope commands is missing; with it Rundown answers its slash command."
    assert "groups:history" in history.what
    assert "install the app again" in history.mend


@pytest.mark.parametrize(
    ("fault", "what", "mend"),
    [
        (Fault(error="invalid_auth"), "does not accept the bot's token (invalid_auth)", "Install the app again"),
        (Fault(error="connection_refused"), "does not answer at https://slack.com/api/", "proxy"),
        (Fault(drop="before"), "does not answer at https://slack.com/api/", "proxy"),
        (Fault(error="team_access_not_granted"), "refused to say who the bot is", "https://api.slack.com/apps"),
    ],
)
def test_slack_that_does_not_let_the_bot_in_is_one_finding(
    world: World, fault: Fault, what: str, mend: str
) -> None:
    world.slack.fault("auth.test", fault)
    level, said, step = the_one(world.wrong())
    assert (level, what in said, mend in step) == ("error", True, True), (said, step)


def test_channels_that_cannot_be_posted_to_are_named(world: World) -> None:
    world.slack.add_channel("#outside", member=False)
    world.slack.add_channel("#old", archived=True)
    wish = (SubscriptionSettings(),)
    channels = {"#outside": wish, "#old": wish, "#chrun": wish}
    outside, old, typo = world.wrong(SETTINGS.model_copy(update={"channels": channels}))
    assert (outside.what, outside.mend) == (
        "The bot is not a member of #outside.",
        "Type in #outside: /invite @Rundown",
    )
    assert "archived" in old.what
    assert (typo.what, "did you mean #churn?" in typo.mend) == ("The bot sees no channel #chrun.", True)


def test_slack_that_lists_no_channels_is_one_finding(world: World) -> None:
    world.slack.fault("conversations.list", Fault(error="missing_scope"))
    level, said, _ = the_one(world.wrong())
    assert (level, said) == ("error", "Slack did not list its channels (missing_scope).")


@pytest.mark.parametrize(
    ("trouble", "what", "mend"),
    [
        (
            TrackerDown("main cannot be reached (refused)."),
            "Tracker main does not answer: main cannot",
            "Start it",
        ),
        (TrackerRefused("main wants other credentials (HTTP 401). Set username."), "(HTTP 401).", "Set username."),
        (TrackerRefused("no"), "Tracker main: no.", "Correct the uri or the credentials of tracker main."),
    ],
)
def test_a_tracker_that_does_not_answer_has_a_mend(
    world: World, trouble: TrackerDown | TrackerRefused, what: str, mend: str
) -> None:
    world.tracker.trouble = trouble
    level, said, step = the_one(world.wrong())
    assert (level, what in said, mend in step) == ("error", True, True), (said, step)


def test_patterns_that_match_nothing_are_warned_of(world: World) -> None:
    settings = SETTINGS.model_copy(
        update={
            "experiments": {"churn-?026": ExperimentSettings(), "curn-2026": ExperimentSettings()},
            "channels": {"#churn": (SubscriptionSettings(experiments=("churn-*", "fraud-*", "*")),)},
        }
    )
    typo, early = world.wrong(settings)
    assert (typo.level, typo.what) == ("warning", "experiments: 'curn-2026' matches no experiment.")
    assert "did you mean churn-2026?" in typo.mend
    assert early.what == "channels.#churn: 'fraud-*' matches no experiment."


@pytest.mark.parametrize(
    ("database", "what", "mend"),
    [
        (Database(""), "The database is empty; this version needs 0001.", "Run: rundown db upgrade"),
        (
            Database("0000"),
            "The database is at revision 0000; this version needs 0001.",
            "Run: rundown db upgrade",
        ),
        (
            Database("0002"),
            "The database is at revision 0002, made by a newer Rundown; this version knows 0001.",
            "Install that version again",
        ),
        (Database(trouble=OSError("password=hunter2")), "The database does not answer (OSError).", "DATABASE_URL"),
    ],
)
def test_a_database_that_is_away_or_of_another_version_is_named(
    world: World, database: Database, what: str, mend: str
) -> None:
    world.database = database
    shared = SETTINGS.model_copy(update={"database": "postgresql+psycopg://bot@db/rundown"})
    level, said, step = the_one(world.wrong(shared))
    assert (level, said, mend in step) == ("error", what, True)
    assert "hunter2" not in said + step


@pytest.mark.parametrize(("at", "what"), [("", "is not made yet"), ("0000", "brings it to 0001")])
def test_a_sqlite_database_that_serve_brings_up_to_date_is_well(
    world: World, tmp_path: Path, at: str, what: str
) -> None:
    world.database = Database(at)
    settings = SETTINGS.model_copy(update={"database": f"sqlite:///{tmp_path / 'new' / 'rundown.db'}"})
    assert world.wrong(settings) == []
    assert any(what in finding.what for finding in world.found(settings))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("database", "level", "at"),
    [
        (Database(""), "ok", "0001"),
        (Database("0001"), "ok", "0001"),
        (Database("0002"), "error", "0002"),
        (Database("", OSError()), "error", ""),
    ],
)
def test_an_upgrade_says_how_it_went(database: Database, level: str, at: str) -> None:
    assert (upgraded(database).level, database.at) == (level, at)


def test_own_templates_that_do_not_compile_or_replace_nothing_are_named(world: World, tmp_path: Path) -> None:
    built_in = "run.xml.j2"
    (tmp_path / "cards").mkdir()
    (tmp_path / "cards" / built_in).write_text("<message>{% if %}</message>")
    (tmp_path / "cards" / f"x{built_in}").write_text("<message><section>Hi</section></message>")
    (tmp_path / ".gitkeep").touch()
    stranger, broken = world.wrong(SETTINGS.model_copy(update={"templates": tmp_path}))
    assert (stranger.level, f"did you mean cards/{built_in}?" in stranger.mend) == ("warning", True)
    assert (broken.level, f"cards/{built_in}:1" in broken.what) == ("error", True)


def test_an_own_template_that_is_good_is_counted(world: World, tmp_path: Path) -> None:
    built_in = "run.xml.j2"
    (tmp_path / "cards").mkdir()
    (tmp_path / "cards" / built_in).write_text("<message><section>Hi</section></message>")
    settings = SETTINGS.model_copy(update={"templates": tmp_path})
    assert world.wrong(settings) == []
    assert f"{tmp_path} replaces 1 template." in [finding.what for finding in world.found(settings)]


def test_settings_that_say_nothing_to_anybody_are_warned_of(world: World) -> None:
    settings = Settings(trackers=SETTINGS.trackers, slack=TOKENS)
    nobody, trouble = world.wrong(settings)
    assert (nobody.what, "ops_channel" in trouble.mend) == ("No channel is told anything.", True)


def test_pipelines_that_nobody_can_report_are_warned_of(world: World) -> None:
    level, said, step = the_one(world.wrong(SETTINGS.model_copy(update={"ci": CiSettings()})))
    assert (level, "neither GitHub nor GitLab is listened to" in said, "/webhooks/github" in step) == (
        "warning",
        True,
        True,
    )


def test_baselines_that_cannot_be_had_are_warned_of(world: World) -> None:
    named = {"churn-*": "model:churn@champion", "nobody-*": f"run:{'f' * 32}"}
    rules = {pattern: ExperimentSettings(baseline=baseline) for pattern, baseline in named.items()}
    settings = SETTINGS.model_copy(update={"experiments": rules})
    start = "experiments.churn-*.baseline: model:churn@champion"
    assert f"{start} cannot be had: main has no registered model churn." in told(world.wrong(settings))
    world.tracker.create_model("churn")
    version = world.tracker.register("churn", "a" * 32)
    assert f"{start} cannot be had: churn has no alias champion on main." in told(world.wrong(settings))
    world.tracker.alias("churn", "champion", version)
    found = [one for one in told(world.found(settings)) if ".baseline: " in one]
    assert found == [f"{start} is version 1, of run {'a' * 32}."]


def test_a_baseline_that_was_deleted_is_warned_of(world: World) -> None:
    run_id = world.tracker.create_run(world.tracker.experiments()[0].experiment_id, "calm-owl-12")
    rules = {"churn-*": ExperimentSettings(baseline=f"run:{run_id}")}
    settings = SETTINGS.model_copy(update={"experiments": rules})
    assert f"experiments.churn-*.baseline: run:{run_id} is calm-owl-12." in told(world.found(settings))
    world.tracker.delete(run_id)
    [words] = [one for one in told(world.wrong(settings)) if ".baseline: " in one]
    assert words.endswith("cannot be had: calm-owl-12 was deleted.")


def told(findings: list[Finding]) -> list[str]:
    return [one.what for one in findings]
