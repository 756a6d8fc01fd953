"""Template and facts in, message for Slack out: shortened to fit, validated."""

from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

import jinja2
from jinja2 import meta

from bot.facts.messages import Form, Message, Rendered
from bot.render.bounded import BoundedEnvironment
from bot.render.environment import open_bounded, open_environment
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


Made = TypeVar("Made")


class Templates:
    """The templates, those of an `override` folder before Rundown's own; safe to use from many threads.

    A template that is a file of `override`, or uses one, runs within bounds (bot/render/bounded.py).
    """

    def __init__(self, override: Path | None = None) -> None:
        self.override = override
        self._built_in = open_environment(TEMPLATES)
        self._bounded = open_bounded([override, TEMPLATES]) if override else None
        self._own: dict[str, bool] = {}
        self._failed: set[str] = set()
        self._newest: dict[tuple[str, bool], tuple[Mapping[str, Any], Rendered]] = {}

    def names(self) -> tuple[str, ...]:
        """Every template that can be said or opened (a path without its ending), in order."""
        environment = self._bounded or self._built_in
        files = environment.list_templates(filter_func=lambda name: name.endswith(ENDING))
        return tuple(name.removesuffix(ENDING) for name in files if not name.startswith("_") and "/_" not in name)

    def own(self, name: str) -> bool:
        """Whether a template (a path without its ending) is the team's, or uses a file of theirs."""
        return self._is_own(name + ENDING)

    def check(self) -> tuple[TemplateError, ...]:
        """What of all templates cannot even be read (Jinja syntax, unknown filters)."""
        found = []
        for name in self.names():
            try:
                self._load([name + ENDING])
            except TemplateError as error:
                found.append(error)
        return tuple(found)

    def say(self, message: Message) -> tuple[Rendered, TemplateError | None]:
        """The message by the team's template, or by Rundown's own with what is wrong with theirs.

        Raises TemplateError where Rundown's own cannot say it either.
        """
        return self._either(message.template, lambda own: self._message(message, own=own))

    def show(self, form: Form) -> tuple[dict[str, Any], TemplateError | None]:
        """The view of a form by the team's template, or by Rundown's own with what is wrong with theirs.

        Raises TemplateError where Rundown's own cannot show it either.
        """
        return self._either(form.template, lambda own: self._view(form, own=own))

    def well(self, name: str) -> bool:
        """Whether a template has not failed since this process started: files are read once."""
        return name not in self._failed

    def render(self, message: Message) -> Rendered:
        """The message as Slack takes it. Raises TemplateError, naming the file and element."""
        return self._message(message, own=True)

    def view(self, form: Form) -> dict[str, Any]:
        """A modal (templates/forms/) or home tab as views.open and views.publish take it. Raises TemplateError."""
        return self._view(form, own=True)

    def _either(self, name: str, make: Callable[[bool], Made]) -> tuple[Made, TemplateError | None]:
        try:
            return make(True), None
        except Exception as problem:  # a team's own template may fail in any way; what there is to say must not
            self._failed.add(name)
            if not (self.own(name) or self.own(f"forms/{name}")):
                raise
            known = isinstance(problem, TemplateError)
            wrong = problem if known else TemplateError(name + ENDING, f"{type(problem).__name__}: {problem}")
            return make(False), wrong  # type: ignore[return-value]

    def _message(self, message: Message, *, own: bool) -> Rendered:
        """As rendered before where a template gets the very facts it got last: a template knows nothing else."""
        facts, rendered = self._newest.get((message.template, own), ({}, None))
        if rendered is None or facts != message.facts:
            rendered = self._made(message, own=own)
            self._newest[message.template, own] = (message.facts, rendered)
        return rendered

    def _made(self, message: Message, *, own: bool) -> Rendered:
        name = message.template + ENDING
        compiled = compile_message(self._markup([name], message.facts, own=own), name)
        blocks = fit_blocks(compiled.blocks)
        text = fit_text(compiled.texts)
        if not text:
            raise TemplateError(name, "says nothing: it needs a block with text, or <text>")
        _refuse(name, validate_blocks(blocks))
        return Rendered(text, tuple(blocks))

    def _view(self, form: Form, *, own: bool) -> dict[str, Any]:
        names = [f"forms/{form.template}{ENDING}", form.template + ENDING]
        view = compile_view(self._markup(names, form.facts, own=own), names[0], form.state)
        view["blocks"] = fit_blocks(view["blocks"], most=VIEW_BLOCKS, budget=VIEW_TEXT)
        _refuse(names[0], validate_view(view))
        return view

    def _is_own(self, file: str) -> bool:
        if self._bounded is None or self.override is None:
            return False
        if file not in self._own:
            self._own[file] = (self.override / file).is_file() or self._uses_own(file)
        return self._own[file]

    def _uses_own(self, file: str) -> bool:
        if not (TEMPLATES / file).is_file():
            return False
        parsed = self._built_in.parse((TEMPLATES / file).read_text(encoding="utf-8"))
        return any(used is None or self._is_own(used) for used in meta.find_referenced_templates(parsed))

    def _load(self, names: list[str], *, own: bool = True) -> jinja2.Template:
        bounded = self._bounded if own and any(self._is_own(name) for name in names) else None
        try:
            return (bounded or self._built_in).select_template(names)
        except jinja2.TemplateNotFound as missing:
            raise TemplateError(names[0], "there is no such template") from missing
        except jinja2.TemplateSyntaxError as error:
            raise _syntax(error, names[0]) from error
        except UnicodeDecodeError as error:
            raise TemplateError(names[0], "is not written in UTF-8") from error

    def _markup(self, names: list[str], facts: Mapping[str, Any], *, own: bool) -> str:
        template = self._load(names, own=own)
        environment = template.environment
        try:
            if isinstance(environment, BoundedEnvironment):
                return clean(environment.rendered(template, facts))
            return clean(template.render(facts))
        except jinja2.TemplateSyntaxError as error:
            raise _syntax(error, names[0]) from error
        except (
            jinja2.TemplateError,
            ArithmeticError,
            AttributeError,
            LookupError,
            RecursionError,
            TypeError,
            ValueError,
        ) as error:
            file, line = self._place(error.__traceback__, template.name or names[0])
            raise TemplateError(file, f"{type(error).__name__}: {error}", line=line) from error

    def _place(self, traceback: TracebackType | None, template: str) -> tuple[str, int]:
        """The innermost file and line of a template that a traceback passes through."""
        place = (template, 0)
        while traceback is not None:
            file = traceback.tb_frame.f_code.co_filename
            if file.endswith(ENDING):
                place = (self._name_of(Path(file), template), traceback.tb_lineno)
            traceback = traceback.tb_next
        return place

    def _name_of(self, file: Path, template: str) -> str:
        folders = [folder for folder in (self.override, TEMPLATES) if folder and file.is_relative_to(folder)]
        return file.relative_to(folders[0]).as_posix() if folders else template


def _syntax(error: jinja2.TemplateSyntaxError, name: str) -> TemplateError:
    return TemplateError(error.name or name, error.message or "syntax error", line=error.lineno)


def _refuse(template: str, problems: list[Problem]) -> None:
    if problems:
        first = problems[0]
        raise TemplateError(template, f"becomes a block Slack refuses: {first.message} at {first.pointer}")
