"""Who is who, and who did what."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class Person:
    """An MLflow user joined to a Slack person; `verified` tells that an administrator or e-mail vouches."""

    mlflow_user: str
    slack_id: str
    email: str = ""
    verified: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody (a Slack id) said of a metric of one experiment, and when (UTC)."""

    tracker: str
    experiment_id: str
    metric: str
    better: Literal["higher", "lower"]
    who: str
    at: datetime


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Who did what to what, and when (UTC)."""

    at: datetime
    who: str
    act: str
    target: str
    details: str = ""
