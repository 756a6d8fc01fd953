"""How numbers, times and names read: the filters of templates, usable from Python too."""

import math
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Context, Decimal
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

from bot.render.text import clean, shorten_end, shorten_middle

MINUS = "−"
NOTHING = "–"
Number = int | float
_SPACES = {10: "&#10;", 9: "&#9;"}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def number(value: Number | str | None, digits: int = 4) -> str:
    """A number as people read it: `digits` significant digits, thousands apart; text stays as it is."""
    if value is None:
        return NOTHING
    if isinstance(value, str):
        return value
    if isinstance(value, float) and math.isnan(value):
        return "NaN"
    sign = MINUS if value < 0 else ""
    return sign + _magnitude(abs(value), digits)


def _magnitude(value: Number, digits: int) -> str:
    if value == math.inf:
        return "∞"
    if value >= 10**15:
        # Python's whole numbers may be larger than any float.
        return str(Decimal(value).normalize(Context(prec=digits))).lower()
    if isinstance(value, int) or value >= 10 ** (digits - 1):
        return f"{round(value):,}"
    text = f"{value:.{digits}g}"
    return text if "e" in text else f"{float(text):,.{_decimals(text)}f}"


def _decimals(text: str) -> int:
    return len(text.partition(".")[2])


def delta(value: Number | None, digits: int = 4) -> str:
    """A difference with its sign: +0.012, −3, ±0."""
    if value is None:
        return NOTHING
    if value == 0:
        return "±0"
    return f"+{number(value, digits)}" if value > 0 else number(value, digits)


def percent(value: Number | None, digits: int = 3) -> str:
    """A share of one as a percentage: 0.1234 is 12.3%."""
    return NOTHING if value is None else number(value * 100, digits) + ("" if math.isnan(value) else "%")


_SPANS = (("d", 86400), ("h", 3600), ("min", 60), ("s", 1))


def duration(value: timedelta | Number | None) -> str:
    """A stretch of time (timedelta or seconds) in its two largest units: 3 min 12 s."""
    if value is None:
        return NOTHING
    seconds = value.total_seconds() if isinstance(value, timedelta) else float(value)
    if not math.isfinite(seconds):
        return number(seconds)
    sign = MINUS if seconds < 0 else ""
    seconds = abs(seconds)
    if 0 < seconds < 9.95:
        return sign + (f"{seconds:.1f}".removesuffix(".0") + " s" if seconds >= 0.05 else "0.1 s")
    left = round(seconds)
    for index, (unit, size) in enumerate(_SPANS):
        if left >= size:
            major, rest = divmod(left, size)
            minor = _minor(index + 1, rest)
            return f"{sign}{major:,} {unit}{minor}"
    return "0 s"


def _minor(index: int, rest: int) -> str:
    if index >= len(_SPANS):
        return ""
    unit, size = _SPANS[index]
    return f" {rest // size} {unit}" if rest >= size else ""


def plural(count: Number, one: str, many: str = "") -> str:
    """A count with its noun: 1 run, 3 runs, 2 queries."""
    return f"{number(count)} {one if count == 1 else many or _many(one)}"


def _many(noun: str) -> str:
    if noun.endswith("y") and noun[-2:-1] not in tuple("aeiou"):
        return noun[:-1] + "ies"
    return noun + ("es" if noun.endswith(("s", "x", "ch", "sh")) else "s")


def shorten(text: object, limit: int = 60, where: str = "middle") -> str:
    """At most `limit` characters, cut in the `middle` (names, ids, paths) or at the `end` (prose)."""
    return shorten_end(str(text), limit) if where == "end" else shorten_middle(str(text), limit)


def ago(moment: datetime | None, now: datetime) -> str:
    """How long ago, or how long from now: 3 min ago, in 2 h."""
    if moment is None:
        return NOTHING
    seconds = (now - moment).total_seconds()
    if abs(seconds) < 45:
        return "just now"
    for unit, size in _SPANS:
        if abs(seconds) >= size and unit != "s":
            count = int(abs(seconds) // size)
            break
    else:
        unit, count = "min", 1
    return f"{count} {unit} ago" if seconds > 0 else f"in {count} {unit}"


def when(moment: datetime | None, zone: str = "UTC") -> str:
    """A moment in words for a zone (IANA name): 23 Nov 2026, 22:47 UTC."""
    if moment is None:
        return NOTHING
    local = moment.astimezone(UTC if zone == "UTC" else ZoneInfo(zone))
    return f"{day(local)}, {local:%H:%M} {local.tzname()}"


def day(moment: date | None) -> str:
    """A date, or the date of a moment in its own zone: 23 Nov 2026."""
    return NOTHING if moment is None else f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"


def size(count: Number | None) -> str:
    """A number of bytes: 512 B, 1.5 MB."""
    if count is None:
        return NOTHING
    value: float = count
    for unit in ("B", "kB", "MB", "GB", "TB"):
        if abs(value) < 999.5 or not math.isfinite(value):
            return f"{number(value, 3)} {unit}"
        value /= 1000
    return f"{number(value, 3)} PB"


def lines(text: object) -> Markup:
    """Text with its own line ends kept, which markup would otherwise collapse."""
    return Markup("<br/>").join(escape(line) for line in clean(str(text)).split("\n"))


def shown(value: Any) -> Any:
    """How a bare `{{ value }}` reads; runs over everything a template puts out."""
    if isinstance(value, Markup):
        return value
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return number(value)
    if isinstance(value, timedelta):
        return duration(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, str):
        # XML turns raw line ends and tabs of an attribute into spaces; character references survive.
        text = escape(clean(value))
        return text.translate(_SPACES) if "\n" in text or "\t" in text else text
    return value


FILTERS: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {
        "number": number,
        "delta": delta,
        "percent": percent,
        "duration": duration,
        "plural": plural,
        "shorten": shorten,
        "ago": ago,
        "when": when,
        "day": day,
        "bytes": size,
        "lines": lines,
    }
)
