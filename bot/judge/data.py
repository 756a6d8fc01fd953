"""What DVC says of the data at a commit: `dvc.lock` of a pipeline, and `*.dvc` beside a file."""

import hashlib
import posixpath
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.facts.causes import DataChanged, DataVersion
from bot.judge.documents import Unreadable, read_yaml

LOCK = "dvc.lock"
POINTER = ".dvc"
PATHS_AT_MOST = 5_000


class _Part(BaseModel):
    """A file of a folder whose versions the store itself keeps (https://dvc.org/doc/user-guide/data-management)."""

    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True)

    relpath: str = ""
    md5: str | None = None
    size: int | None = None
    cloud: dict[str, Any] | None = None


class _Entry(_Part):
    """What DVC keeps of one path (https://dvc.org/doc/user-guide/project-structure/dvc-files)."""

    path: str = ""
    etag: str | None = None
    checksum: str | None = None
    nfiles: int | None = None
    files: list[_Part] | None = None

    def version(self) -> DataVersion | None:
        """Its hash, whichever of DVC's it is; nothing where it has none yet."""
        parts = self.files or []
        told = self.md5 or self.etag or self.checksum or _versions(self.cloud)
        if told is None and parts:
            text = "\n".join(sorted(f"{one.relpath} {one.md5 or _versions(one.cloud)}" for one in parts))
            told = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
        if told is None:
            return None
        size = self.size if self.size is not None or not parts else sum(one.size or 0 for one in parts)
        return DataVersion(told, size, self.nfiles if self.nfiles is not None else len(parts) or None)


class _Stage(BaseModel):
    model_config = ConfigDict(extra="ignore")

    deps: list[_Entry] = []
    outs: list[_Entry] = []


class _Lock(BaseModel):
    model_config = ConfigDict(extra="ignore")

    stages: dict[str, _Stage] = {}


class _Pointer(BaseModel):
    model_config = ConfigDict(extra="ignore")

    outs: list[_Entry] = []
    wdir: str = "."


def kept_by_dvc(path: str) -> bool:
    """Whether a file of a repository is one in which DVC keeps versions."""
    name = posixpath.basename(path)
    return name == LOCK or (name.endswith(POINTER) and name != POINTER)


def data_versions(path: str, content: bytes | None) -> Mapping[str, DataVersion]:
    """The versions in one such file, by path in the repository; raises Unreadable.

    Of a pipeline only what it is given: what it makes of that follows.
    """
    if content is None:
        return {}
    try:
        raw = read_yaml(content) or {}
        found = (
            _given(_Lock.model_validate(raw)) if path.endswith(LOCK) else _pointed(_Pointer.model_validate(raw))
        )
        entries = list(found)
    except ValidationError as error:
        raise Unreadable("not what DVC writes") from error
    folder = posixpath.dirname(path)
    versions = ((posixpath.normpath(posixpath.join(folder, where)), one.version()) for where, one in entries)
    return {where: version for where, version in list(versions)[:PATHS_AT_MOST] if version is not None}


def data_changes(
    before: Mapping[str, DataVersion], after: Mapping[str, DataVersion], in_git: Collection[str] = ()
) -> tuple[DataChanged, ...]:
    """Paths that were added, removed, or are another version; those that differ `in_git` are no data but code."""
    folders = {parent for path in in_git for parent in _above(path)}
    return tuple(
        DataChanged(path, before.get(path), after.get(path))
        for path in sorted({*before, *after} - folders)
        if path not in before or path not in after or before[path].hash != after[path].hash
    )


def _above(path: str) -> Iterator[str]:
    """A path, and the folders it is in."""
    while path:
        yield path
        path = posixpath.dirname(path)


def _given(lock: _Lock) -> Iterator[tuple[str, _Entry]]:
    made = {out.path for stage in lock.stages.values() for out in stage.outs}
    for stage in lock.stages.values():
        for dep in stage.deps:
            if dep.path and dep.path not in made:
                yield dep.path, dep
        if not stage.deps:
            yield from ((out.path, out) for out in stage.outs if out.path)


def _pointed(pointer: _Pointer) -> Iterator[tuple[str, _Entry]]:
    yield from ((posixpath.join(pointer.wdir, out.path), out) for out in pointer.outs if out.path)


def _versions(cloud: dict[str, Any] | None) -> str | None:
    """The store's own version ids, as `dvc push` writes them for each remote."""
    ids = [
        f"{one.get('version_id') or one.get('etag')}" for one in (cloud or {}).values() if isinstance(one, dict)
    ]
    return " ".join(sorted(ids)) or None
