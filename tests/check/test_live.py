"""`rundown check` renders a team's own templates, and `--live` asks Slack itself about every template."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.__main__ import cli
from bot.check.templates import live, own_templates
from bot.edges.slack_validation import SlackValidator
from bot.examples import EXAMPLES, Samples
from bot.facts.messages import Form
from bot.ports.errors import SlackRefused
from bot.render.messages import Templates
from sandbox.server import SandboxServer
from sandbox.workspace import Workspace

HEADER = {"type": "header", "text": {"type": "mrkdwn", "text": "x"}}
NOWHERE = "http://127.0.0.1:9/api/"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[SandboxServer]:
    with SandboxServer(Workspace(post_burst=None)) as server:
        yield server


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def validator(sandbox: SandboxServer, waits: list[float]) -> SlackValidator:
    return SlackValidator(f"{sandbox.url}/api/", 5, waits.append)


def own(folder: Path, name: str, markup: str) -> Templates:
    path = folder / f"{name}.xml.j2"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(markup, encoding="utf-8")
    return Templates(folder)


def test_slack_takes_every_built_in_template(validator: SlackValidator) -> None:
    findings = live(validator, Templates())
    assert [finding for finding in findings if finding.level != "ok"] == []
    assert len(findings) == len(EXAMPLES)


def test_what_slack_refuses_is_named_with_its_place(validator: SlackValidator) -> None:
    assert validator.validate("message", {"blocks": [HEADER]}) == (
        "unsupported type: mrkdwn at /blocks/0/text/type",
    )
    assert validator.validate("view", {"type": "modal", "blocks": []}) == ("missing required field: title at /",)


def test_views_are_asked_about_as_views(validator: SlackValidator, tmp_path: Path) -> None:
    templates = own(tmp_path, "forms/ask", '<modal title="t" callback="c"><section>{{ x }}</section></modal>')

    def build(some: Samples) -> Iterator[Form]:
        yield Form("ask", {"x": some.words("What was tried?")})

    (finding,) = live(validator, templates, {"forms/ask": build})
    assert (finding.level, finding.what) == ("ok", "Slack takes forms/ask (4 examples).")


def test_slack_s_own_limits_are_told_of_a_template(sandbox: SandboxServer, validator: SlackValidator) -> None:
    sandbox.workspace.faults.add("blocks.validate", error="invalid_message")
    (finding,) = live(validator, Templates(), {"cards/run": EXAMPLES["cards/run"]})
    assert (finding.level, finding.what) == ("error", "Slack refuses the template cards/run: invalid message.")


def test_a_limit_is_waited_for_and_a_long_one_given_up(
    sandbox: SandboxServer, validator: SlackValidator, waits: list[float]
) -> None:
    sandbox.workspace.faults.add("blocks.validate", status=429, retry_after=7)
    assert validator.validate("message", {"blocks": []}) == ()
    assert waits == [7.0]
    for _ in range(4):
        sandbox.workspace.faults.add("blocks.validate", status=429, retry_after=900)
    with pytest.raises(SlackRefused, match="ratelimited"):
        validator.validate("message", {"blocks": []})
    assert waits == [7.0, 60.0, 60.0, 60.0]


def test_a_slack_that_is_not_there_is_a_warning() -> None:
    (finding,) = live(SlackValidator(NOWHERE, 5), Templates())
    assert (finding.level, f"blocks.validate at {NOWHERE} does not answer" in finding.what) == ("warning", True)
    assert f"{len(EXAMPLES)} templates were not tried" in finding.what


def test_an_own_template_that_fails_with_some_facts_is_named_with_file_and_line(
    validator: SlackValidator, tmp_path: Path
) -> None:
    markup = "<message>\n<section>{{ run.name }}</section>\n<context>{{ run.duration.days }}</context></message>"
    templates = own(tmp_path, "cards/reply", markup)
    (finding,) = own_templates(tmp_path, templates)
    assert finding.level == "error"
    assert finding.what.startswith("A template fails with ordinary example facts: cards/reply.xml.j2:3: Undefined")
    assert str(tmp_path) in finding.mend
    (told,) = live(validator, templates, {"cards/reply": EXAMPLES["cards/reply"]})
    assert (told.level, told.what.partition(":")[0]) == ("error", "Slack could not be asked about cards/reply")


def test_check_live_says_what_it_cannot_reach_and_fails_for_nothing_else(tmp_path: Path) -> None:
    config = tmp_path / "app.yaml"
    config.write_text('app: {ops_channel: "#ops"}\ntrackers: [{name: main, uri: "http://127.0.0.1:9"}]\n')
    environ = {"DATABASE_URL": f"sqlite:///{tmp_path / 'x.db'}", "SLACK_API_BASE_URL": NOWHERE}
    said = CliRunner().invoke(cli, ["check", "--live", "--config", str(config)], env=environ).output
    assert "warning blocks.validate at http://127.0.0.1:9/api/ does not answer" in said
