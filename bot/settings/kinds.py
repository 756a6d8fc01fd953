"""The kinds of values that stand in app.yaml: durations, days, times, zones, globs, addresses, secrets."""

import re
from collections.abc import Callable
from datetime import time, timedelta
from typing import Annotated, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BeforeValidator, SecretStr, ValidationInfo, WithJsonSchema

from bot.settings.hints import Interpolated, did_you_mean, shown

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_WORDS = {"daily": WEEK, "weekdays": WEEK[:5], "weekends": WEEK[5:]}
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
SPAN = r"^ *\d{1,6} *[smhdw]( *\d{1,6} *[smhdw])* *$"
CLOCK = r"^([01]?\d|2[0-3]):[0-5]\d$"
# A channel's name has at most 80 characters; an id begins with C (public) or G (older private ones).
CHANNEL = r"^(#[^\s#@,<>|&A-Z]{1,80}|[CG][A-Z0-9]{6,20})$"
LONGEST = timedelta(days=3660)


def checked(check: Callable[[str], str]) -> BeforeValidator:
    """Check a text before anything copies it, so that its source is still known when it is wrong."""

    def look(value: Any) -> Any:
        return check(value) if isinstance(value, str) else value

    return BeforeValidator(look)


def span_text(span: timedelta) -> str:
    """A duration as app.yaml writes it: 1h 30m."""
    left, parts = int(span.total_seconds()), []
    for unit in ("d", "h", "m", "s"):
        count, left = divmod(left, SECONDS[unit])
        if count:
            parts.append(f"{count}{unit}")
    return " ".join(parts) or "0s"


def _span(value: Any) -> Any:
    if isinstance(value, timedelta):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        raise ValueError(  # noqa: TRY004  pydantic collects ValueErrors
            f"{value} has no unit; write {value}s, {value}m or {value}h"
        )
    if not isinstance(value, str) or not re.match(SPAN, value):
        raise ValueError(f"{shown(value)} is not a duration such as 10s, 5m, 4h, 30d or 1h 30m")
    pairs = re.findall(r"(\d+) *([smhdw])", value)
    seconds = sum(int(count) * SECONDS[unit] for count, unit in pairs)
    if seconds > LONGEST.total_seconds():
        raise ValueError(f"{shown(value)} is longer than ten years")
    return timedelta(seconds=seconds)


def at_least(least: timedelta) -> AfterValidator:
    """A duration that may not be shorter."""

    def check(span: timedelta) -> timedelta:
        if span < least:
            raise ValueError(f"{span_text(span)} is too short; at least {span_text(least)}")
        return span

    return AfterValidator(check)


Span = Annotated[
    timedelta,
    BeforeValidator(_span),
    WithJsonSchema({"type": "string", "pattern": SPAN, "examples": ["10s", "5m", "4h", "30d", "1h 30m"]}),
]
SomeSpan = Annotated[Span, at_least(timedelta(seconds=1))]


def _clock(value: Any) -> Any:
    if isinstance(value, time):
        return value
    if not isinstance(value, str) or not re.match(CLOCK, value):
        raise ValueError(f'{shown(value)} is not a time of day such as "09:30"')
    hours, minutes = value.split(":")
    return time(int(hours), int(minutes))


Clock = Annotated[
    time, BeforeValidator(_clock), WithJsonSchema({"type": "string", "pattern": CLOCK, "examples": ["09:30"]})
]


