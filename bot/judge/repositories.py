"""Where a run's code is kept, read from the address that git knows it by."""

import re
from urllib.parse import quote, urlsplit

from bot.facts.causes import Repository
from bot.facts.runs import COMMIT_TAG, Run
from bot.settings import CiSettings

REPOSITORY_TAG = "mlflow.source.git.repoURL"
GITHUB, GITLAB = "github", "gitlab"
PUBLIC = {"github.com": GITHUB, "gitlab.com": GITLAB}
# SSH over the HTTPS port (docs.github.com "Using SSH over the HTTPS port"; GitLab.com has the same).
OTHER_NAMES = {"ssh.github.com": "github.com", "altssh.gitlab.com": "gitlab.com", "www.github.com": "github.com"}
SCP = re.compile(r"(?:[^@/:]+@)?([A-Za-z0-9.-]+):(?!//)(.+)")
SEGMENT = re.compile(r"[A-Za-z0-9_.-]+")
COMMIT = re.compile(r"[0-9a-f]{7,64}")
# SHA-1 and SHA-256.
WHOLE = (40, 64)


def commit_of(run: Run) -> str:
    """The run's commit, empty where its tag is none or holds something else."""
    found = run.tags.get(COMMIT_TAG, "").strip().lower()
    return found if COMMIT.fullmatch(found) else ""


def same_commit(one: str, other: str) -> bool:
    """Whether two commits, of which one may be abbreviated, are the same."""
    shortest = min(len(one), len(other))
    return shortest > 0 and one[:shortest] == other[:shortest]


def host_of(address: str) -> str:
    """The host in a remote's address, empty where there is none: never a user or a password."""
    return _parted(address)[0]


def repository(address: str, ci: CiSettings) -> Repository | None:
    """The repository at a remote's address, in its SSH or web form; nothing for other hosts and shapes.

    Its host is one that app.yaml names, or a public one.
    """
    host, path = _parted(address)
    named = ((GITHUB, ci.github.url), (GITLAB, ci.gitlab.url))
    ours = {urlsplit(url).hostname or "": (kind, url) for kind, url in named}
    kind, base = ours.get(host) or (PUBLIC.get(host, ""), f"https://{host}")
    segments = path.split("/")
    if not kind or not all(SEGMENT.fullmatch(one) and one.strip(".") for one in segments):
        return None
    if len(segments) < 2 or (kind == GITHUB and len(segments) != 2):
        return None
    return Repository(kind, path, f"{base}/{quote(path)}", host in ours)


def _parted(address: str) -> tuple[str, str]:
    """Host in small letters, and path without its slashes and .git."""
    address = address.strip().removeprefix("git+")
    if "://" in address:
        try:
            parts = urlsplit(address)
            host, path = parts.hostname or "", parts.path
        except ValueError:
            return "", ""
    else:
        found = SCP.fullmatch(address)
        host, path = (found[1], found[2]) if found else ("", "")
    host = host.lower()
    return OTHER_NAMES.get(host, host), path.strip("/").removesuffix(".git").strip("/")
