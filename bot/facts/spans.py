"""Moments as people type them: `7d`, `2h`, `1h30m`, `today`, `yesterday`, `2026-11-01`, `2026-11-01T09:30`."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_UNITS = {"s": 1, "m": 60, "min": 60, "h": 3600, "d": 86400, "w": 604800}
_PART = re.compile(r"(\d{1,9})\s*(min|[smhdw])")
_WHOLE = re.compile(r"(?:\d{1,9}\s*(?:min|[smhdw])\s*)+")
_LONG_UNITS = re.compile(r"(?<=[\d ])(seconds?|minutes?|mins|hours?|days?|weeks?)\b")
_DAYS_AGO = {"today": 0, "yesterday": 1}
_LONGEST = timedelta(days=36500)


@dataclass(frozen=True, slots=True)
class Since:
    """A beginning as it was typed: so long ago, or a day or minute in the asker's own time zone."""

    typed: str
    ago: timedelta | None = None
    days_ago: int | None = None
    day: date | None = None
    at: time = time()

    def moment(self, now: datetime, timezone: str = "UTC") -> datetime:
        """The moment that is meant, in UTC; days begin at midnight in `timezone` (an IANA name)."""
        if self.ago is not None:
            return now - self.ago
        zone = zone_of(timezone)
        day = self.day
        if day is None:
            day = now.astimezone(zone).date() - timedelta(days=self.days_ago or 0)
        return datetime.combine(day, self.at, tzinfo=zone).astimezone(UTC)


def names_days(value: Since | str) -> bool:
    """Whether a beginning, or a text that holds one, depends on where midnight is."""
    if isinstance(value, Since):
        return value.ago is None
    return bool(re.search(r"\b(today|yesterday|\d{4}-\d\d-\d\d)\b", value, re.IGNORECASE))


def zone_of(name: str) -> ZoneInfo:
    """A time zone by its IANA name; UTC where the name means nothing here."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def parse_since(text: str) -> Since | None:
    """Read a beginning; nothing where the text is none."""
    plain = text.strip().lower()
    if plain in _DAYS_AGO:
        return Since(text, days_ago=_DAYS_AGO[plain])
    short = _LONG_UNITS.sub(lambda unit: unit[0][0], plain).removesuffix("ago").strip()
    if _WHOLE.fullmatch(short):
        seconds = sum(int(amount) * _UNITS[unit] for amount, unit in _PART.findall(short))
        ago = timedelta(seconds=min(seconds, int(_LONGEST.total_seconds()) + 1))
        return Since(text, ago=ago) if timedelta() < ago <= _LONGEST else None
    return _parse_date(text, plain)


def _parse_date(text: str, plain: str) -> Since | None:
    if not re.fullmatch(r"\d{4}-\d\d-\d\d([t ]\d\d:\d\d)?", plain, re.ASCII):
        return None
    try:
        moment = datetime.fromisoformat(plain.upper())
    except ValueError:
        return None
    if not 1970 < moment.year < 9999:
        return None
    return Since(text, day=moment.date(), at=moment.time())
