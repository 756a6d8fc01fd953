"""Counting time in somebody's working hours: nights, weekends and clock changes do not count."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAYS_LOOKED_AT = 400


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """From `start` to `end` on `days` (mon…sun), in a time zone (IANA name); an `end` of 00:00 is midnight."""

    start: time
    end: time
    days: frozenset[str]
    timezone: str = "UTC"

    def after(self, moment: datetime, span: timedelta) -> datetime:
        """When `span` of working time has passed since `moment`; both in UTC.

        Working time is real time between opening and closing, so a day on which the clocks change inside
        the hours is an hour shorter or longer. Raises ValueError where no working time is left.
        """
        left = span
        day = moment.astimezone(ZoneInfo(self.timezone)).date()
        for _ in range(DAYS_LOOKED_AT):
            opens, closes = self._open(day)
            begin = max(opens, moment)
            if closes > begin:
                if closes - begin >= left:
                    return begin + left
                left -= closes - begin
            day += timedelta(days=1)
        raise ValueError("there is no working time in these hours")

    def _open(self, day: date) -> tuple[datetime, datetime]:
        if WEEK[day.weekday()] not in self.days:
            nothing = datetime.min.replace(tzinfo=UTC)
            return nothing, nothing
        closing_day = day if self.end > self.start else day + timedelta(days=1)
        return self._moment(day, self.start), self._moment(closing_day, self.end)

    def _moment(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, tzinfo=ZoneInfo(self.timezone)).astimezone(UTC)
