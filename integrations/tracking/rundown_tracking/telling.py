"""Asks every source where a run comes from: none can fail or delay the run, or silence another."""

import logging
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import TypeVar

from rundown_tracking import ci, dvc, git, image, notebook
from rundown_tracking.repository import PLACE, Question, Repository
from rundown_tracking.start import Start, code_folder

OFF, SECONDS = "RUNDOWN_TRACKING_OFF", "RUNDOWN_TRACKING_SECONDS"
# A run's start may take 50 ms longer; the rest is for ending what is late.
DEFAULT_SECONDS = 0.03
CHARACTERS_AT_MOST = 1_000

Tags = Mapping[str, str]
NOTHING: Tags = {}
# A later one wins: what git sees is nearer than what CI says.
SOURCES: Mapping[str, Callable[[Start], Tags]] = {
    "ci": ci.tags,
    "image": image.tags,
    "git": git.tags,
    "notebook": notebook.tags,
    "dvc": dvc.tags,
}
QUESTIONS: Mapping[str, tuple[Question, ...]] = {
    "git": (PLACE, git.CHANGES, git.ORIGIN),
    "notebook": (PLACE,),
    "dvc": (PLACE, dvc.FILES),
}
_logger = logging.getLogger(__name__)
_T = TypeVar("_T")


class Telling:
    """The sources of one process. What git said of a script holds: its code is what it was when it was loaded."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self._env = env
        self._script = NOTHING

    def tags(self) -> dict[str, str]:
        """All that is known within `RUNDOWN_TRACKING_SECONDS`; what is late or fails is left out."""
        off = {one.strip() for one in self._env.get(OFF, "").lower().split(",")}
        on = [name for name in SOURCES if name not in off and "all" not in off]
        return dict(_guarded(partial(self._told, on), NOTHING))

    def _told(self, on: list[str]) -> Tags:
        deadline = time.monotonic() + _seconds(self._env)
        kernel = _guarded(notebook.shell, None)
        path = _guarded(partial(notebook.path, kernel, self._env), None)
        folder = _guarded(partial(code_folder, path, kernel is not None), None)
        repository = Repository(folder, deadline)
        start = Start(self._env, path, folder, repository, deadline)
        told: dict[str, Tags] = {"git": self._script} if self._script and "git" in on else {}
        try:
            asked = [name for name in on if name not in told]
            for question in (one for name in asked for one in QUESTIONS.get(name, ())):
                repository.begin(question)
            told |= {name: _guarded(partial(SOURCES[name], start), NOTHING) for name in asked}
        finally:
            repository.close()
        if kernel is None and told.get("git", {}).get(git.DIRTY):
            self._script = told["git"]
        tags = {tag: value for name in on for tag, value in told[name].items() if value.strip()}
        return {tag: _clean(value) for tag, value in tags.items()}


def _guarded(ask: Callable[[], _T], otherwise: _T) -> _T:
    try:
        return ask()
    except Exception:
        _logger.debug("rundown-tracking leaves something out", exc_info=True)
        return otherwise


def _clean(value: str) -> str:
    """As every store can keep it: no halves of characters, no NUL, no length without end."""
    return value.strip().replace("\0", "")[:CHARACTERS_AT_MOST].encode("utf-8", "replace").decode()


def _seconds(env: Mapping[str, str]) -> float:
    try:
        return min(max(float(env[SECONDS]), 0.0), 60.0)
    except (KeyError, ValueError):
        return DEFAULT_SECONDS
