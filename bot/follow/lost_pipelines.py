"""What webhooks lost: pipelines are read again from their providers, after downtime and every hour.

GitHub never sends a failed delivery again by itself
(https://docs.github.com/webhooks/using-webhooks/handling-failed-webhook-deliveries).
"""

import threading
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import structlog

from bot.facts.pipelines import Outcome, Pipeline
from bot.follow import artifacts, job_errors
from bot.notify.ci.pipelines import Pipelines
from bot.notify.notices import tell_ops, tell_over
from bot.ports.ci_hosts import CiHost
from bot.ports.errors import CodeDown, CodeLimited, EdgeError
from bot.ports.store import Store, Unit
from bot.settings import CiSettings

log = structlog.get_logger("lost_pipelines")

EVERY = timedelta(hours=1)
# After a look that failed, and before the first look of a process after one of another.
AGAIN = timedelta(minutes=10)
# How far each look reaches back behind the last one, and how far the first one does.
OVERLAP = timedelta(hours=1)
FIRST = timedelta(days=1)
# A repository of which nothing was heard for longer is not asked for, unless app.yaml names it.
KNOWN_FOR = timedelta(days=30)
# A pipeline that has not ended after so long is not asked for any more.
OPEN_FOR = timedelta(days=7)
# How many pipelines of one repository are read in one look; what is left is read in the next.
WHOLE_AT_MOST = 200
DOWN_FOR = timedelta(hours=2)
# What the firings of looks are called, followed by provider and repository.
LOOKS = "pipelines-"
NAMES = {"github": "GitHub", "gitlab": "GitLab"}


class LostPipelines:
    """Looks for what was lost. Several processes may: the rows of `fires` give each look to one."""

    def __init__(self, hosts: Mapping[str, CiHost], store: Store, pipelines: Pipelines) -> None:
        """`hosts` are the providers that may be asked, by name."""
        self.hosts = hosts
        self.store = store
        self.pipelines = pipelines
        self.stopping = threading.Event()
        self._looked_at: set[tuple[str, str]] = set()
        self._limited: dict[str, datetime] = {}

    def close(self) -> None:
        """Let go of connections."""
        for host in self.hosts.values():
            host.close()

    def look(self, now: datetime) -> None:
        """Read every repository that is due; a failure of one is no other's."""
        for provider, host in self.hosts.items():
            if self._limited.get(provider, now) > now:
                continue
            with self.store.read() as unit:
                known = self._repositories(unit, provider, now)
                due = [one for one in known if self._due(unit, provider, one, now)]
            troubles = self._look_at(provider, host, due, now)
            if due:
                self._tell(provider, known, troubles, now)

    def _look_at(
        self, provider: str, host: CiHost, repositories: Sequence[str], now: datetime
    ) -> Mapping[str, EdgeError]:
        troubles: dict[str, EdgeError] = {}
        for repository in repositories:
            if self.stopping.is_set():
                break
            try:
                self._read(provider, host, repository, now)
            except CodeLimited as problem:
                log.info("ci_host_limited", provider=provider, until=problem.until.isoformat())
                self._limited[provider] = problem.until
                break
            except EdgeError as problem:
                log.warning("ci_host_trouble", provider=provider, repository=repository, problem=str(problem))
                troubles[repository] = problem
            except Exception:
                log.exception("look_failed", provider=provider, repository=repository)
        return troubles

    def _repositories(self, unit: Unit, provider: str, now: datetime) -> Sequence[str]:
        """Those that app.yaml names, and those heard of."""
        named = named_repositories(self.pipelines.settings.ci, provider)
        return tuple(dict.fromkeys([*named, *unit.pipelines.repositories(provider, now - KNOWN_FOR)]))

    def _due(self, unit: Unit, provider: str, repository: str, now: datetime) -> bool:
        tried, read = _times(unit, provider, repository)
        if tried is not None and now - tried < AGAIN:
            return False
        return read is None or (provider, repository) not in self._looked_at or now - read >= EVERY

    def _read(self, provider: str, host: CiHost, repository: str, now: datetime) -> None:
        """Read one repository, unless another process does; what is as it is known is not asked for again."""
        with self.store.write() as unit:
            tried, read = _times(unit, provider, repository)
            slot = tried.isoformat() if tried is not None else "first"
            if not unit.fires.fire(_tried(provider, repository), slot, now):
                return
        since = max(read - OVERLAP, now - KNOWN_FOR) if read is not None else now - FIRST
        listed = host.pipelines(repository, since)
        with self.store.read() as unit:
            changed = [one for one in reversed(listed.pipelines) if _is_news(unit, one)]
            open_ones = unit.pipelines.unfinished(provider, repository, now - OPEN_FOR, WHOLE_AT_MOST)
        wanted = list(
            dict.fromkeys(one.pipeline_id for one in (*changed, *_unlisted(open_ones, listed.pipelines)))
        )
        found: list[Pipeline] = []
        try:
            for pipeline_id in wanted[:WHOLE_AT_MOST]:
                whole = None if self.stopping.is_set() else host.whole(repository, pipeline_id)
                found += [whole] if whole is not None else []
        finally:
            self._take(found, now)
        self._looked_at.add((provider, repository))
        if listed.complete and len(wanted) <= WHOLE_AT_MOST and not self.stopping.is_set():
            with self.store.write() as unit:
                unit.fires.fire(_was_read(provider, repository), slot, now)

    def _take(self, found: Sequence[Pipeline], now: datetime) -> None:
        """Take what was found at once: of several that ended meanwhile only the last of a branch is told."""
        with self.store.write() as unit:
            self.pipelines.take(unit, found, now)
            job_errors.plan(unit, self.hosts, found, now)
            artifacts.plan(unit, self.pipelines.settings, found, now)

    def _tell(self, provider: str, known: Sequence[str], troubles: Mapping[str, EdgeError], now: datetime) -> None:
        """One trouble a provider, told once until every repository was read again."""
        key, ops, name = f"ci:{provider}", self.pipelines.settings.app.ops_channel, NAMES.get(provider, provider)
        with self.store.write() as unit:
            times = {repository: _times(unit, provider, repository) for repository in known}
            if all(tried is None or read == tried for tried, read in times.values()):
                tell_over(unit, ops, key, f"{name} can be asked for pipelines again.", now)
            lasting = [
                (repository, problem)
                for repository, problem in troubles.items()
                if not isinstance(problem, CodeDown) or _down_for_long(times[repository][1], now)
            ]
            if lasting:
                repository, problem = lasting[0]
                more = f" and {len(lasting) - 1} more" if len(lasting) > 1 else ""
                what = f"{name} cannot be asked for the pipelines of {repository}{more}: {problem}."
                tell_ops(unit, ops, key, f"{what} What its webhook loses is not found until then.", now)


