"""The kinds of values that CI providers send: texts that end, moments in UTC, and whole payloads."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ValidationError

from bot.ci.arrival import Unreadable

LONGEST_TEXT = 500
# How far a provider's clock may be ahead of ours before its times are not believed.
CLOCKS_DIFFER = timedelta(days=1)
# Ruby's Time#to_s, in which GitLab writes some of its times: 2026-01-02 03:04:05 UTC, or +0100 for UTC.
RUBY_TIME = re.compile(r"(?P<moment>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?) (?P<zone>UTC|[+-]\d{4})")


def _cut(text: str) -> str:
    return text[:LONGEST_TEXT]


def _first_line(text: str) -> str:
    return _cut(text.strip().split("\n", 1)[0].strip())


def _from_ruby(value: Any) -> Any:
    found = RUBY_TIME.fullmatch(value) if isinstance(value, str) else None
    return f"{found['moment']}{found['zone'].replace('UTC', 'Z')}" if found else value


def _in_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("no such moment exists in UTC") from None


Text = Annotated[str, AfterValidator(_cut)]
Line = Annotated[str, AfterValidator(_first_line)]
Moment = Annotated[AwareDatetime, AfterValidator(_in_utc)]
RubyMoment = Annotated[Moment, BeforeValidator(_from_ruby)]

Shape = TypeVar("Shape", bound=BaseModel)


def shaped(shape: type[Shape], event: str, body: Mapping[str, Any]) -> Shape:
    """An event's payload; raises Unreadable, which says where it differs from its shape, but not what is there."""
    try:
        return shape.model_validate(body)
    except ValidationError as problem:
        first = problem.errors(include_input=False, include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise Unreadable(f"{event}: {place}: {first['msg']}") from None


def believed(moment: datetime, now: datetime) -> datetime:
    """A provider's time; one that lies too far ahead is taken for now, lest nothing newer is ever believed."""
    return moment if moment <= now + CLOCKS_DIFFER else now


def newest(*moments: datetime | None) -> datetime | None:
    """The last of the moments that are known."""
    return max((moment for moment in moments if moment is not None), default=None)
