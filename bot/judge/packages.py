"""The packages of a model's environment, as requirements.txt, conda.yaml and python_env.yaml list them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from bot.facts.causes import Changed
from bot.judge.documents import Unreadable, read_yaml

REQUIREMENTS, CONDA, PYTHON = "requirements.txt", "conda.yaml", "python_env.yaml"
FILES = (REQUIREMENTS, CONDA, PYTHON)
PACKAGES_AT_MOST = 2_000
# https://docs.conda.io/projects/conda/en/stable/user-guide/concepts/pkg-specs.html: name, version, build.
CONDA_SPEC = re.compile(r"(?:[\w./-]+::)?([\w.-]+)\s*([=<>!~].*)?")
BUILD = re.compile(r"^([^=\s]+)=[^=\s]+$")
# A place in a repository may hold a password.
USER = re.compile(r"(?<=://)[^/@\s]+@")


def packages(files: Mapping[str, bytes]) -> Mapping[str, str]:
    """Versions by package: `2.1.0` where one is pinned, else its conditions (`>=2,<3`), empty for any.

    What pip installs stands in requirements.txt, or else in conda.yaml; `python` is the interpreter. A file that
    cannot be read says nothing.
    """
    conda, python = _yaml(files.get(CONDA, b"")), _yaml(files.get(PYTHON, b""))
    listed = conda.get("dependencies")
    dependencies = listed if isinstance(listed, list) else []
    found = dict(_conda(dependencies))
    if REQUIREMENTS in files:
        lines: Iterable[Any] = files[REQUIREMENTS].decode("utf-8", "replace").splitlines()
    else:
        lines = [line for one in dependencies if isinstance(one, dict) for line in _lines(one.get("pip"))]
    found |= dict(_pip(lines))
    if isinstance(python.get("python"), str | float):
        found["python"] = str(python["python"])
    found.pop("pip", None)
    return dict(sorted(found.items())[:PACKAGES_AT_MOST])


def package_changes(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[Changed, ...]:
    """Packages added, removed and of another version, by name; the interpreter first."""
    names = sorted({*before, *after}, key=lambda name: (name != "python", name))
    return tuple(
        Changed(name, _shown(before, name), _shown(after, name))
        for name in names
        if before.get(name) != after.get(name)
    )


def _shown(versions: Mapping[str, str], name: str) -> str | None:
    return (versions[name] or "any version") if name in versions else None


def _yaml(content: bytes) -> Mapping[str, Any]:
    try:
        found = read_yaml(content)
    except Unreadable:
        return {}
    return found if isinstance(found, dict) else {}


def _lines(raw: Any) -> list[Any]:
    return raw if isinstance(raw, list) else []


def _conda(dependencies: Iterable[Any]) -> Iterator[tuple[str, str]]:
    for one in dependencies:
        found = CONDA_SPEC.fullmatch(one.strip()) if isinstance(one, str) else None
        if found:
            spec = (found[2] or "").strip()
            yield found[1].lower(), BUILD.sub(r"\1", spec.lstrip("=").strip()) if spec.startswith("=") else spec


def _pip(lines: Iterable[Any]) -> Iterator[tuple[str, str]]:
    for line in lines:
        # A hash or another option of a line stands behind " --" (pip's requirements file format).
        text = (
            re.split(r"\s+#|^#|\s+--|\s+\\$", line.strip(), maxsplit=1)[0].strip() if isinstance(line, str) else ""
        )
        if not text or text.startswith("-"):
            continue
        try:
            wanted = Requirement(text)
        except InvalidRequirement:
            # pip takes bare paths and addresses too.
            yield USER.sub("", text), ""
            continue
        pinned = [one.version for one in wanted.specifier if one.operator in ("==", "===")]
        version = pinned[0] if len(wanted.specifier) == 1 and pinned else str(wanted.specifier)
        yield canonicalize_name(wanted.name), USER.sub("", wanted.url) if wanted.url else version