def _hours(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    begin, dash, end = value.replace(" ", "").replace("–", "-").partition("-")
    midnight = end == "24:00"
    end = "00:00" if midnight else end
    if not dash or not re.match(CLOCK, begin) or not re.match(CLOCK, end):
        raise ValueError(f'{shown(value)} are not working hours such as "09:00-18:00"')
    if begin == end and not midnight:
        raise ValueError(f'{shown(value)} are no hours at all; round the clock is "00:00-24:00"')
    return _clock(begin), _clock(end)


Hours = Annotated[
    tuple[time, time],
    BeforeValidator(_hours),
    WithJsonSchema({"type": "string", "pattern": r"^\s*\d?\d:\d\d\s*[-–]\s*\d?\d:\d\d\s*$"}),
]


def _days(value: Any) -> Any:
    words = tuple(DAY_WORDS)
    if isinstance(value, frozenset):
        return value
    if isinstance(value, str):
        if value in DAY_WORDS:
            return frozenset(DAY_WORDS[value])
        hint = did_you_mean(value, words)
        raise ValueError(f"{shown(value)} is not one of {', '.join(words)} or a list such as [mon, tue]{hint}")
    if not isinstance(value, list | tuple | set) or not value:
        raise ValueError(f"{shown(value)} is not one of {', '.join(words)} or a list such as [mon, tue]")
    for day in value:
        if day not in WEEK:
            raise ValueError(f"{shown(day)} is not one of {', '.join(WEEK)}{did_you_mean(day, WEEK)}")
    return frozenset(value)


Days = Annotated[
    frozenset[str],
    BeforeValidator(_days),
    WithJsonSchema(
        {
            "anyOf": [
                {"enum": list(DAY_WORDS)},
                {"type": "array", "items": {"enum": list(WEEK)}, "minItems": 1},
            ]
        }
    ),
]


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        hint = did_you_mean(value, sorted(available_timezones()), limit=3, cutoff=80)
        raise ValueError(f"{shown(value)} is not a time zone such as Europe/Berlin{hint}") from None
    return value


Zone = Annotated[str, checked(_zone)]


def _glob(value: str) -> str:
    if not value.strip():
        raise ValueError("an empty pattern matches nothing; write * for all")
    if value.count("[") != value.count("]"):
        raise ValueError(f"{shown(value)} has a [ without its ]")
    return value


Glob = Annotated[str, checked(_glob)]


def _channel(value: str) -> str:
    if not re.match(CHANNEL, value):
        hint = ""
        if re.match(CHANNEL, f"#{value.lower()}"):
            hint = f'; did you mean "#{value.lower()}"?'
        elif re.match(CHANNEL, value.lower()):
            hint = f'; did you mean "{value.lower()}"?'
        raise ValueError(f'{shown(value)} is not a channel such as "#churn" or C0123ABCDEF{hint}')
    return value


Channel = Annotated[str, checked(_channel)]


def _maybe_channel(value: str) -> str:
    return _channel(value) if value else value


MaybeChannel = Annotated[str, checked(_maybe_channel)]


def _address(value: str) -> str:
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        raise ValueError(f"{shown(value)} is not an address such as https://mlflow.example.com") from None
    if parts.username or parts.password:
        raise ValueError("an address may not hold a user or a password; they have settings of their own")
    if parts.scheme not in ("http", "https") or not parts.hostname or re.search(r"\s", value):
        raise ValueError(f"{shown(value)} is not an http or https address such as https://mlflow.example.com")
    return value.rstrip("/")


Address = Annotated[str, checked(_address)]


def _maybe_address(value: str) -> str:
    return _address(value) if value else value


MaybeAddress = Annotated[str, checked(_maybe_address)]


def in_file(info: ValidationInfo) -> bool:
    """Whether the value being validated was read from app.yaml (and not handed over by code)."""
    return isinstance(info.context, dict) and "folder" in info.context


def _secret(value: Any, info: ValidationInfo) -> Any:
    if isinstance(value, str) and not value:
        return None
    if in_file(info) and isinstance(value, str):
        source = value.source if isinstance(value, Interpolated) else ""
        if not re.fullmatch(r"\$\{\w+(:-)?\}", source):
            raise ValueError(
                "a secret may not stand in this file; write ${NAME:-} and set NAME where the bot runs"
            )
    return value


Secret = Annotated[
    SecretStr | None,
    BeforeValidator(_secret),
    WithJsonSchema({"type": "string", "pattern": r"^(\$\{\w+(:-)?\})?$"}),
]