def named_repositories(ci: CiSettings, provider: str) -> Sequence[str]:
    """The repositories of a provider that app.yaml names."""
    return {"github": ci.github.repositories, "gitlab": ci.gitlab.repositories}.get(provider, ())


def _tried(provider: str, repository: str) -> str:
    return f"{LOOKS}tried:{provider}:{repository}"


def _was_read(provider: str, repository: str) -> str:
    return f"{LOOKS}read:{provider}:{repository}"


def _times(unit: Unit, provider: str, repository: str) -> tuple[datetime | None, datetime | None]:
    """When the last look at a repository began, and the last one that ended well: the same where all is well."""
    tried, read = unit.fires.last(_tried(provider, repository)), unit.fires.last(_was_read(provider, repository))
    return tried[1] if tried is not None else None, read[1] if read is not None else None


def _down_for_long(read: datetime | None, now: datetime) -> bool:
    """A host that is down is given time to come back."""
    return read is not None and now - read >= DOWN_FOR


def _is_news(unit: Unit, listed: Pipeline) -> bool:
    """Whether a pipeline in outline is another than the one that is known."""
    course = unit.pipelines.course(listed.subject)
    if course is None:
        return True
    known = course.now
    if listed.attempt != known.attempt:
        return listed.attempt > known.attempt
    if listed.outcome is known.outcome:
        # Where only the webhook's *Workflow runs* are ticked, nobody has told which jobs failed.
        return known.outcome is Outcome.FAILED and all(job.outcome is not Outcome.FAILED for job in known.jobs)
    return listed.updated >= known.updated


def _unlisted(open_ones: Sequence[Pipeline], listed: Sequence[Pipeline]) -> Sequence[Pipeline]:
    subjects = {one.subject for one in listed}
    return [one for one in open_ones if one.subject not in subjects]
