"""The versions of the data in the working tree, as `dvc.lock` and `*.dvc` say them."""

import hashlib
import os
import posixpath
import re
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from rundown_tracking.start import Start

FILES = (
    "ls-files", "-z", "--full-name", "--cached", "--others", "--exclude-standard", "--deduplicate",
    "--", ":(top)*.dvc", ":(top,glob)**/dvc.lock",
)  # fmt: skip
LOCK, POINTER = "dvc.lock", ".dvc"
PREFIX = "dvc."
OTHERS = f"{PREFIX}and others"
SINGLE_AT_MOST = 30
# MLflow takes 250 characters, and its file store names a file of 255 bytes by them.
KEY_BYTES = 240
# libyaml and PyYAML read 1.5 MB a second of what DVC writes.
BYTES_A_SECOND = 1_000_000
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def tags(start: Start) -> dict[str, str]:
    """One tag a path, its hash as value; the 31st path and those after it in one tag.

    All or nothing: where time does not suffice there is no tag, since a part would look like data that went.
    """
    top, names = _listed(start)
    allowed = (start.deadline - time.monotonic()) * BYTES_A_SECOND
    versions: dict[str, str] = {}
    for name in sorted(set(names)):
        path = Path(top, name)
        if not path.is_file():
            continue
        allowed -= path.stat().st_size
        if allowed < 0 or time.monotonic() > start.deadline:
            return {}
        versions.update(versions_in(name, path.read_bytes()))
    return as_tags(versions)


def versions_in(name: str, content: bytes) -> dict[str, str]:
    """The hash of each path in one of DVC's files. Of a pipeline only what it is given: all else follows."""
    loaded = _mapping(yaml.load(content, _LOADER))  # noqa: S506 - one of the two safe ones
    if name.endswith(LOCK):
        entries = [("", one) for one in _given(loaded)]
    else:
        entries = [(str(loaded.get("wdir", ".")), one) for one in _list(loaded.get("outs"))]
    folder = posixpath.dirname(name)
    found = {}
    for wdir, entry in entries:
        if entry.get("path") and (version := _version(entry)):
            found[posixpath.normpath(posixpath.join(folder, wdir, str(entry["path"])))] = version
    return found


def as_tags(versions: Mapping[str, str]) -> dict[str, str]:
    """Versions by path as tags that MLflow takes. What is in a folder that has a version is left to it."""
    keys = {_key(path): version for path, version in versions.items()}
    kept = sorted(key for key in keys if not any(above in keys for above in _above(key)))
    told = {key: keys[key] for key in kept[:SINGLE_AT_MOST]}
    if rest := kept[SINGLE_AT_MOST:]:
        text = "\n".join(f"{key} {keys[key]}" for key in rest)
        told[OTHERS] = f"{len(rest)} more: {hashlib.sha256(text.encode('utf-8', 'replace')).hexdigest()[:32]}"
    return told


def _listed(start: Start) -> tuple[str, list[str]]:
    """The top folder, and DVC's files in it: git knows them, and looks into no folder that it ignores."""
    top = start.repository.place[0]
    if top:
        return top, [os.fsdecode(name) for name in (start.repository.answer(FILES) or b"").split(b"\0") if name]
    here = start.folder or Path(os.devnull)
    root = next((one for one in (here, *here.parents) if (one / POINTER).is_dir()), None)
    return (str(root), list(_walked(root, start.deadline))) if root else ("", [])


def _walked(root: Path, deadline: float) -> Iterator[str]:
    """DVC's files below a folder without git, but for hidden folders and data that has its version beside it."""
    for folder, folders, files in os.walk(root):
        if time.monotonic() > deadline:
            raise TimeoutError(root)
        folders[:] = [one for one in folders if not one.startswith(".") and f"{one}{POINTER}" not in files]
        inside = Path(folder).relative_to(root)
        yield from ((inside / one).as_posix() for one in files if one == LOCK or one.endswith(POINTER))


def _key(path: str) -> str:
    """A path as the name of a tag: MLflow takes letters, digits and a few signs."""
    key = PREFIX + re.sub(r"[^\w./: -]", "_", path).lstrip("/")
    encoded = key.encode()
    if len(encoded) <= KEY_BYTES:
        return key
    digest = hashlib.sha256(path.encode("utf-8", "replace")).hexdigest()[:8]
    return f"{encoded[: KEY_BYTES - 12].decode('utf-8', 'ignore').rstrip('./ ')} {digest}"


def _above(path: str) -> Iterator[str]:
    while (parent := posixpath.dirname(path)) not in ("", path):
        yield parent
        path = parent


def _given(lock: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    stages = [_mapping(stage) for stage in _mapping(lock.get("stages")).values()]
    made = {out.get("path") for stage in stages for out in _list(stage.get("outs"))}
    for stage in stages:
        deps = _list(stage.get("deps"))
        yield from (dep for dep in deps if dep.get("path") not in made)
        if not deps:
            yield from _list(stage.get("outs"))


def _version(entry: Mapping[str, Any]) -> str:
    """DVC's hash, whichever it is (https://dvc.org/doc/user-guide/project-structure/dvc-files)."""
    told = entry.get("md5") or entry.get("etag") or entry.get("checksum") or _versions(entry.get("cloud"))
    parts = _list(entry.get("files"))
    if told or not parts:
        return str(told or "")
    text = "\n".join(
        sorted(f"{one.get('relpath', '')} {one.get('md5') or _versions(one.get('cloud'))}" for one in parts)
    )
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def _versions(cloud: Any) -> str | None:
    """The store's own version ids."""
    stores = [_mapping(one) for one in _mapping(cloud).values() if isinstance(one, dict)]
    return " ".join(sorted(f"{one.get('version_id') or one.get('etag')}" for one in stores)) or None


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
