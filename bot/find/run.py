"""RUN, as people name it: an id, the beginning of one, a name, an MLflow address, `latest`, `best`."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from rapidfuzz import fuzz, process

from bot.facts.runs import Run
from bot.find.plain import folded
from bot.find.scope import NoExperiment, Scope, named
from bot.ports.index import RunQuery
from bot.ports.store import Unit

LATEST = "latest"
BEST = "best"
Best = Callable[[str, Scope], "Run | Candidates | Missing"]
MOST_CANDIDATES = 5
_ID = re.compile(r"[0-9a-fA-F]{4,64}")
# …/#/experiments/1/runs/<id>, also below a workspace, and runs:/<id>/model
_ADDRESS = re.compile(r"(?:/runs|^runs:)/([0-9A-Za-z_-]{4,64})")
# …/#/compare-runs?runs=["<id>","<id>"]&experiments=["1"]
_COMPARED = re.compile(r"[?&]runs=\[([^\]]*)\]")


@dataclass(frozen=True, slots=True)
class Candidates:
    """Several runs fit what was typed, the newest first; `more` tells that these are not all.

    `sentence` says why where it is not that they are called so.
    """

    typed: str
    runs: tuple[Run, ...]
    more: bool = False
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Missing:
    """No run fits what was typed; `sentence` says how it was looked for, `near` are names that may be meant."""

    typed: str
    sentence: str
    near: tuple[str, ...] = ()


def find_run(
    unit: Unit, typed: str, channel: Scope | None = None, best: Best | None = None
) -> Run | Candidates | Missing:
    """The run that is meant; `channel` says where `latest` and `best` look when no experiment is named with them.

    `best` finds the best run of a scope; without it that word is a name like any other.
    """
    text = typed.strip()
    word = re.fullmatch(rf"({LATEST}|{BEST})(?:[\s:/]\s*(?:in\s+)?(.+))?", text, re.IGNORECASE)
    if word and (best is not None or word[1].lower() == LATEST):
        scope = _scope(unit, typed, word[1].lower(), word[2] or "", channel or Scope())
        if isinstance(scope, Missing):
            return scope
        return best(typed, scope) if best and word[1].lower() == BEST else _latest(unit, typed, scope)
    if "://" in text or text.startswith("runs:/"):
        return _by_address(unit, typed, unquote(text))
    if _ID.fullmatch(text):
        whole = [run for run in unit.runs.by_prefix(text.lower(), 2) if run.run_id == text.lower()]
        if whole:
            return whole[0]
    return _by_name(unit, typed, text) or _by_prefix(unit, typed, text) or _none(unit, typed)


def compared(typed: str) -> Sequence[str]:
    """The ids of the runs that an address of MLflow's comparison names; nothing for any other text."""
    found = _COMPARED.search(unquote(typed)) if "://" in typed else None
    return re.findall(r"[0-9A-Za-z_-]{4,64}", found[1]) if found else ()


def _scope(unit: Unit, typed: str, word: str, experiment: str, channel: Scope) -> Scope | Missing:
    scope = named(unit, experiment) if experiment else channel
    if isinstance(scope, NoExperiment):
        near = tuple(f"{word} {name}" for name in scope.near)
        return Missing(typed, f"no experiment is called “{experiment}”", near)
    return scope


def _latest(unit: Unit, typed: str, scope: Scope) -> Run | Missing:
    for top_level in (True, False):
        runs = unit.runs.find(RunQuery(experiments=scope.globs, top_level=top_level, limit=1))
        if runs:
            return runs[0]
    return Missing(typed, "there is no run there yet")


def _by_address(unit: Unit, typed: str, text: str) -> Run | Candidates | Missing:
    ids = compared(text) or _ADDRESS.findall(text)[-1:]
    if not ids:
        return Missing(typed, "that address names no run; a run’s own page in MLflow ends in /runs/ and its id")
    runs = [run for run_id in ids[:MOST_CANDIDATES] for run in _with_id(unit, run_id)]
    if not runs:
        return Missing(typed, f"I have seen no run with the id {ids[0]}")
    return _one_of(typed, runs)


def _with_id(unit: Unit, run_id: str) -> list[Run]:
    return [run for run in unit.runs.by_prefix(run_id, 2) if run.run_id == run_id]


def _by_name(unit: Unit, typed: str, text: str) -> Run | Candidates | None:
    runs = unit.runs.by_name(text, MOST_CANDIDATES + 1)
    if not runs:
        # The name may hold a quote or dash that keyboards write differently.
        same = [name for name in unit.runs.recent_names() if folded(name) == folded(text)]
        runs = [run for name in same for run in unit.runs.by_name(name, MOST_CANDIDATES + 1)]
    return _one_of(typed, runs) if runs else None


def _by_prefix(unit: Unit, typed: str, text: str) -> Run | Candidates | None:
    runs = unit.runs.by_prefix(text.lower(), MOST_CANDIDATES + 1) if _ID.fullmatch(text) else []
    return _one_of(typed, runs) if runs else None


def _one_of(typed: str, runs: Iterable[Run]) -> Run | Candidates:
    distinct = list({run.ref: run for run in runs}.values())
    kept = [run for run in distinct if not run.deleted] or distinct
    if len(kept) == 1:
        return kept[0]
    return Candidates(typed, tuple(kept[:MOST_CANDIDATES]), more=len(kept) > MOST_CANDIDATES)


def _none(unit: Unit, typed: str) -> Missing:
    return Missing(
        typed, "no run has that name, or an id that begins so", near_names(typed, unit.runs.recent_names())
    )


def near_names(typed: str, names: Sequence[str]) -> tuple[str, ...]:
    """Up to three names that look or read like what was typed, the likeliest first."""
    near = process.extract(folded(typed), names, scorer=fuzz.WRatio, processor=folded, limit=3, score_cutoff=60)
    return tuple(name for name, _, _ in near)
