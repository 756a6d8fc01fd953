"""What "documented" means, and which runs nobody asks about."""

from collections.abc import Sequence
from datetime import timedelta

from bot.facts.runs import Run, Status


def documented(run: Run) -> bool:
    """Whether the run has a note (mlflow.note.content) that says something."""
    return bool(run.note.strip())


def exempt(run: Run, rules: Sequence[str], at_least: timedelta) -> str:
    """Why nobody is asked about this run, empty when somebody is.

    `rules` are those of app.yaml: "children", "failed", and "tag:NAME=VALUE" or "tag:NAME". Runs shorter
    than `at_least` are left alone, as are runs whose length is unknown.
    """
    if run.status is not Status.FINISHED and "failed" in rules:
        return "it did not finish"
    if run.parent_id and "children" in rules:
        return "it is a child run"
    if run.duration is None or run.duration < at_least:
        return "it was too short"
    for rule in rules:
        if rule.startswith("tag:") and _tagged(run, rule.removeprefix("tag:")):
            return f"it is exempt by {rule}"
    return ""


def _tagged(run: Run, wanted: str) -> bool:
    name, equals, value = wanted.partition("=")
    return run.tags.get(name) == value if equals else name in run.tags
