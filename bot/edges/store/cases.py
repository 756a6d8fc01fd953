"""The cases of a report in one value: columns of JSON, compressed, since a report may have 100,000 of them."""

import json
import zlib
from collections.abc import Container, Iterator
from typing import Any

from bot.facts.reports import Case, CaseId, CaseOutcome

LEVEL = 3
OUTCOMES = {outcome.value: outcome for outcome in CaseOutcome}


def packed(cases: tuple[Case, ...]) -> bytes:
    """Into bytes, a column a line."""
    packer = zlib.compressobj(LEVEL)
    lines = (json.dumps(column, separators=(",", ":")).encode() + b"\n" for column in zip(*cases, strict=True))
    return b"".join([*map(packer.compress, lines), packer.flush()])


def unpacked(value: bytes) -> tuple[Case, ...]:
    """Out of bytes."""
    columns = _columns(value)
    if not columns:
        return ()
    columns[3] = [OUTCOMES[outcome] for outcome in columns[3]]
    return tuple(map(Case._make, zip(*columns, strict=True)))


def picked(value: bytes, wanted: Container[CaseId]) -> Iterator[tuple[CaseId, CaseOutcome, float]]:
    """How some of the cases ended, and how many seconds they took."""
    columns = _columns(value)
    if not columns:
        return
    groups, names, parameters, outcomes, seconds, _ = columns
    for place, identity in enumerate(zip(groups, names, parameters, strict=True)):
        if identity in wanted:
            yield CaseId(*identity), OUTCOMES[outcomes[place]], seconds[place]


def _columns(value: bytes) -> list[list[Any]]:
    return [json.loads(line) for line in zlib.decompress(value).splitlines()]
