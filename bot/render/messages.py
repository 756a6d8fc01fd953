"""Template and facts in, message for Slack out: shortened to fit, validated."""

from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

import jinja2

from bot.facts.messages import Form, Message, Rendered
from bot.render.environment import open_environment
from bot.render.errors import TemplateError
from bot.render.fitting import fit_blocks, fit_text
from bot.render.limits import Problem, validate_blocks, validate_view
from bot.render.markup import compile_message, compile_view
from bot.render.text import clean

__all__ = ["TemplateError", "Templates"]

TEMPLATES = Path(__file__).parents[2] / "templates"
ENDING = ".xml.j2"
VIEW_BLOCKS = 100
VIEW_TEXT = 100_000


class Templates:
    """The templates, those of an `override` folder before Rundown's own; safe to use from many threads."""

    def __init__(self, override: Path | None = None) -> None:
        self._environment = open_environment([override, TEMPLATES] if override else [TEMPLATES])

    def names(self) -> tuple[str, ...]:
        """Every template that can be said or opened (a path without its ending), in order."""
        files = self._environment.list_templates(filter_func=lambda name: name.endswith(ENDING))
        return tuple(name.removesuffix(ENDING) for name in files if not name.startswith("_") and "/_" not in name)

    def check(self) -> tuple[TemplateError, ...]:
        """What of all templates cannot even be read (Jinja syntax, unknown filters)."""
        found = []
        for name in self.names():
            try:
                self._load([name + ENDING])
            except TemplateError as error:
                found.append(error)
        return tuple(found)

    def render(self, message: Message) -> Rendered:
        """The message as Slack takes it. Raises TemplateError, naming the file and element."""
        name = message.template + ENDING
        compiled = compile_message(self._markup([name], message.facts), name)
        blocks = fit_blocks(compiled.blocks)
        text = fit_text(compiled.texts)
        if not text:
            raise TemplateError(name, "says nothing: it needs a block with text, or <text>")
        _refuse(name, validate_blocks(blocks))
        return Rendered(text, tuple(blocks))

    def view(self, form: Form) -> dict[str, Any]:
        """A modal (templates/forms/) or home tab as views.open and views.publish take it. Raises TemplateError."""
        names = [f"forms/{form.template}{ENDING}", form.template + ENDING]
        view = compile_view(self._markup(names, form.facts), names[0], form.state)
        view["blocks"] = fit_blocks(view["blocks"], most=VIEW_BLOCKS, budget=VIEW_TEXT)
        _refuse(names[0], validate_view(view))
        return view

    def _load(self, names: list[str]) -> jinja2.Template:
        try:
            return self._environment.select_template(names)
        except jinja2.TemplateNotFound as missing:
            raise TemplateError(names[0], "there is no such template") from missing
        except jinja2.TemplateSyntaxError as error:
            raise TemplateError(
                error.name or names[0], error.message or "syntax error", line=error.lineno
            ) from error

    def _markup(self, names: list[str], facts: Mapping[str, Any]) -> str:
        template = self._load(names)
        try:
            return clean(template.render(facts))
        except jinja2.TemplateSyntaxError as error:
            raise TemplateError(
                error.name or names[0], error.message or "syntax error", line=error.lineno
            ) from error
        except (
            jinja2.TemplateError,
            ArithmeticError,
            AttributeError,
            LookupError,
            TypeError,
            ValueError,
        ) as error:
            file, line = _place(error.__traceback__, template.name or names[0])
            raise TemplateError(file, f"{type(error).__name__}: {error}", line=line) from error


def _place(traceback: TracebackType | None, template: str) -> tuple[str, int]:
    """The innermost file and line of a template that a traceback passes through."""
    place = (template, 0)
    while traceback is not None:
        code = traceback.tb_frame.f_code
        if code.co_filename.endswith(ENDING):
            name = traceback.tb_frame.f_globals.get("name") or template
            place = (str(name), traceback.tb_lineno)
        traceback = traceback.tb_next
    return place


def _refuse(template: str, problems: list[Problem]) -> None:
    if problems:
        first = problems[0]
        raise TemplateError(template, f"becomes a block Slack refuses: {first.message} at {first.pointer}")
