"""What can go wrong at an edge; `permanent` says whether trying again could help."""

from datetime import datetime

# Errors after which the same may be asked again; the last one is Rundown's own for bytes that did not arrive.
_PASSING = frozenset({"ratelimited", "rate_limited", "connection_refused", "service_unavailable", "upload_failed"})


class EdgeError(Exception):
    """Something outside did not do what was asked."""

    permanent = False


class TrackerDown(EdgeError):
    """A tracker did not answer, answered with an error of its own, or answered garbage."""


class TrackerRefused(EdgeError):
    """A tracker understood and said no: credentials, host rules, unknown workspace, bad filter."""

    permanent = True


class RunMissing(EdgeError):
    """The tracker does not know the run (never did, or it was garbage collected)."""

    permanent = True


class ModelMissing(EdgeError):
    """The registry has no such model, or the model no such alias; the text says which, without a full stop."""

    permanent = True


class SlackRefused(EdgeError):
    """Slack definitely did not do it. `error` is Slack's code; `retry_after` is in seconds where it gave one."""

    def __init__(self, error: str, *, retry_after: float | None = None, pointers: tuple[str, ...] = ()) -> None:
        """Keep Slack's error code, how long it asked to wait, and the JSON pointers it complained about."""
        super().__init__(error)
        self.error = error
        self.retry_after = retry_after
        self.pointers = pointers
        self.permanent = error not in _PASSING


class SlackUnclear(EdgeError):
    """Nobody knows whether Slack did it: a time-out, a reset, a 5xx, internal_error or fatal_error."""


class CodeDown(EdgeError):
    """A host of code did not answer, or answered garbage."""


class CodeLimited(CodeDown):
    """A host of code answers no more questions until a moment (UTC)."""

    def __init__(self, said: str, until: datetime) -> None:
        """Keep when it may be asked again."""
        super().__init__(said)
        self.until = until


class CodeRefused(EdgeError):
    """A host of code said no: a private repository, credentials, an unknown commit, too long an answer."""

    permanent = True
