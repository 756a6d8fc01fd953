"""A test run as it stands beside the one it is to be compared with, put together from what was kept."""

from bot.facts.behaviour import BehaviourDiff
from bot.facts.reports import Origin
from bot.judge.behaviour import Comparison, first, merge
from bot.ports.store import Unit


def behaviour(unit: Unit, origin: Origin) -> BehaviourDiff | None:
    """What a test run changed since its target branch's last complete one; nothing where none of it is kept.

    `origin` is that of any of its parts. Asked again when another part came, it tells of that one, too.
    """
    parts = unit.reports.parts(origin.test_run)
    if not parts:
        return None
    report = merge(parts)
    at, run = report.origin.at, origin.test_run
    base = unit.reports.last_complete(origin.repository, origin.name, origin.base_branch, at, leave=run)
    if not base:
        return first(report)
    comparison = Comparison(report, merge(base))
    branches = {origin.branch, origin.base_branch}
    history = unit.reports.history(origin.repository, origin.name, branches, comparison.questions, at)
    return comparison.diff(history)
