"""Which stretch of time an issue covers. Pure.

A window is half-open, [start, end): two issues in a row share no paper and
miss none. Days begin at midnight in the publication's own zone, so a week with
a clock change in it is an hour longer or shorter.

A week runs from Monday to Sunday. A day is a day, but for Friday, whose issue
appears on Monday and covers the weekend too, on which no list is published.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from newsletter.common.cadence import Cadence

_FRIDAY = 4
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Window:
    """The half-open stretch of time one issue covers."""

    cadence: Cadence
    start: datetime
    end: datetime

    @property
    def first_day(self) -> date:
        """The first calendar day, in the zone of the window."""
        return self.start.date()

    @property
    def last_day(self) -> date:
        """The last calendar day that is wholly inside."""
        return self.end.date() - _DAY

    @property
    def slug(self) -> str:
        """The name of its issue in addresses and on the command line."""
        return f"{self.first_day.isoformat()}-{self.cadence}"

    @property
    def title(self) -> str:
        """The name of its issue as readers know it."""
        first, last = self.first_day, self.last_day
        days = f"{first:%Y/%m/%d}"
        if last != first:
            # Across a year both ends carry one; within it, the second would be noise.
            days += f" ~ {last:%m/%d}" if last.year == first.year else f" ~ {last:%Y/%m/%d}"
        if self.cadence is Cadence.DAILY:
            return f"[{days}] 오늘의 주요 ML 논문 (Top ML Papers of the Day)"
        return f"[{days}] 이번 주의 주요 ML 논문 (Top ML Papers of the Week)"


def window_around(cadence: Cadence, day: date, zone: ZoneInfo) -> Window:
    """Return the window of this cadence that ``day`` lies in."""
    if cadence is Cadence.WEEKLY:
        first, length = day - _DAY * day.weekday(), 7
    elif day.weekday() >= _FRIDAY:
        first, length = day - _DAY * (day.weekday() - _FRIDAY), 3
    else:
        first, length = day, 1
    return Window(
        cadence,
        start=datetime.combine(first, time(tzinfo=zone)),
        end=datetime.combine(first + _DAY * length, time(tzinfo=zone)),
    )


def latest_window(cadence: Cadence, now: datetime, zone: ZoneInfo) -> Window:
    """Return the last window of this cadence that is wholly past at ``now``."""
    current = window_around(cadence, now.astimezone(zone).date(), zone)
    return window_around(cadence, current.first_day - _DAY, zone)
