"""What may have made a run better or worse: what changed against another run, and what nobody can know."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Part(StrEnum):
    """What a result comes from."""

    PARAMS = "params"
    CODE = "code"
    DATA = "data"
    ENVIRONMENT = "environment"
    NOTEBOOK = "notebook"


@dataclass(frozen=True, slots=True)
class Changed:
    """One named value that was another before; None where there was, or is, none."""

    name: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class DataVersion:
    """A file or folder that DVC keeps: its hash, `size` in bytes, `files` in a folder, where they are told."""

    hash: str
    size: int | None = None
    files: int | None = None


@dataclass(frozen=True, slots=True)
class DataChanged:
    """Data that is another version: a path that DVC keeps, or a dataset that a run logged."""

    name: str
    before: DataVersion | None
    after: DataVersion | None


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository of a host that app.yaml names, or a public one: `path` is owner/name, `url` its page.

    `host` is "github" or "gitlab"; `ours` tells that the host is the one of app.yaml, which may be asked.
    """

    host: str
    path: str
    url: str
    ours: bool

    def compare_url(self, base: str, head: str) -> str:
        """The page that shows the commits from one commit to another."""
        return f"{self.url}/{'-/' if self.host == 'gitlab' else ''}compare/{base}...{head}"


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit: its full hash, the first line of its message, who wrote it (a name) and when (UTC)."""

    sha: str
    title: str
    author: str = ""
    at: datetime | None = None


class Relation(StrEnum):
    """How one commit lies to another."""

    SAME = "same"
    AHEAD = "ahead"
    BEHIND = "behind"
    DIVERGED = "diverged"
    UNRELATED = "unrelated"


@dataclass(frozen=True, slots=True)
class CommitRange:
    """What lies between two commits, the newest first: `gained` since the base, and `lost` that only the base has.

    Of many commits only some are given; the counts are of all. `paths` are the files that differ on either side,
    `paths_cut` tells that there are more.
    """

    base: str
    head: str
    relation: Relation
    gained: tuple[Commit, ...] = ()
    gained_count: int = 0
    lost: tuple[Commit, ...] = ()
    lost_count: int = 0
    paths: tuple[str, ...] = ()
    paths_cut: bool = False


@dataclass(frozen=True, slots=True)
class Unknown:
    """What could not be known, and why: half a sentence; `until` (UTC) where it may be asked again then."""

    part: Part
    why: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was fetched about two runs: commits, data at both commits, packages of both models.

    `data` and `packages` are None where there was nothing to read them from.
    """

    code: CommitRange | None = None
    data: tuple[DataChanged, ...] | None = None
    packages: tuple[Changed, ...] | None = None
    unknown: tuple[Unknown, ...] = ()


@dataclass(frozen=True, slots=True)
class Code:
    """Both commits (empty where one is not known), where they can be compared, and what lies between, if read.

    `changed` is None where nobody knows.
    """

    before: str
    after: str
    changed: bool | None
    url: str = ""
    commits: CommitRange | None = None


@dataclass(frozen=True, slots=True)
class Causes:
    """All that changed between two runs, and what is not known.

    `params` holds seeds only where nothing else changed, else they stand `aside`. `unrecorded` are the parts of
    which neither run says anything. `looked` tells that code, data and environment
    were read where there was something to read, and not only what stands in the index.
    """

    params: tuple[Changed, ...]
    code: Code
    data: tuple[DataChanged, ...]
    environment: tuple[Changed, ...]
    notebook: Changed | None
    unknown: tuple[Unknown, ...]
    unrecorded: tuple[Part, ...] = ()
    looked: bool = False
    aside: tuple[Changed, ...] = ()

    @property
    def count(self) -> int:
        """How many things changed; all commits together are one."""
        named = len(self.params) + len(self.data) + len(self.environment)
        return named + (self.code.changed is True) + (self.notebook is not None)

    @property
    def certain(self) -> bool:
        """Whether nothing else can have changed: the code is known, and all that was recorded could be read."""
        return self.looked and self.code.changed is not None and not self.unknown

    @property
    def only(self) -> Part | None:
        """The part in which the one thing changed that is known to have; see `certain`."""
        if self.count != 1:
            return None
        changed = {
            Part.PARAMS: self.params,
            Part.CODE: self.code.changed,
            Part.DATA: self.data,
            Part.ENVIRONMENT: self.environment,
            Part.NOTEBOOK: self.notebook,
        }
        return next(part for part, found in changed.items() if found)
