"""Whether what app.yaml names as baselines is there: runs, models and their aliases."""

from collections.abc import Collection, Mapping
from fnmatch import fnmatchcase

from bot.check.findings import Finding, ok, warning
from bot.judge.baseline import MODEL, PINNED
from bot.ports.errors import EdgeError
from bot.ports.tracker import Tracker
from bot.settings import Settings


def baselines(settings: Settings, trackers: Mapping[str, Tracker], experiments: Collection[str]) -> list[Finding]:
    """Ask the trackers for each baseline of a pattern that matches an experiment; it has to be on one of them."""
    findings = []
    for pattern, rules in settings.experiments.items():
        where, target = f"experiments.{pattern}.baseline", rules.baseline
        if not any(fnmatchcase(name, pattern) for name in experiments):
            continue
        if target.startswith(MODEL):
            findings.append(_found(where, target, [_alias(one, target) for one in trackers.values()]))
        elif target.startswith(PINNED) and len(target) >= len(PINNED) + 32:
            findings.append(_found(where, target, [_run(one, target) for one in trackers.values()]))
    return findings


def _found(where: str, target: str, told: list[tuple[bool, str]]) -> Finding:
    """One tracker that has it is enough; else what the first of them said."""
    found = next((words for there, words in told if there), "")
    if found:
        return ok(f"{where}: {target} is {found}.")
    said = told[0][1] if told else "there is no tracker"
    return warning(
        f"{where}: {target} cannot be had: {said.rstrip('.')}.",
        "Correct it in app.yaml, or set the alias in MLflow; until then runs are compared with the previous one.",
    )


def _alias(tracker: Tracker, target: str) -> tuple[bool, str]:
    model, _, alias = target.removeprefix(MODEL).rpartition("@")
    try:
        version = tracker.model_alias(model, alias)
    except EdgeError as problem:
        return False, str(problem)
    if not version.run_id:
        return False, f"version {version.version} was registered without a run"
    return True, f"version {version.version}, of run {version.run_id}"


def _run(tracker: Tracker, target: str) -> tuple[bool, str]:
    try:
        run = tracker.get(target.removeprefix(PINNED))
    except EdgeError as problem:
        return False, str(problem)
    return (False, f"{run.name} was deleted") if run.deleted else (True, run.name)
