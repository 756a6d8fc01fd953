"""Slow work by name: what a command, a button or a change hands to the queue, done by a worker."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from bot.deps import Deps
from bot.document import notes
from bot.follow import artifacts, job_errors, test_runs, traces
from bot.follow import evidence as evidences
from bot.follow.gathering import Gatherer
from bot.notify.announce import Announcer
from bot.notify.ci.pipelines import Pipelines
from bot.words import Asker
from handlers import forms
from handlers.answers import say
from handlers.buttons import press
from handlers.commands import prepare


def answer(deps: Deps, asked: Mapping[str, Any]) -> None:
    """Answer a slow command by its response_url."""
    asker = Asker(asked["user"], asked["name"], asked["channel"], asked["channel_name"])
    say(deps, asked["response_url"], prepare(asked["text"]).answer(deps, asker), asker)


def trace(deps: Deps, asked: Mapping[str, Any]) -> None:
    """Read the last lines of a run that went wrong."""
    traces.Traces(Announcer(deps.settings, deps.templates), deps.store, deps.trackers, deps.now).read(asked)


def note(deps: Deps, asked: Mapping[str, Any]) -> None:
    """Write an entry into a run's note."""
    notes.write(deps.store, deps.trackers, asked, deps.now())


def job_error(deps: Deps, asked: Mapping[str, Any]) -> None:
    """Read what a failed job of a pipeline died of."""
    job_errors.read(deps.ci_hosts, deps.store, Pipelines(deps.settings, deps.templates), asked, deps.now())


def left_reports(deps: Deps, asked: Mapping[str, Any]) -> None:
    """Read the test reports that a pipeline left at its CI provider."""
    artifacts.Reading(deps.settings, deps.store, deps.ci_hosts, deps.now).read(asked)


def test_run(deps: Deps, asked: Mapping[str, Any]) -> None:
    """Say what a test run changed."""
    test_runs.look(deps.store, Pipelines(deps.settings, deps.templates), asked, deps.now())


def evidence(deps: Deps, asked: Mapping[str, Any]) -> None:
    """Gather what lies behind a comparable run."""
    gatherer = Gatherer(deps.code, deps.trackers, deps.settings.ci)
    evidences.Evidences(Announcer(deps.settings, deps.templates), deps.store, gatherer, deps.now).read(asked)


TASKS: Mapping[str, Callable[[Deps, Mapping[str, Any]], None]] = {
    "answer": answer,
    "press": press,
    traces.TASK: trace,
    evidences.TASK: evidence,
    forms.TASK: forms.work,
    notes.TASK: note,
    job_errors.TASK: job_error,
    artifacts.TASK: left_reports,
    test_runs.TASK: test_run,
}
# Nobody waits for these: one worker does them, the others are there for people.
UNHURRIED = frozenset({traces.TASK, evidences.TASK, job_errors.TASK, artifacts.TASK, test_runs.TASK})


def works(deps: Deps) -> dict[str, Callable[[Mapping[str, Any]], None]]:
    """The tasks with their needs filled in."""
    return {name: partial(task, deps) for name, task in TASKS.items()}
