"""When a source is asked next. Pure.

After a failure it is asked again sooner than its turn, then later and later, and
never before the moment that the server itself has named.
"""

from datetime import datetime, timedelta
from enum import StrEnum


class Interval(StrEnum):
    """How often a source is asked."""

    HOURLY = "hourly"
    DAILY = "daily"
    WEEKLY = "weekly"


_LENGTHS = {
    Interval.HOURLY: timedelta(hours=1),
    Interval.DAILY: timedelta(days=1),
    Interval.WEEKLY: timedelta(weeks=1),
}
_FIRST_RETRY = timedelta(minutes=15)
_LONGEST_DOUBLING = 10
# A weekly source is asked every day: the day of its post moves, and asking is cheap.
_LOOKS = {Interval.HOURLY: timedelta(hours=1)}
_LOOK = timedelta(days=1)


def length(interval: Interval) -> timedelta:
    """Return the time in which the source has something new."""
    return _LENGTHS[interval]


def next_check(
    interval: Interval, now: datetime, *, failures: int = 0, retry_after: float | None = None
) -> datetime:
    """Return when to ask again after a check at ``now`` that was the n-th failure in a row."""
    usual = _LOOKS.get(interval, _LOOK)
    if failures:
        usual = min(usual, _FIRST_RETRY * 2 ** min(failures - 1, _LONGEST_DOUBLING))
    named = timedelta(seconds=min(retry_after or 0, _LENGTHS[Interval.WEEKLY].total_seconds()))
    return now + max(usual, named)
