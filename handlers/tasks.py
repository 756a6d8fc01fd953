"""Slow work by name: what a command or button hands to the queue, done by a worker."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from bot.deps import Deps
from bot.words import Asker
from handlers.answers import payload, respond
from handlers.buttons import press
from handlers.commands import prepare


def answer(deps: Deps, asked: Mapping[str, Any]) -> None:
    """Answer a slow command by its response_url."""
    asker = Asker(asked["user"], asked["name"], asked["channel"], asked["channel_name"])
    message = prepare(asked["text"]).answer(deps, asker)
    respond(deps, asked["response_url"], payload(deps.templates, message))


TASKS: Mapping[str, Callable[[Deps, Mapping[str, Any]], None]] = {"answer": answer, "press": press}


def works(deps: Deps) -> dict[str, Callable[[Mapping[str, Any]], None]]:
    """The tasks with their needs filled in."""
    return {name: partial(task, deps) for name, task in TASKS.items()}
