"""What is on this side: the database's schema and the team's own templates."""

from pathlib import Path
from typing import Protocol

from bot.check.findings import Finding, error, ok, warning
from bot.render.messages import TEMPLATES, Templates
from bot.settings.hints import did_you_mean

ENDING = ".xml.j2"


class Revised(Protocol):
    """A database that knows its schema's revision."""

    def revision(self) -> tuple[str, str]:
        """(the revision the database is at, the one this code wants)."""
        ...


def database(store: Revised) -> Finding:
    """Whether the database answers and has the schema that this version needs."""
    try:
        at, wanted = store.revision()
    except Exception as problem:
        return error(
            f"The database does not answer ({type(problem).__name__}).",
            "Look at DATABASE_URL, or database in app.yaml: does the server run, and may this user sign in?",
        )
    if at == wanted:
        return ok(f"The database is at revision {at}.")
    state = f"is at revision {at}" if at else "is empty"
    return error(f"The database {state}; this version needs {wanted}.", "Run: rundown db upgrade")


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
