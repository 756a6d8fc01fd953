"""Whether the trackers answer, and whether app.yaml's patterns name experiments that exist."""

from collections.abc import Collection, Iterator, Mapping
from fnmatch import fnmatchcase

from bot.check.findings import Finding, error, ok, warning
from bot.ports.errors import EdgeError
from bot.ports.tracker import Tracker
from bot.settings import Settings
from bot.settings.hints import did_you_mean


def trackers_answer(
    settings: Settings, trackers: Mapping[str, Tracker]
) -> tuple[list[Finding], frozenset[str] | None]:
    """Ask each tracker a real question; also the names of all experiments, if every tracker told its own."""
    findings: list[Finding] = []
    names: set[str] = set()
    all_told = True
    for one in settings.trackers:
        tracker = trackers[one.name]
        try:
            version = tracker.probe()
            known = [experiment.name for experiment in tracker.experiments() if not experiment.deleted]
        except EdgeError as problem:
            findings.append(_silent(one.name, one.uri, problem))
            all_told = False
            continue
        names.update(known)
        said = f"MLflow {version}, " if version else ""
        count = f"{len(known)} experiment{'' if len(known) == 1 else 's'}"
        findings.append(ok(f"Tracker {one.name} answers at {one.uri} ({said}{count})."))
    return findings, frozenset(names) if all_told else None


def _silent(name: str, uri: str, problem: EdgeError) -> Finding:
    what, _, mend = str(problem).partition(". ")
    if problem.permanent:
        return error(f"Tracker {name}: {what}.", mend or f"Correct the uri or the credentials of tracker {name}.")
    return error(
        f"Tracker {name} does not answer: {str(problem).rstrip('.')}.",
        f"Is it running, and can this machine open {uri}? Start it, or correct its uri.",
    )


def patterns(settings: Settings, experiments: Collection[str]) -> list[Finding]:
    """Patterns that match no experiment: often a typing error, sometimes an experiment that is yet to come."""
    findings = []
    for where, pattern in _patterns(settings):
        if not any(fnmatchcase(name, pattern) for name in experiments):
            hint = did_you_mean(pattern, sorted(experiments)).removeprefix("; ")
            mend = f"Correct it in app.yaml{f': {hint}' if hint else ', or wait for the first run.'}"
            findings.append(warning(f"{where}: {pattern!r} matches no experiment.", mend))
    return findings


def _patterns(settings: Settings) -> Iterator[tuple[str, str]]:
    for pattern in settings.experiments:
        yield "experiments", pattern
    for channel, wishes in settings.channels.items():
        for pattern in dict.fromkeys(pattern for wish in wishes for pattern in wish.experiments):
            if pattern != "*":
                yield f"channels.{channel}", pattern
