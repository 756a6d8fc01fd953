"""Test reports that a pipeline left at its CI provider as artifacts: read on the queue once the pipeline ended."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from typing import Any

import structlog

from bot.ci.archives import files
from bot.ci.junit import read_cases
from bot.ci.limits import Allowance, BadReport, Limits
from bot.facts.pipelines import News, Outcome, Pipeline
from bot.facts.reports import Origin, Report
from bot.follow import test_runs
from bot.notify.notices import tell_ops, tell_over
from bot.ports.ci_artifacts import CiArtifact, CiArtifacts
from bot.ports.ci_hosts import CiHost
from bot.ports.errors import CodeDown, CodeLimited, CodeRefused
from bot.ports.store import Store, Unit
from bot.settings import Settings

log = structlog.get_logger("artifacts")

TASK = "artifacts"
BYTES_AT_MOST = 20_000_000
ARTIFACTS_AT_MOST = 20
AGAIN, TRIES = timedelta(minutes=2), 5


def plan(unit: Unit, settings: Settings, news: Sequence[News], now: datetime) -> None:
    """Called after news was taken, in its transaction: hand over what to read, ask nothing yet."""
    if settings.ci.github.token is None or not settings.ci.github.artifacts:
        return
    for one in news:
        if (
            not isinstance(one, Pipeline)
            or one.provider != "github"
            or one.outcome not in (Outcome.PASSED, Outcome.FAILED)
        ):
            continue
        if unit.arrivals.first(TASK, f"{one.subject}:{one.attempt}", now):
            unit.tasks.put(TASK, {"subject": one.subject, "tries": 0}, now)


@dataclass(frozen=True, slots=True)
class Reading:
    """Reads what was planned; `now` answers the time in UTC."""

    settings: Settings
    store: Store
    hosts: Mapping[str, CiHost]
    now: Callable[[], datetime]

    def read(self, asked: Mapping[str, Any]) -> None:
        """Keep every report that a pipeline left; what cannot be read is told in the ops channel, once."""
        with self.store.read() as unit:
            course = unit.pipelines.course(asked["subject"])
            kept = {filed.origin.id for filed in unit.reports.find(pipeline=asked["subject"], limit=1000)}
        host = self.hosts.get(course.now.provider) if course is not None else None
        if course is None or host is None or host.artifacts is None:
            return
        try:
            refused = self._read(course.now, host.artifacts, kept)
        except CodeLimited as problem:
            self._later(asked, problem.until)
        except CodeDown:
            self._later(asked, self.now() + AGAIN * 2 ** int(asked["tries"]))
        except CodeRefused as problem:
            self._tell(course.now, [f"{problem}"])
        else:
            self._tell(course.now, refused)

    def _read(self, pipeline: Pipeline, source: CiArtifacts, kept: set[str]) -> Sequence[str]:
        """Keep its reports; returns why some were refused, each with its artifact's name."""
        patterns = self.settings.ci.github.artifacts
        found = [
            artifact
            for artifact in source.of_pipeline(pipeline.repository, pipeline.pipeline_id)
            if any(fnmatchcase(artifact.name.lower(), pattern.lower()) for pattern in patterns)
        ]
        found = [artifact for artifact in found if _identity(artifact) not in kept]
        refused = []
        for artifact in found[:ARTIFACTS_AT_MOST]:
            try:
                self._keep(pipeline, artifact, source)
            except (BadReport, CodeRefused) as problem:
                refused.append(f"{artifact.name}: {problem}")
        if len(found) > ARTIFACTS_AT_MOST:
            refused.append(f"there are more than {ARTIFACTS_AT_MOST} artifacts of test results")
        return refused

    def _keep(self, pipeline: Pipeline, artifact: CiArtifact, source: CiArtifacts) -> None:
        if artifact.size > BYTES_AT_MOST:
            raise BadReport(f"it is larger than {BYTES_AT_MOST // 1_000_000} MB; upload only the JUnit XML")
        raw = source.content(pipeline.repository, artifact, BYTES_AT_MOST)
        cases = read_cases(files(raw, "the zip"), Allowance(Limits()))
        report = Report(_origin(pipeline, artifact), cases)
        with self.store.write() as unit:
            if unit.reports.put(report):
                test_runs.plan(unit, report.origin, self.now())

    def _later(self, asked: Mapping[str, Any], at: datetime) -> None:
        tries = int(asked["tries"]) + 1
        if tries >= TRIES:
            log.warning("artifacts_given_up", subject=asked["subject"])
            return
        with self.store.write() as unit:
            unit.tasks.put(TASK, {**asked, "tries": tries}, at)

    def _tell(self, pipeline: Pipeline, refused: Sequence[str]) -> None:
        key = f"artifacts:{pipeline.provider}:{pipeline.repository}"
        ops = self.settings.app.ops_channel
        with self.store.write() as unit:
            if refused:
                more = f" (and {len(refused) - 1} more)" if len(refused) > 1 else ""
                text = f"Test results of {pipeline.repository} cannot be read: {refused[0]}{more}. {pipeline.url}"
                tell_ops(unit, ops, key, text, self.now())
            else:
                tell_over(unit, ops, key, f"Test results of {pipeline.repository} can be read again.", self.now())


def _identity(artifact: CiArtifact) -> str:
    return f"artifact-{artifact.number}"


def _origin(pipeline: Pipeline, artifact: CiArtifact) -> Origin:
    target = pipeline.target_branch
    earlier = pipeline.started is not None and artifact.created < pipeline.started
    return Origin(
        pipeline.provider,
        _identity(artifact),
        artifact.created,
        f"{pipeline.name} / {artifact.name}",
        pipeline.repository,
        pipeline.branch,
        target if target != pipeline.branch else "",
        pipeline.commit,
        pipeline.url,
        pipeline.provider,
        pipeline.pipeline_id,
        max(1, pipeline.attempt - earlier),
    )
