"""What every CI provider's module does with a delivery, and what can be wrong with one."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from bot.facts.pipelines import News


class Unsigned(Exception):
    """The delivery does not prove where it comes from: signature missing, malformed or wrong."""


class Unreadable(Exception):
    """The delivery is signed, but not of the shape its provider documents."""


class Provider(Protocol):
    """One CI provider; its module has these functions."""

    def verify(self, secret: str, headers: Mapping[str, str], raw: bytes) -> None:
        """Check the signature over the raw body; raises Unsigned."""
        ...

    def delivery_id(self, headers: Mapping[str, str]) -> str:
        """What identifies the delivery, the same when it is sent again; raises Unreadable."""
        ...

    def read(self, headers: Mapping[str, str], body: Mapping[str, Any], now: datetime) -> Sequence[News]:
        """What it tells of, nothing for an event Rundown does not follow; raises Unreadable."""
        ...
