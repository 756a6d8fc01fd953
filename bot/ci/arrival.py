"""What every CI provider's module does with a delivery, and what can be wrong with one."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from bot.facts.pipelines import News
from bot.settings import CiSettings


class Unsigned(Exception):
    """The delivery does not prove where it comes from: signature missing, malformed, wrong or too old."""


class Unreadable(Exception):
    """The delivery is signed, but not of the shape its provider documents."""


class Provider(Protocol):
    """One CI provider; its module has these functions. `headers` have lower-case names."""

    def closed(self, ci: CiSettings) -> str:
        """What must be set before a delivery can be verified; empty where it is."""
        ...

    def verify(self, ci: CiSettings, headers: Mapping[str, str], raw: bytes, now: datetime) -> None:
        """Check what proves the raw body's origin; raises Unsigned."""
        ...

    def delivery_id(self, headers: Mapping[str, str]) -> str:
        """What identifies the delivery, the same when it is sent again; empty: only its body does.

        Raises Unreadable where the provider always names one and it is missing.
        """
        ...

    def read(self, headers: Mapping[str, str], body: Mapping[str, Any], now: datetime) -> Sequence[News] | None:
        """What it tells of; nothing at all (None) for an event Rundown does not follow; raises Unreadable."""
        ...
