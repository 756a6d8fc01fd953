"""The JSON of code hosts read into commits and paths; what means nothing is left out, not guessed."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from bot.facts.causes import Commit

COMMITS_AT_MOST = 250
PATHS_AT_MOST = 3_000
TITLE_AT_MOST = 200


def text(raw: Mapping[str, Any], key: str) -> str:
    """A text; empty where there is none."""
    found = raw.get(key)
    return found if isinstance(found, str) else ""


def count(raw: Mapping[str, Any], key: str) -> int:
    """A number of things; 0 where there is none."""
    found = raw.get(key)
    return found if isinstance(found, int) and found > 0 else 0


def items(raw: Any) -> list[Mapping[str, Any]]:
    """The objects of a list."""
    return [item for item in raw if isinstance(item, dict)] if isinstance(raw, list) else []


def commits(raw: Any, read: Callable[[Mapping[str, Any]], tuple[str, str, str, str]]) -> tuple[Commit, ...]:
    """Commits, the newest first, from oldest-first objects; `read` gives hash, message, author and time."""
    found = []
    for item in reversed(items(raw)[-COMMITS_AT_MOST:]):
        sha, message, author, at = read(item)
        title = message.strip().partition("\n")[0].strip()
        if sha:
            found.append(Commit(sha, title[:TITLE_AT_MOST], author[:TITLE_AT_MOST], _moment(at)))
    return tuple(found)


def paths(raw: Any, *keys: str) -> list[str]:
    """The paths under these keys, each once."""
    found = (text(item, key) for item in items(raw) for key in keys)
    return list(dict.fromkeys(path for path in found if path))[:PATHS_AT_MOST]


def _moment(raw: str) -> datetime | None:
    """A time in ISO 8601, as UTC."""
    try:
        found = datetime.fromisoformat(raw)
        return found.astimezone(UTC) if found.tzinfo else None
    except (ValueError, OverflowError):
        return None
