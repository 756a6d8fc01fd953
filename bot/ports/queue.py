"""Slow work handed over: done later, by whoever takes it, and not forgotten."""

from collections.abc import Mapping
from typing import Any, Protocol


class Queue(Protocol):
    """A durable queue of named tasks; the database is the truth, waking is only a hint."""

    def put(self, task: str, arguments: Mapping[str, Any], once: str = "") -> int:
        """Keep a task and wake a worker; returns its id, or 0 where one with this `once` was kept before."""
        ...

    def wake(self) -> None:
        """Say that there may be work: used after a write that left some."""
        ...
