"""A list of runs, a page at a time."""

import re
from dataclasses import dataclass, replace

from bot.facts.runs import Run
from bot.ports.index import RunQuery
from bot.ports.store import Unit

# How many runs beyond a page are counted: whoever has more than that wants other words, not the number.
AHEAD = 50


@dataclass(frozen=True, slots=True)
class Page:
    """One page of runs: the runs, the page's number (from 1), how many there are on all pages.

    Where there are `many`, the total is how far was counted, and there are more.
    """

    runs: tuple[Run, ...]
    number: int
    size: int
    total: int
    many: bool = False

    @property
    def first(self) -> int:
        """The place of the page's first run in the whole list, from 1."""
        return (self.number - 1) * self.size + 1

    @property
    def last(self) -> int:
        """The place of the page's last run in the whole list."""
        return self.first + len(self.runs) - 1

    @property
    def has_next(self) -> bool:
        """Whether there are later pages."""
        return self.last < self.total


def page_of(unit: Unit, query: RunQuery, number: int, size: int) -> Page:
    """A page of what a query finds; a number beyond the last page gives the last page."""
    before = (number - 1) * size
    most = before + size + AHEAD
    runs, total = unit.runs.page(replace(query, limit=size, offset=before), most + 1)
    if not runs and number > 1:
        total = unit.runs.count(query, before)
        return page_of(unit, query, max(1, -(-total // size)), size)
    return Page(tuple(runs), number, size, min(total, most), many=total > most)


def with_page(words: str, number: int) -> str:
    """The same command on another page: what a paging button says."""
    return with_option(words, "page", str(number))


def with_option(words: str, option: str, value: str = "") -> str:
    """The same command with an option of this value, or without the option."""
    kept = re.sub(rf"(?:^|\s){option}[:=]\w+(?=\s|$)", "", words, flags=re.IGNORECASE).strip()
    return f"{kept} {option}:{value}" if value else kept
