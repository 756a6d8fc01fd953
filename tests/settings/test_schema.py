"""app.schema.json is what the settings say, and app.yaml and docs/settings.md keep to it."""

import ast
import json
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from bot.settings import load_settings, schema

ROOT = Path(__file__).parents[2]
SCHEMA = schema()


def settings_of(section: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every setting with its path: `channels.*.digest.at`."""
    for name, given in section["properties"].items():
        here = f"{path}{name}"
        inner = list(sections_in(given, here))
        if not inner:
            yield here, given
        for step, found in inner:
            yield from settings_of(found, f"{step}.")


def sections_in(given: Mapping[str, Any], path: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for option in given.get("anyOf", [given]):
        if "$ref" in option:
            found = SCHEMA["$defs"][option["$ref"].removeprefix("#/$defs/")]
            if "properties" in found:
                yield path, found
        if isinstance(option.get("additionalProperties"), Mapping):
            yield from sections_in(option["additionalProperties"], f"{path}.*")
        if isinstance(option.get("items"), Mapping):
            yield from sections_in(option["items"], path)


def test_the_committed_schema_is_what_the_settings_say() -> None:
    written = json.dumps(SCHEMA, indent=2, ensure_ascii=False) + "\n"
    path = ROOT / "app.schema.json"
    if os.environ.get("RUNDOWN_WRITE_GOLDEN") == "1":
        path.write_text(written, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == written, "run the tests with RUNDOWN_WRITE_GOLDEN=1 and look at it"


def test_the_schema_is_a_valid_schema_whose_settings_are_described() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    found = dict(settings_of(SCHEMA))
    assert {"app.name", "trackers.uri", "channels.*.digest.at", "experiments.*.metrics.*.better"} <= found.keys()
    assert not [path for path, given in found.items() if not given.get("description")]
    assert "slack" not in SCHEMA["properties"]


def test_the_app_yaml_of_the_project_loads_with_the_environment_alone() -> None:
    environ = {
        "SLACK_BOT_TOKEN": "xoxb-1",
        "SLACK_APP_TOKEN": "xapp-1",
        "MLFLOW_TRACKING_URI": "http://mlflow:5000",
    }
    settings = load_settings(ROOT / "app.yaml", environ)
    assert settings.trackers[0].uri == "http://mlflow:5000"
    assert settings.subscriptions()
    first = (ROOT / "app.yaml").read_text(encoding="utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=app.schema.json"


@pytest.mark.parametrize(
    "text",
    [
        (ROOT / "app.yaml").read_text(encoding="utf-8"),
        "app: {name: '${NAME}', mode: '${MODE}'}\ncards: {group_after: '${N}', window:}\ndoor:\n",
        "documentation: {remind: off}\nchannels: {'#a': [{digest: on, threads: true, post: ['${P}']}]}",
        "channels: {'#a': [{digest: {at: '9:30', days: [mon]}}], C0123ABC: [{only: ['+by:a']}]}",
        "ci: {github: {secret: '${S:-}'}}\npeople: [{mlflow: a, slack: U0123AB}]",
        "experiments: {'a*': {metrics: {auc: {better: higher}}, baseline: 'run:abc', comparable: [replicates]}}",
        "experiments: {a: {metrics: {auc: {min_change: 1%}, mae: {min_change: 0.5}, f1: {min_change: '${N}'}}}}",
    ],
)
def test_what_loads_is_valid_by_the_schema(tmp_path: Path, text: str) -> None:
    path = tmp_path / "app.yaml"
    path.write_text(text, encoding="utf-8")
    environ = {"MLFLOW_TRACKING_URI": "http://a", "NAME": "a", "MODE": "socket", "N": "4", "P": "failed"}
    load_settings(path, environ)
    Draft202012Validator(SCHEMA).validate(yaml.load(text, Loader=yaml.BaseLoader) and _plain(text))


def _plain(text: str) -> Any:
    """As an editor reads it: YAML 1.2, in which `on` and `off` are text."""

    class Loader(yaml.SafeLoader):
        pass

    words = re.compile(r"^(true|false)$")
    Loader.yaml_implicit_resolvers = {
        first: [(tag, words if tag.endswith(":bool") else pattern) for tag, pattern in pairs if "int" not in tag]
        for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    return yaml.load(text, Loader=Loader)


@pytest.mark.parametrize(
    "text", ["app: {nme: a}", "app: {mode: sokcet}", "cards: {window: 10}", "ci: {github: {secret: hunter2}}"]
)
def test_editors_mark_what_does_not_load(text: str) -> None:
    assert not Draft202012Validator(SCHEMA).is_valid(yaml.safe_load(text))


def test_every_setting_and_its_default_is_documented() -> None:
    page = (ROOT / "docs/settings.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([^`]+)` \| (.*?) \| .+ \|$", page, flags=re.MULTILINE)
    told = {path: default.strip("`") for path, default in rows}
    assert told == {path: _default(given) for path, given in settings_of(SCHEMA)}


def test_no_setting_does_nothing() -> None:
    """Each is read as an attribute by some module outside bot/settings."""
    files = [path for room in ("bot", "handlers") for path in (ROOT / room).rglob("*.py")]
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in files if path.parent.name != "settings"]
    read = {node.attr for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert {path for path, _ in settings_of(SCHEMA) if path.rpartition(".")[2] not in read} == set()


def _default(given: Mapping[str, Any]) -> str:
    default = given.get("default")
    if isinstance(default, list):
        return f"[{', '.join(default)}]"
    if isinstance(default, bool):
        return str(default).lower()
    return "" if default is None else str(default)
