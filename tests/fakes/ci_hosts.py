"""What a CI provider has run, in memory, and a CiHost that tells of it."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from bot.facts.pipelines import Job, Outcome, Pipeline
from bot.ports.ci_artifacts import CiArtifacts
from bot.ports.ci_hosts import Listed
from bot.ports.errors import CodeRefused, EdgeError

BEGAN = datetime(2026, 3, 1, 9, tzinfo=UTC)
COMMIT = "acb5820ced9479c074f688cc328bf03f341a511d"


@dataclass
class Ran:
    """One pipeline as its provider knows it; times are UTC."""

    number: int
    outcome: Outcome
    created: datetime
    updated: datetime
    branch: str = "main"
    attempt: int = 1
    jobs: dict[str, Outcome] = field(default_factory=dict)
    error: str = ""

    def job_id(self, name: str) -> str:
        """What the host calls one of its jobs."""
        return str(self.number * 1000 + list(self.jobs).index(name))


@dataclass
class Runs:
    """All pipelines of one repository, by number."""

    default_branch: str = "main"
    runs: dict[int, Ran] = field(default_factory=dict)

    def run(
        self,
        number: int,
        outcome: Outcome = Outcome.PASSED,
        created: datetime = BEGAN,
        after: timedelta = timedelta(minutes=10),
        **jobs: Outcome,
    ) -> Ran:
        """A pipeline that got where it is some time after it was made."""
        self.runs[number] = Ran(number, outcome, created, created + after, jobs=jobs)
        return self.runs[number]


class FakeCiHost:
    """bot.ports.ci_hosts.CiHost without a host; `trouble` is raised by every question while it is set."""

    def __init__(self, repositories: dict[str, Runs], provider: str = "github") -> None:
        self.repositories = repositories
        self.provider = provider
        self.token = True
        self.trouble: EdgeError | None = None
        self.most = 1000
        self.asked: list[str] = []
        self.artifacts: CiArtifacts | None = None

    def close(self) -> None:
        self._ask("close")

    def greet(self) -> None:
        self._ask("greet")

    def pipelines(self, repository: str, since: datetime) -> Listed:
        runs = self._of(repository, f"pipelines {repository}")
        found = sorted(runs.runs.values(), key=lambda ran: ran.created, reverse=True)
        recent = [ran for ran in found if max(ran.created, ran.updated) >= since]
        listed = [self._pipeline(repository, runs, ran) for ran in recent[: self.most]]
        return Listed(listed, complete=len(recent) <= self.most)

    def whole(self, repository: str, pipeline_id: str) -> Pipeline | None:
        runs = self._of(repository, f"whole {repository} {pipeline_id}")
        ran = runs.runs.get(int(pipeline_id))
        if ran is None:
            return None
        jobs = [
            Job(ran.job_id(name), name, outcome, ran.updated, attempt=ran.attempt)
            for name, outcome in ran.jobs.items()
        ]
        return replace(self._pipeline(repository, runs, ran), jobs=tuple(jobs))

    def error(self, repository: str, job_id: str) -> str:
        runs = self._of(repository, f"error {repository} {job_id}")
        found = [ran for ran in runs.runs.values() for name in ran.jobs if ran.job_id(name) == job_id]
        return found[0].error if found else ""

    def _of(self, repository: str, question: str) -> Runs:
        self._ask(question)
        if repository not in self.repositories:
            raise CodeRefused("github.com knows no such repository, or the token may not see it")
        return self.repositories[repository]

    def _ask(self, question: str) -> None:
        self.asked.append(question)
        if self.trouble is not None:
            raise self.trouble
        if not self.token:
            raise CodeRefused("github.com wants another token")

    def _pipeline(self, repository: str, runs: Runs, ran: Ran) -> Pipeline:
        return Pipeline(
            provider=self.provider,
            repository=repository,
            pipeline_id=str(ran.number),
            attempt=ran.attempt,
            name="tests",
            branch=ran.branch,
            commit=COMMIT,
            outcome=ran.outcome,
            url=f"https://github.com/{repository}/actions/runs/{ran.number}",
            default_branch=ran.branch == runs.default_branch,
            updated=ran.updated,
            created=ran.created,
        )
