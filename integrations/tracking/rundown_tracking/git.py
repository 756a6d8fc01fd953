"""The commit, branch, remote and cleanliness of the working tree."""

import re
from urllib.parse import urlsplit

from rundown_tracking.start import Start

COMMIT, BRANCH = "mlflow.source.git.commit", "mlflow.source.git.branch"
DIRTY, REMOTE = "mlflow.source.git.dirty", "mlflow.source.git.repoURL"

ORIGIN = ("ls-remote", "--get-url")
CHANGES = ("status", "--porcelain", "--untracked-files=no")
# user@host:path, but not C:\folder.
_SCP = re.compile(r"(?:([^@/:\s]+)@)?([A-Za-z0-9.-]{2,}):(?!//)([^@\s\\?#]+)")


def tags(start: Start) -> dict[str, str]:
    """Commit, branch, remote without credentials, and whether tracked files differ from the commit."""
    _, commit, branch = start.repository.place
    if not commit:
        return {}
    remote = (start.repository.answer(ORIGIN) or b"").decode("utf-8", "replace").strip()
    changes = start.repository.answer(CHANGES)
    dirty = "" if changes is None else str(bool(changes)).lower()
    return {COMMIT: commit, BRANCH: branch, REMOTE: address(remote), DIRTY: dirty}


def address(remote: str) -> str:
    """A remote's address without user, password and query; empty for a folder of this machine and what looks odd.

    The user `git` of SSH stays, since it is everybody's.
    """
    if scp := _SCP.fullmatch(remote):
        return f"{'git@' if scp[1] == 'git' else ''}{scp[2]}:{scp[3]}"
    try:
        parts = urlsplit(remote)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return ""
    if (
        parts.scheme not in ("https", "http", "ssh", "git")
        or not host
        or "@" in parts.path + parts.query + parts.fragment
    ):
        return ""
    user = "git@" if parts.scheme == "ssh" and parts.username == "git" else ""
    host = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{user}{host}{f':{port}' if port else ''}{parts.path}"
