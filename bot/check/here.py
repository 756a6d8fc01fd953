"""What is on this side: the database and its schema."""

import os
from pathlib import Path
from typing import Protocol

from bot.check.findings import Finding, error, ok

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
