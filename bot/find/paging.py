"""A list of runs, a page at a time."""

import re
from dataclasses import dataclass, replace

from bot.facts.runs import Run
from bot.ports.index import RunQuery
from bot.ports.store import Unit


@dataclass(frozen=True, slots=True)
class Page:
    """One page of runs: the runs, the page's number (from 1), how many there are on all pages."""

    runs: tuple[Run, ...]
    number: int
    size: int
    total: int

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
    total = sum(unit.runs.count(query).values())
    number = max(1, min(number, -(-total // size)))
    runs = unit.runs.find(replace(query, limit=size, offset=(number - 1) * size)) if total else ()
    return Page(tuple(runs), number, size, total)


def with_page(words: str, number: int) -> str:
    """The same command on another page: what a paging button says."""
    kept = re.sub(r"(?:^|\s)page[:=]\d+(?=\s|$)", "", words, flags=re.IGNORECASE).strip()
    return f"{kept} page:{number}"
