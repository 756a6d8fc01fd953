"""Who is who, and who did what."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Person:
    """An MLflow user joined to a Slack person; `verified` tells that an administrator or e-mail vouches."""

    mlflow_user: str
    slack_id: str
    email: str = ""
    verified: bool = False


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Who did what to what, and when (UTC)."""

    at: datetime
    who: str
    act: str
    target: str
    details: str = ""
