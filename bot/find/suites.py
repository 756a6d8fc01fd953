"""How the tests of a branch or a run stand: what fails and since when, what is flaky, and what changed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.facts.reports import Case, CaseId, CaseOutcome, Counts, Origin, Past, Report
from bot.facts.suites import SuiteDiff
from bot.judge.behaviour import merge
from bot.judge.flakiness import is_flaky
from bot.ports.store import Unit

REPORTS_BACK = 30
FLAKY_AT_MOST = 10


@dataclass(frozen=True, slots=True)
class Failing:
    """A test case that fails, `since` when (UTC) and at which `commit`, as far back as reports are kept."""

    suite: str
    case: Case
    since: datetime
    commit: str
    flaky: bool = False

    @property
    def first_line(self) -> str:
        """The first line of why it fails."""
        return next((line.strip() for line in self.case.message.splitlines() if line.strip()), "")


@dataclass(frozen=True, slots=True)
class Suite:
    """The newest test run of one name: its counts, what changed in it, and which of its tests are flaky."""

    origin: Origin
    counts: Counts
    complete: bool
    diff: SuiteDiff | None
    failing: tuple[Failing, ...]
    flaky: tuple[CaseId, ...]


def suites_of_branch(unit: Unit, branch: str, repositories: Iterable[str]) -> Sequence[Suite]:
    """The newest test run of each name on a branch of some repositories, in the order of their names."""
    wanted = set(repositories)
    lines = [one for one in unit.reports.lines() if one[1] == branch and one[0] in wanted]
    found = []
    for repository, _, name in sorted(lines):
        filed = unit.reports.find(branch=branch, repository=repository, name=name, limit=1)
        found += [read_suite(unit, one.origin) for one in filed]
    return [suite for suite in found if suite is not None]


def read_suite(unit: Unit, origin: Origin) -> Suite | None:
    """A test run with all of its parts; nothing where its reports are no longer kept."""
    parts = unit.reports.parts(origin.test_run)
    if not parts:
        return None
    report = merge(parts)
    broken = [case for case in report.cases if case.outcome.broken]
    doubtful = [case for case in report.cases if case.outcome is CaseOutcome.FLAKY]
    history = _history(unit, report, [*broken, *doubtful])
    diff = unit.suites.get([origin.test_run]).get(origin.test_run)
    return Suite(
        report.origin,
        report.counts,
        report.complete,
        diff,
        tuple(_failing(case, report, history) for case in broken),
        tuple(case.id for case in doubtful if _flaky(case, report, history))[:FLAKY_AT_MOST],
    )


def _history(unit: Unit, report: Report, cases: Sequence[Case]) -> Mapping[CaseId, Sequence[Past]]:
    origin = report.origin
    wanted = [case.id for case in cases]
    return unit.reports.history(
        origin.repository, origin.name, {origin.branch}, wanted, origin.at, limit=REPORTS_BACK
    )


def _failing(case: Case, report: Report, history: Mapping[CaseId, Sequence[Past]]) -> Failing:
    since = Past(report.origin.at, report.origin.commit, case.outcome, case.seconds)
    for past in reversed(history.get(case.id, ())):
        if not past.outcome.broken:
            break
        since = past
    return Failing(report.origin.name, case, since.at, since.commit, _flaky(case, report, history))


def _flaky(case: Case, report: Report, history: Mapping[CaseId, Sequence[Past]]) -> bool:
    here = Past(report.origin.at, report.origin.commit, case.outcome, case.seconds)
    return is_flaky([*history.get(case.id, ()), here])
