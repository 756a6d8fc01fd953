"""What CI says, read from what was kept: one check, the checks of a run, and the runs a check is about."""

from collections.abc import Sequence

from bot.facts.checks import Check, check_of, newest_of_each
from bot.facts.pipelines import Pipeline
from bot.facts.reports import Origin
from bot.facts.runs import Run, RunRef
from bot.ports.store import Unit

TESTS = "tests:"
REPORTS_OF_A_RUN = 50
USUAL_DEFAULTS = ("main", "master", "trunk")


def subject_of(origin: Origin) -> str:
    """The subject of the check that a report belongs to."""
    return origin.pipeline or origin.test_run


def read_check(unit: Unit, subject: str) -> Check | None:
    """One check; nothing where neither a pipeline nor tests are known under this subject."""
    return next(iter(read_checks(unit, [subject])), None)


def read_checks(unit: Unit, subjects: Sequence[str]) -> Sequence[Check]:
    """The checks with these subjects, in their order; those of which nothing is known are left out."""
    pipelines = [one for one in subjects if not one.startswith(TESTS)]
    courses, in_them = unit.pipelines.courses(pipelines), unit.suites.of_pipelines(pipelines)
    alone = unit.suites.get([one for one in subjects if one.startswith(TESTS)])
    found = [
        check_of(one, courses.get(one), [alone[one]] if one in alone else in_them.get(one, ())) for one in subjects
    ]
    return [check for check in found if check is not None]


def checks_of(unit: Unit, run: Run) -> Sequence[Check]:
    """What CI says of a run: reports that name it or a model version made of it, else what ran at its commit."""
    models = [f"{one.model}/{one.version}" for one in unit.models.of_run(run.ref)]
    named = [*unit.reports.find(run=run.run_id, limit=REPORTS_OF_A_RUN)]
    named += [one for model in models for one in unit.reports.find(model=model, limit=REPORTS_OF_A_RUN)]
    subjects = {subject_of(one.origin): None for one in named}
    if run.commit:
        subjects |= {one.now.subject: None for one in unit.pipelines.by_commit(run.commit)}
        at_commit = unit.reports.find(commit=run.commit, limit=REPORTS_OF_A_RUN)
        subjects |= {subject_of(one.origin): None for one in at_commit if not _names(one.origin)}
    checks = read_checks(unit, list(subjects))
    mine = {run.run_id, *models}
    return newest_of_each(check for check in checks if not _named(check) or _named(check) & mine)


def runs_of(unit: Unit, check: Check, trackers: Sequence[str]) -> Sequence[Run]:
    """The runs a check is about: those its reports name, else those trained from its commit, newest first."""
    if not _named(check):
        return unit.runs.by_commit(check.commit)
    found: dict[RunRef, Run] = {}
    for one in check.tested:
        if one.origin.run:
            found |= {run.ref: run for run in unit.runs.by_prefix(one.origin.run) if run.run_id == one.origin.run}
        if one.origin.model:
            refs = _of_model(unit, one.origin.model, trackers)
            found |= {ref: known.run for ref, known in unit.runs.get(refs).items()}
    return list(found.values())


def default_branch(unit: Unit, repository: str) -> str:
    """The default branch as the repository's pipelines tell it, empty where none does."""
    found = unit.pipelines.default_branch(repository)
    return found.branch if found is not None else ""


def on_default_branch(unit: Unit, check: Check) -> bool:
    """Whether a check is of the default branch; without a pipeline that tells, by the names usual for one."""
    if check.pipeline is not None:
        return check.pipeline.default_branch
    if any(one.origin.target for one in check.tested):
        return False
    known = default_branch(unit, check.repository)
    return check.branch == known if known else check.branch in USUAL_DEFAULTS


def pull_requests_of(unit: Unit, pipeline: Pipeline) -> tuple[int, ...]:
    """The numbers of the pull requests that a pipeline checks: it names them, or its commit is their head."""
    if pipeline.default_branch:
        return ()
    heads = unit.pull_requests.by_head(pipeline.provider, pipeline.repository, pipeline.commit)
    return tuple(sorted({*pipeline.pull_requests, *(one.number for one in heads)}))


def _names(origin: Origin) -> bool:
    return bool(origin.run or origin.model)


def _named(check: Check) -> set[str]:
    """The runs and model versions that its reports name."""
    return {name for one in check.tested for name in (one.origin.run, one.origin.model) if name}


def _of_model(unit: Unit, written: str, trackers: Sequence[str]) -> Sequence[RunRef]:
    """The runs that a model version, written churn/7, was made of."""
    model, _, version = written.rpartition("/")
    return [
        RunRef(tracker, one.run_id)
        for tracker in trackers
        for one in unit.models.versions(tracker, model)
        if one.version == version and one.run_id
    ]
