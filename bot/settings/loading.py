"""From app.yaml and the environment to Settings, or to every problem at once."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from bot.settings.complaints import complain
from bot.settings.environment import TRACKING, Environment, completed
from bot.settings.hints import Interpolated
from bot.settings.problems import Mark, SettingsError
from bot.settings.reading import Document, read
from bot.settings.sections import AppSettings
from bot.settings.settings import Settings

Model = TypeVar("Model", bound=BaseModel)


def load_settings(path: Path, environ: Mapping[str, str]) -> Settings:
    """Read the settings; raises SettingsError that names every problem with its line, and how to mend it."""
    document = _read(path, environ)
    environment = Environment(environ)
    if isinstance(document.data, dict):
        _fill(document.data, environment)
    settings = _validated(document, document.data, Settings, path)
    if settings is not None:
        if not settings.trackers:
            text = f"there is no tracker to follow; set {TRACKING}, or list servers as - {{name: main, uri: https://…}}"
            document.complain(document.mark(("trackers",)), ("trackers",), text)
        settings = completed(settings, environment)
    problems = [problem.said(path.name) for problem in sorted(document.problems)] + environment.problems
    if settings is None or problems:
        raise SettingsError(problems)
    return settings


def load_app(path: Path, environ: Mapping[str, str]) -> AppSettings:
    """Read only the `app:` block: enough to make Slack's manifest before anything else is set up."""
    document = _read(path, environ)
    given = document.data.get("app") if isinstance(document.data, dict) else None
    document.problems = [one for one in document.problems if one.where.startswith("app") or not one.where]
    app = _validated(document, {"app": given}, _AppOnly, path)
    if app is None or document.problems:
        raise SettingsError([problem.said(path.name) for problem in sorted(document.problems)])
    return app.app


class _AppOnly(Settings):
    """Settings of which only the app block was read."""


def _read(path: Path, environ: Mapping[str, str]) -> Document:
    try:
        content = path.read_bytes()
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or "not a path"
        raise SettingsError([f"{path.name}:1:1: {path} cannot be read: {reason}"]) from None
    return read(content, environ)


def _fill(data: dict[str, Any], environment: Environment) -> None:
    """What app.yaml leaves out and the environment knows."""
    if data.get("trackers") is None and (uri := environment.text(TRACKING)):
        data["trackers"] = [{"name": "main", "uri": Interpolated(uri, f"${{{TRACKING}}}")}]
    if data.get("database") is None and (url := environment.text("DATABASE_URL")):
        data["database"] = Interpolated(url, "${DATABASE_URL}")


def _validated(document: Document, data: Any, model: type[Model], path: Path) -> Model | None:
    if data is None and not document.problems:
        document.complain(Mark(), (), "the file is empty; the least it needs is channels: and who is told what")
    if isinstance(data, dict) and "slack" in data:
        slack = data.pop("slack")
        complain(document, [{"type": "extra_forbidden", "loc": ("slack",), "msg": "", "input": slack}], model)
    if data is None:
        return None
    try:
        return model.model_validate(data, context={"folder": path.parent})
    except ValidationError as problem:
        complain(document, problem.errors(include_url=False), model)
        return None
