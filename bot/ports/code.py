"""Hosts of code, GitHub and GitLab, as the core sees them."""

from typing import Protocol

from bot.facts.causes import CommitRange, Repository


class CodeHosts(Protocol):
    """The hosts that app.yaml names; nothing else is ever asked.

    Every method raises CodeDown (try later), CodeLimited (not before a moment) or CodeRefused (it said no, or may
    not be asked: no token, another host). Each error's text is half a sentence that says why.
    """

    def compare(self, repository: Repository, base: str, head: str) -> CommitRange:
        """What lies between two commits, whichever of them is older."""
        ...

    def file(self, repository: Repository, commit: str, path: str, most: int) -> bytes | None:
        """A file at a commit, nothing where it has none; CodeRefused where it has more than `most` bytes."""
        ...
