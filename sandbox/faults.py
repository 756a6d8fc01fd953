"""Faults to order: what a Web API method shall do wrong, where, and how often."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

KNOWN = frozenset({"method", "channel", "times", "status", "error", "retry_after", "drop", "when", "delay", "lag"})
WHEN = ("before", "after")


@dataclass(frozen=True, slots=True)
class Fault:
    """One rule. `method` "*" is every method; `times` None is for ever.

    `status` 429 (with `retry_after` seconds or without) or 5xx, or an `error` code of Slack, are answered
    instead; `drop` closes the connection without a word. `when` and `drop` say whether that happens before or
    after the call was carried out. `delay` holds the answer back by seconds; `lag` makes history forget the last
    seconds.
    """

    method: str
    channel: str = ""
    times: int | None = 1
    status: int = 0
    error: str = ""
    retry_after: float | None = None
    drop: str = ""
    when: str = "before"
    delay: float = 0.0
    lag: float = 0.0

    @property
    def after(self) -> bool:
        """Strikes once the call has been carried out."""
        return "after" in (self.drop, self.when)

    @property
    def answers(self) -> bool:
        """Changes the answer, not only its timing."""
        return bool(self.status or self.error or self.drop)


class Faults:
    """The rules in force; the first that fits a call is used up by one."""

    def __init__(self) -> None:
        self._rules: list[Fault] = []
        self._lock = threading.Lock()

    def add(self, method: str, **rule: Any) -> None:
        """Order one fault; see Fault for what can be said."""
        with self._lock:
            self._rules.append(_read({"method": method, **rule}))

    def replace(self, rules: Sequence[Mapping[str, Any]]) -> None:
        """Have just these rules; raises ValueError naming what is not understood."""
        read = [_read(rule) for rule in rules]
        with self._lock:
            self._rules = read

    def clear(self) -> None:
        """Work properly again."""
        self.replace([])

    def take(self, method: str, channels: frozenset[str]) -> Fault | None:
        """The fault this call meets, if any; `channels` are all names of the call's channel."""
        with self._lock:
            for place, rule in enumerate(self._rules):
                if rule.method not in ("*", method) or (rule.channel and rule.channel not in channels):
                    continue
                left = None if rule.times is None else rule.times - 1
                self._rules[place : place + 1] = [] if left == 0 else [replace(rule, times=left)]
                return rule
        return None


def _read(rule: Mapping[str, Any]) -> Fault:
    unknown = sorted(set(rule) - KNOWN)
    if unknown:
        raise ValueError(f"a fault has no {', '.join(unknown)}; it has {', '.join(sorted(KNOWN))}")
    if not rule.get("method"):
        raise ValueError("a fault names its method, or * for all")
    fault = Fault(**{key: value for key, value in rule.items() if value is not None or key == "times"})
    if fault.drop not in ("", *WHEN) or fault.when not in WHEN:
        raise ValueError('drop and when are "before" or "after"')
    if fault.times is not None and fault.times < 1:
        raise ValueError("times is at least 1, or null for ever")
    return fault
