"""What a small app.yaml and the environment become."""

from datetime import time, timedelta
from pathlib import Path

import pytest

from bot.facts.verdicts import MinChange
from bot.settings import Settings, TrackerSettings, load_app, load_settings

ENVIRON = {"MLFLOW_TRACKING_URI": "http://mlflow.example.com:5000", "SLACK_BOT_TOKEN": "xoxb-1"}


def load(folder: Path, text: str, **environ: str) -> Settings:
    path = folder / "app.yaml"
    path.write_text(text, encoding="utf-8")
    return load_settings(path, {**ENVIRON, **environ})


def test_the_least_follows_the_tracker_of_the_environment(tmp_path: Path) -> None:
    settings = load(tmp_path, "app: {name: Rundown}\n")
    assert settings.trackers == (TrackerSettings(name="main", uri="http://mlflow.example.com:5000"),)
    assert settings.trackers[0].public_url == "http://mlflow.example.com:5000"
    assert settings.database == "sqlite:///rundown.db"
    assert settings.slack.bot_token is not None
    assert settings.slack.bot_token.get_secret_value() == "xoxb-1"


def test_values_of_every_kind_are_read(tmp_path: Path) -> None:
    settings = load(
        tmp_path,
        """
        trackers:
          - {name: main, uri: http://a:1/, public_url: https://ml.example.com, poll: 1h 30m}
        channels:
          "#churn":
            - experiments: [churn-*]
              post: [finished, stalled]
              only: ["+tag:team=growth", "-by:bot"]
              digest: {at: 9:30, days: [mon, tue], timezone: Europe/Berlin}
            - {}
        documentation:
          remind: {after: 2h, working_hours: "08:00 - 17:30", days: daily}
        cards: {group_after: ${GROUP:-5}}
        """,
    )
    tracker = settings.trackers[0]
    assert (tracker.uri, tracker.public_url, tracker.poll) == (
        "http://a:1",
        "https://ml.example.com",
        timedelta(minutes=90),
    )
    first, second = settings.subscriptions()
    assert (first.channel, first.post, first.only) == (
        "#churn",
        ("finished", "stalled"),
        ("+tag:team=growth", "-by:bot"),
    )
    assert second.experiments == ("*",)
    digest = settings.channels["#churn"][0].digest
    assert digest is not None
    assert (digest.at, digest.days, digest.timezone) == (time(9, 30), frozenset({"mon", "tue"}), "Europe/Berlin")
    remind = settings.documentation.remind
    assert remind is not None
    assert remind.working_hours == (time(8), time(17, 30))
    assert settings.cards.group_after == 5


def test_the_first_pattern_that_matches_an_experiment_wins(tmp_path: Path) -> None:
    settings = load(tmp_path, "experiments: {'churn-x': {primary: a}, 'churn-*': {primary: b}, '*': {primary: c}}")
    assert [settings.experiment(name).primary for name in ("churn-x", "churn-y", "Churn")] == ["a", "b", "c"]
    assert Settings().experiment("any").primary is None


@pytest.mark.parametrize(("written", "there"), [("on", True), ("off", False), ("", True), ("{after: 1h}", True)])
def test_a_section_can_be_switched_off(tmp_path: Path, written: str, there: bool) -> None:
    settings = load(tmp_path, f"documentation:\n  remind: {written}\n")
    assert (settings.documentation.remind is not None) is there


def test_anchors_and_merges_spare_repetition(tmp_path: Path) -> None:
    settings = load(
        tmp_path,
        """
        trackers:
          - &main {name: main, uri: http://a, poll: 5s}
          - {<<: *main, name: other}
        """,
    )
    assert [(one.name, one.poll.seconds) for one in settings.trackers] == [("main", 5), ("other", 5)]


def test_the_app_block_can_be_read_before_anything_else_is_set_up(tmp_path: Path) -> None:
    path = tmp_path / "app.yaml"
    path.write_text("app: {name: Ada}\ntrackers: [{name: main, uri: '${NOT_SET}'}]\n")
    assert load_app(path, {}).name == "Ada"


@pytest.mark.parametrize(
    ("written", "least"),
    [
        ("1%", MinChange(share=0.01)),
        ('"0.5 %"', MinChange(share=0.005)),
        ("0.005", MinChange(amount=0.005)),
        ("3", MinChange(amount=3.0)),
        ("1e-300", MinChange(amount=1e-300)),
        ("${LEAST}", MinChange(share=0.02)),
        ("", MinChange(share=0.01)),
    ],
)
def test_the_least_change_is_a_share_or_an_amount(tmp_path: Path, written: str, least: MinChange) -> None:
    settings = load(tmp_path, f"experiments: {{'*': {{metrics: {{auc: {{min_change: {written}}}}}}}}}", LEAST="2%")
    assert settings.experiments["*"].metrics["auc"].min_change == least
