"""How much of a test report is read, whoever sends it, and what is said of one that cannot be."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from bot.ci.arrival import Unreadable

MEGABYTE = 1_000_000


class BadReport(Unreadable):
    """A report that cannot be read: the text says what, where and how to mend it, and repeats none of it."""


class TooLarge(BadReport):
    """A report that is larger than what is read."""


@dataclass(frozen=True, slots=True)
class Limits:
    """At most so much of a report, all of its files together; `size` is bytes when unpacked, `token` characters.

    No tag, attribute or comment may be longer than `token`: expat 2.5 reads one again for every piece of it.
    `text` and `name` are characters that are kept of a failure's text and of a name, the rest is cut off.
    """

    size: int = 64 * MEGABYTE
    files: int = 2_000
    cases: int = 200_000
    depth: int = 64
    token: int = MEGABYTE
    seconds: float = 10.0
    text: int = 4_000
    name: int = 500


class Allowance:
    """What is left of the limits while a report is read."""

    def __init__(self, limits: Limits, clock: Callable[[], float] = time.monotonic) -> None:
        """The time runs from now on; `clock` answers seconds."""
        self.limits = limits
        self._clock = clock
        self._until = clock() + limits.seconds
        self._size = limits.size
        self._files = limits.files
        self._cases = limits.cases

    def take_bytes(self, count: int) -> None:
        """So many unpacked bytes are about to be read; raises TooLarge."""
        self._size -= count
        if self._size < 0:
            raise TooLarge(
                f"the report is larger than {self.limits.size // MEGABYTE} MB when unpacked; leave out what tests "
                "print (pytest: -o junit_logging=no), or send it in shards"
            )
        if self._clock() > self._until:
            raise TooLarge(
                f"the report was not read within {self.limits.seconds:g} seconds; send it in shards (--shard 1/4)"
            )

    def take_file(self) -> None:
        """Another file is about to be read; raises TooLarge."""
        self._files -= 1
        if self._files < 0:
            raise TooLarge(f"the report has more than {self.limits.files} files; send it in shards (--shard 1/4)")

    def take_case(self) -> None:
        """Another test case was found; raises TooLarge."""
        self._cases -= 1
        if self._cases < 0:
            raise TooLarge(
                f"the report has more than {self.limits.cases} test cases; send it in shards (--shard 1/4)"
            )
