"""What is on this side: the database's schema and the team's own templates."""

import os
from pathlib import Path
from typing import Protocol

from bot.check.findings import Finding, error, ok, warning
from bot.render.messages import TEMPLATES, Templates
from bot.settings.hints import did_you_mean

ENDING = ".xml.j2"
SQLITE = "sqlite:///"


class Revised(Protocol):
    """A database that knows its schema's revision."""

    def revision(self) -> tuple[str, str]:
        """(the revision the database is at, empty when it has none, the one this code wants)."""
        ...


class Upgradable(Revised, Protocol):
    """A database whose schema can be brought to the revision that this code wants."""

    def upgrade(self) -> None:
        """Run the missing migrations."""
        ...


def upgrades_itself(url: str) -> bool:
    """Whether `serve` makes and upgrades this database; one that others share is upgraded by hand."""
    return url.startswith(SQLITE)


def database(store: Revised, url: str) -> Finding:
    """Whether the database at `url` answers and has the schema that this version needs, or will have."""
    try:
        at, wanted = store.revision()
    except Exception as problem:
        return _silent(problem)
    if at == wanted:
        return ok(f"The database is at revision {at}.")
    if at > wanted:
        return _newer(at, wanted)
    if not upgrades_itself(url):
        state = f"is at revision {at}" if at else "is empty"
        return error(f"The database {state}; this version needs {wanted}.", "Run: rundown db upgrade")
    place = Path(url.removeprefix(SQLITE)).absolute()
    folder = next(parent for parent in place.parents if parent.exists())
    if not os.access(folder, os.W_OK):
        return error(
            f"The database {place} cannot be written: {folder} is closed to this user.",
            "Open that folder to the user who runs Rundown, or name another place in DATABASE_URL.",
        )
    if at:
        return ok(f"The database is at revision {at}; `rundown serve` brings it to {wanted}.")
    return ok(f"The database {place} is not made yet; `rundown serve` makes it.")


def upgraded(store: Upgradable) -> Finding:
    """Bring the database to the schema that this version needs, and say how that went."""
    try:
        at, wanted = store.revision()
        if at > wanted:
            return _newer(at, wanted)
        store.upgrade()
    except Exception as problem:
        return _silent(problem)
    return ok(f"The database is at revision {wanted}.")


def _silent(problem: Exception) -> Finding:
    return error(
        f"The database does not answer ({type(problem).__name__}).",
        "Look at DATABASE_URL, or database in app.yaml: does the server run, and may this user open it?",
    )


def _newer(at: str, wanted: str) -> Finding:
    return error(
        f"The database is at revision {at}, made by a newer Rundown; this version knows {wanted}.",
        "Install that version again, or name another database in DATABASE_URL.",
    )


def own_templates(folder: Path | None, templates: Templates) -> list[Finding]:
    """Whether the team's own templates can be read and replace something."""
    if folder is None:
        return []
    built_in = [str(path.relative_to(TEMPLATES)) for path in sorted(TEMPLATES.rglob(f"*{ENDING}"))]
    own = [str(path.relative_to(folder)) for path in sorted(folder.rglob("[!.]*")) if path.is_file()]
    findings = [_stranger(folder, name, built_in) for name in own if name not in built_in]
    broken = templates.check()
    findings += [error(f"A template cannot be read: {problem}.", f"Mend it in {folder}.") for problem in broken]
    if not findings:
        replaced = f"{len(own)} template{'' if len(own) == 1 else 's'}"
        findings.append(ok(f"{folder} replaces {replaced}."))
    return findings


def _stranger(folder: Path, name: str, built_in: list[str]) -> Finding:
    hint = did_you_mean(name, built_in).removeprefix("; ")
    mend = f"Rename or remove it{f': {hint}' if hint else '.'}"
    return warning(f"{folder / name} replaces no built-in template, so nothing uses it.", mend)
