"""The only place that reads the clock.

Instants are aware and in UTC; days belong to the publication's own zone. A
naive datetime is a defect here, never a default.
"""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

SEOUL = ZoneInfo("Asia/Seoul")


def now() -> datetime:
    """Return this instant, aware, in UTC."""
    return datetime.now(UTC)


def today(zone: ZoneInfo = SEOUL) -> date:
    """Return the calendar day it is now in ``zone``."""
    return now().astimezone(zone).date()


def midnight(day: date, zone: ZoneInfo = SEOUL) -> datetime:
    """Return the instant at which ``day`` begins in ``zone``."""
    return datetime(day.year, day.month, day.day, tzinfo=zone)
