"""What is wrong with app.yaml is said all at once, each with its line and its mend."""

from pathlib import Path

import pytest

from bot.settings import SettingsError, load_app, load_settings

ENVIRON = {"MLFLOW_TRACKING_URI": "http://mlflow.example.com:5000"}


def problems(folder: Path, content: str | bytes, **environ: str) -> tuple[str, ...]:
    path = folder / "app.yaml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    with pytest.raises(SettingsError) as raised:
        load_settings(path, {**ENVIRON, **environ})
    assert str(raised.value) == "\n".join(raised.value.problems)
    return raised.value.problems


def test_everything_that_is_wrong_is_said_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = """\
app: {nme: Ada, mode: sokcet}
trackers:
  - name: main
    uri: localhost:5000
    poll: 10
channels:
  "#churn":
    - post: [finished, failed, finishd]
      digest: {timezone: Europe/Berln}
"""
    assert problems(tmp_path, text) == (
        "app.yaml:1:7: app.nme: there is no such setting; did you mean name?",
        "app.yaml:1:23: app.mode: 'sokcet' is not one of socket, http; did you mean socket?",
        "app.yaml:4:10: trackers[0].uri: 'localhost:5000' is not an http or https address such as "
        "https://mlflow.example.com",
        "app.yaml:5:11: trackers[0].poll: 10 has no unit; write 10s, 10m or 10h",
        "app.yaml:8:32: channels.\"#churn\"[0].post[2]: 'finishd' is not one of finished, failed, killed, "
        "stalled, started, edited, verdicts, pipelines, pull_requests; did you mean finished?",
        "app.yaml:9:26: channels.\"#churn\"[0].digest.timezone: 'Europe/Berln' is not a time zone such as "
        "Europe/Berlin; did you mean Europe/Berlin?",
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("channles: {}", "1:1: channles: there is no such setting; did you mean channels?"),
        ("app: {name: a, name: b}", "1:16: app.name: this stands twice, first in line 1; keep one of them"),
        ("app: [a", "1:8: expected ',' or ']', but got '<stream end>'"),
        ("app:\n\tname: a", "2:1: YAML is indented with spaces, not with tabs"),
        ("", "1:1: the file is empty"),
        ("# only a comment\n", "1:1: the file is empty"),
        ("null", "1:1: the file is empty"),
        ("- a", "1:1: a list is not a mapping of settings to values"),
        ("app: {}\n---\napp: {}", "2:1: a second document begins here"),
        ("channels:\n  '#a':\n    - experiments: *", "a text that begins with * must stand in quotes"),
        ("channels:\n  '#a':\n    - experiments: *all", 'a text that begins with * must stand in quotes, as "*"'),
        ("app: !!python/object:os.system {}", "1:6: app: tags such as !name mean nothing here"),
        ("? [a]\n: b", "1:3: the name of a setting must be a plain text"),
        ("${A}: b", "1:1: the name of a setting is a plain text without variables"),
        (b"app: \xff", "1:6: this is not UTF-8 text; save the file as UTF-8"),
        ("app: {name: \x07}", "1:13: the character U+0007 cannot stand in YAML"),
        ('app: {name: "\\ud800"}', "1:13: app.name: this holds half a character"),
        ("app: " + "[" * 5000, "this is nested too deeply"),
        ("app: &a {x: *a}", "the file holds too many values or nests them too deeply"),
        ("app: &a {<<: *a}", "<< takes another mapping"),
        ("app: {name: " + "x" * 600_000 + "}", "1:1: the file is bigger than 512 KB"),
        ("runtime: python39", "1:1: runtime: this key belongs to a file of Google App Engine"),
        ("command: [python]", "1:1: command: this key belongs to a file of Databricks Apps"),
        ("env: []", "1:1: env: this key belongs to a file of Databricks Apps"),
        ("display_information: {}", "this key belongs to a file of Slack's app manifest"),
        ("slack: {bot_token: a}", "1:1: slack: Slack's tokens come from the environment: SLACK_BOT_TOKEN"),
        ("app: {ops_channel: churn}", "1:20: app.ops_channel: 'churn' is not a channel such as \"#churn\""),
        (
            "app:\n  ops_channel: #ops",
            '2:3: app.ops_channel: YAML reads #ops as a comment; put it in quotes, as "#ops"',
        ),
        ("app: {mode: http}", "1:6: app: mode is http, which needs public_url"),
        ("app: {command: runs}", "1:16: app.command: "),
        ("app: {name: 5}", "1:13: app.name: 5 is not a text; put it in quotes"),
        ("app: {name: " + "x" * 36 + "}", "is out of bounds; at most 35 characters"),
        ("channels:\n  - experiments: [a]", 'Put its name in quotes, as "#churn":'),
        ("channels:\n  churn: [{}]", 'did you mean "#churn"?'),
        ("channels:\n  '#churn': {experiments: [a]}", '2:13: channels."#churn": a channel has a list'),
        ("channels:\n  '#churn':", 'channels."#churn": a channel needs a subscription'),
        ("channels: {'#a': [{experiments: []}]}", "needs at least one pattern"),
        ("channels: {'#a': [{experiments: ['churn-[ab']}]}", "'churn-[ab' has a [ without its ]"),
        ("channels: {'#a': [{experiments: churn}]}", "'churn' is not a list; write [one, two]"),
        ("channels: {'#a': [{only: ['tag:a']}]}", "'tag:a' is not written as +tag:team=growth"),
        ("channels: {'#a': [{threads: perhaps}]}", "'perhaps' is not true or false"),
        ("channels: {'#a': [{digest: on}, {digest: {}}]}", "#a has two digests"),
        ("channels: {'#a': [{digest: {days: [monday]}}]}", "'monday' is not one of mon, tue"),
        ("channels: {'#a': [{digest: {days: weekday}}]}", "did you mean weekdays?"),
        ("channels: {'#a': [{digest: {at: 25:00}}]}", "'25:00' is not a time of day"),
        ("channels: {'#a': [{digest: {timezone: Berlin}}]}", "did you mean Europe/Berlin?"),
        ("documentation: {remind: {working_hours: 9-17}}", "'9-17' are not working hours such as"),
        ("documentation: {exempt: [kids]}", "1:26: documentation.exempt[0]: 'kids' is not written as children"),
        ("experiments: {'a-*': {metrics: {auc: {better: bigger}}}}", "'bigger' is not one of higher, lower"),
        (
            "experiments: {'a-*': {metrics: {auc: {min_change: some}}}}",
            "'some' is not a change such as 1% or 0.005",
        ),
        ("experiments: {'a-*': {metrics: {auc: {min_change: -1%}}}}", "'-1%' is not a change such as 1% or 0.005"),
        ("experiments: {'a-*': {metrics: {auc: {min_change: true}}}}", "True is not a change such as 1% or 0.005"),
        ("experiments: {'a-*': {metrics: {auc: {min_change: 200%}}}}", "'200%' is more than 100%"),
        ("experiments: {'a-*': {metric: {}}}", "did you mean metrics?"),
        ("experiments: {'a-*': {baseline: best}}", "'best' is not written as previous, run:<id> or model"),
        ("trackers: [{name: a}]", "1:12: trackers[0].uri: this setting is missing"),
        ("trackers: [{name: a, uri: 'sqlite:///x.db'}]", "is not an http or https address"),
        ("trackers: [{name: a, uri: 'http://u:p@h'}]", "may not hold a user or a password"),
        ("trackers: [{name: a, uri: 'http://h'}, {name: a, uri: 'http://i'}]", "two trackers are named 'a'"),
        ("trackers: [{name: a, uri: 'http://h', poll: 0s}]", "0s is too short; at least 1s"),
        ("trackers: [{name: a, uri: 'http://h', poll: 999999d}]", "longer than ten years"),
        ("trackers: [{name: a, uri: '${NOPE}'}]", "1:27: trackers[0].uri: NOPE is not set"),
        ("trackers: [{name: a, uri: '${MLFLOW_TRACKING_URL}'}]", "did you mean MLFLOW_TRACKING_URI?"),
        ("app: {name: '${1}'}", "'${1}' is not such as ${NAME} or ${NAME:-default}"),
        ("app: {name: '${A'}", "'${' is not such as ${NAME}"),
        ("trackers: [{name: a, uri: 'http://h', password: hunter2}]", "a secret may not stand in this file"),
        ("ci: {github: {secret: hunter2}}", "1:23: ci.github.secret: a secret may not stand in this file"),
        ("ci: {github: {secret: '${S:-hunter2}'}}", "a secret may not stand in this file"),
        ("app: {name: xoxb-123}", "1:13: app.name: this looks like a token"),
        ("database: postgresql://u:hunter2@h/d", "1:11: database: a password may not stand in this file"),
        ("database: mysql://h/d", "a database is sqlite:///file.db or"),
        ("templates: nowhere", "1:12: templates: there is no folder 'nowhere'"),
        ("people: [{mlflow: a}]", "1:10: people[0].slack: this setting is missing"),
        (
            "people: [{mlflow: a, slack: jane}]",
            "people[0].slack: 'jane' is not written as a member id, U0123ABCDEF",
        ),
        (
            "people: [{mlflow: a, slack: U0001}, {mlflow: a, slack: U0002}]",
            "the MLflow user 'a' stands here twice",
        ),
        ("door: {port: 70000}", "1:14: door.port: 70000 is out of bounds; at most 65535"),
        ("door: {port: many}", "'many' is not a whole number"),
    ],
)
def test_a_mistake_is_named_with_its_place_and_mend(tmp_path: Path, text: str | bytes, said: str) -> None:
    found = problems(tmp_path, text)
    assert len(found) == 1, found
    assert found[0].startswith("app.yaml:")
    assert said in found[0]
    assert "hunter2" not in found[0].replace(":-hunter2", "")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    for load in (load_settings, load_app):
        with pytest.raises(SettingsError, match=r"app.yaml:1:1: .* cannot be read: No such file"):
            load(tmp_path / "app.yaml", {})


def test_aliases_cannot_make_a_small_file_huge(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    assert any("too many values" in problem for problem in problems(tmp_path, "\n".join(lines)))


def test_no_tracker_at_all_is_a_problem(tmp_path: Path) -> None:
    found = problems(tmp_path, "app: {name: a}", MLFLOW_TRACKING_URI="")
    assert found == (
        "app.yaml:1:1: trackers: there is no tracker to follow; set MLFLOW_TRACKING_URI, "
        "or list servers as - {name: main, uri: https://…}",
    )


def test_what_the_environment_holds_is_never_shown(tmp_path: Path) -> None:
    text = "trackers: [{name: main, uri: '${CANARY}', poll: '${CANARY}', name2: '${CANARY}'}]\n"
    text += "channels: {'#a': [{post: ['${CANARY}'], digest: {timezone: '${CANARY}', days: '${CANARY}'}}]}\n"
    text += "templates: ${CANARY}\nexperiments: {a: {baseline: '${CANARY}'}}\n"
    found = problems(tmp_path, text, CANARY="canary-7f3a")
    assert len(found) == 8
    assert "canary-7f3a" not in "\n".join(found)
    assert "the value of ${CANARY} is not an http or https address" in found[0]
