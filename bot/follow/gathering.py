"""What others tell of two runs: commits from their host, DVC's data at both, packages of both logged models."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from bot.facts.causes import Changed, CommitRange, DataChanged, Evidence, Part, Repository, Unknown
from bot.facts.runs import Run
from bot.judge.causes import data_tags, name_of, repository_of
from bot.judge.data import LOCK, data_changes, data_versions, kept_by_dvc
from bot.judge.documents import BYTES_AT_MOST, Unreadable
from bot.judge.packages import FILES, package_changes, packages
from bot.judge.repositories import REPOSITORY_TAG, commit_of, host_of, same_commit
from bot.ports.code import CodeHosts
from bot.ports.errors import CodeLimited, EdgeError, RunMissing, TrackerDown
from bot.ports.tracker import Tracker
from bot.settings import CiSettings

T = TypeVar("T")
DVC_FILES_AT_MOST = 20
# A host that did not answer is asked once more, a host that counts questions when it counts anew.
LATER = timedelta(minutes=5)


@dataclass
class Doubts:
    """What could not be known on the way, and when it makes sense to ask again."""

    now: datetime
    unknown: list[Unknown] = field(default_factory=list)
    again: datetime | None = None

    def ask(self, part: Part, question: Callable[[], T]) -> T | None:
        """An answer; what an edge says no to becomes unknown, and the other parts are read all the same."""
        try:
            return question()
        except CodeLimited as limited:
            self.note(Unknown(part, str(limited), limited.until), limited.until)
        except Unreadable as error:
            self.note(Unknown(part, f"a file of DVC’s cannot be read: {error}"))
        except EdgeError as error:
            self.note(Unknown(part, str(error).rstrip(".")), None if error.permanent else self.now + LATER)
        return None

    def note(self, one: Unknown, again: datetime | None = None) -> None:
        """Keep what is unknown."""
        if one not in self.unknown:
            self.unknown.append(one)
        if again is not None:
            self.again = max(filter(None, (self.again, again)))


@dataclass(frozen=True, slots=True)
class Gathered:
    """What was fetched, and when (UTC) to ask again for what nobody answered."""

    evidence: Evidence
    again: datetime | None = None


@dataclass(frozen=True, slots=True)
class Gatherer:
    """Asks the hosts of code and the trackers about two runs."""

    code: CodeHosts
    trackers: Mapping[str, Tracker]
    ci: CiSettings

    def gather(self, run: Run, baseline: Run, now: datetime) -> Gathered:
        """All that can be fetched; whatever cannot is said in it, nothing is raised for it."""
        doubts = Doubts(now)
        commits = self._commits(run, baseline, doubts)
        return Gathered(
            Evidence(
                code=commits,
                data=self._data(run, baseline, commits, doubts),
                packages=self._packages(run, baseline, doubts),
                unknown=tuple(doubts.unknown),
            ),
            doubts.again,
        )

    def _commits(self, run: Run, baseline: Run, doubts: Doubts) -> CommitRange | None:
        base, head = commit_of(baseline), commit_of(run)
        if not base or not head or same_commit(base, head):
            return None
        here, there = repository_of(run, self.ci), repository_of(baseline, self.ci)
        if here is None or here != there:
            doubts.note(Unknown(Part.CODE, _no_place(run, baseline, here, there)))
            return None
        return doubts.ask(Part.CODE, partial(self.code.compare, here, base, head))

    def _data(
        self, run: Run, baseline: Run, commits: CommitRange | None, doubts: Doubts
    ) -> tuple[DataChanged, ...] | None:
        """What DVC keeps otherwise at both commits; the runs' own tags win where both have them."""
        place = repository_of(run, self.ci)
        if commits is None or place is None or (data_tags(run) and data_tags(baseline)):
            return None
        files = [path for path in commits.paths if kept_by_dvc(path)]
        if commits.paths_cut and LOCK not in files:
            files.append(LOCK)
        if len(files) > DVC_FILES_AT_MOST or commits.paths_cut:
            doubts.note(Unknown(Part.DATA, "so many files changed that not all of DVC’s were read"))
        in_git = {path for path in commits.paths if not kept_by_dvc(path)}
        found: list[DataChanged] = []
        for path in files[:DVC_FILES_AT_MOST]:
            found += doubts.ask(Part.DATA, partial(self._versions, place, commits, path, in_git)) or ()
        return tuple({one.name: one for one in found}.values()) if files else None

    def _versions(
        self, place: Repository, commits: CommitRange, path: str, in_git: set[str]
    ) -> tuple[DataChanged, ...]:
        contents = [self.code.file(place, commit, path, BYTES_AT_MOST) for commit in (commits.base, commits.head)]
        before, after = (data_versions(path, content) for content in contents)
        return data_changes(before, after, in_git)

    def _packages(self, run: Run, baseline: Run, doubts: Doubts) -> tuple[Changed, ...] | None:
        """The packages of both logged models, put side by side; nothing where neither run logged one."""
        found = [doubts.ask(Part.ENVIRONMENT, partial(self._model, one)) for one in (run, baseline)]
        after, before = (packages(files) if files else None for files in found)
        if after is not None and before is not None:
            return package_changes(before, after)
        missing = [name_of(one) for one, files in zip((run, baseline), found, strict=True) if files == {}]
        if len(missing) == 1:
            doubts.note(Unknown(Part.ENVIRONMENT, f"{missing[0]} logged no model with its packages"))
        return None

    def _model(self, run: Run) -> Mapping[str, bytes]:
        tracker = self.trackers.get(run.tracker)
        if tracker is None:
            raise TrackerDown(f"tracker {run.tracker} is no longer followed")
        try:
            return tracker.model_files(run.run_id, FILES, BYTES_AT_MOST)
        except RunMissing:
            return {}


def _no_place(run: Run, baseline: Run, here: Repository | None, there: Repository | None) -> str:
    """Why two commits cannot be looked at side by side."""
    if here is not None and there is not None:
        return f"the runs are of two repositories, {here.path} and {there.path}"
    unplaced = run if here is None else baseline
    host = host_of(unplaced.tags.get(REPOSITORY_TAG, ""))
    if not host:
        return f"{name_of(unplaced)} recorded no repository that can be read"
    return f"{host} is not a host that app.yaml names"
