"""Days, weeks, months and clock times as digests write them. Days are days in Korea."""

import re
from calendar import monthrange
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo

from newsletter.common.clock import SEOUL

_DAY = re.compile(r"(?<!\d)(20\d\d)\s?(?:[-./]|년)\s?(\d{1,2})\s?(?:[-./]|월)\s?(\d{1,2})(?![\d])")
_MONTH = re.compile(r"(?<!\d)(20\d\d)\s?(?:-|년)\s?(\d{1,2})\s?(?:월|(?![-\d]))")
_WEEK = re.compile(
    r"(?<!\d)(20\d\d)[-./](\d{1,2})[-./](\d{1,2})\s{0,3}[~∼〜～–—-]\s{0,3}"
    r"(?:(?:(20\d\d)[-./])?(\d{1,2})[-./])?(\d{1,2})\s{0,3}\]"
)
_ISO_WEEK = re.compile(r"(?<!\d)(20\d\d)-?W(\d\d)(?!\d)")
_CLOCK = re.compile(
    r"(20\d\d)-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d))?(?:\.\d+)?\s*(Z|[+-]\d\d:?\d\d)?"
)
_UNIX_TIME = re.compile(r"-(1[5-9]\d{8}|2\d{9})(?=\.[a-z]+$|$)")


def day(text: str) -> date | None:
    """Return the first day that the text tells."""
    for year, month, number in _DAY.findall(text):
        if found := _date(int(year), int(month), int(number)):
            return found
    return None


def month(text: str) -> tuple[date, date] | None:
    """Return the first and the last day of the month that the text tells."""
    found = _MONTH.search(text)
    if found is None or not 1 <= int(found[2]) <= 12:  # noqa: PLR2004 - months of a year
        return None
    year, number = int(found[1]), int(found[2])
    return date(year, number, 1), date(year, number, monthrange(year, number)[1])


def week(text: str) -> tuple[date, date] | None:
    """Return the first and the last day of ``[2024/12/30 ~ 2025/01/05]``, ``[… ~ 01/05]``, ``[… ~ 14]``."""
    found = _WEEK.search(text)
    if found is None:
        return None
    start = _date(int(found[1]), int(found[2]), int(found[3]))
    return (start, end) if start and (end := _end(start, found)) else None


def iso_week(text: str) -> tuple[date, date] | None:
    """Return the Monday and the Sunday of a week such as ``2025-W33``."""
    found = _ISO_WEEK.search(text)
    try:
        monday = date.fromisocalendar(int(found[1]), int(found[2]), 1) if found else None
    except ValueError:
        return None
    return (monday, monday + timedelta(days=6)) if monday else None


def instant(text: str) -> datetime | None:
    """Return the clock time that the text tells; without a zone it is Korean time."""
    found = _CLOCK.search(text)
    if found is None:
        return None
    parts = [int(found[number] or 0) for number in range(1, 7)]
    try:
        moment = datetime(*parts, tzinfo=_zone(found[7]))  # type: ignore[arg-type,misc] # six ints
    except ValueError:
        return None
    return moment.astimezone(UTC)


def instant_in_name(name: str) -> datetime | None:
    """Return the Unix time at the end of a file name such as ``…-1762174155.md``."""
    found = _UNIX_TIME.search(name)
    return datetime.fromtimestamp(int(found[1]), UTC) if found else None


def _end(start: date, found: re.Match[str]) -> date | None:
    """Return the last day, in the next month or year where the numbers begin again."""
    year = int(found[4] or start.year)
    number = int(found[5] or start.month)
    last = int(found[6])
    end = _date(year, number, last)
    if end and end >= start:
        return end
    if found[5]:
        return None if found[4] else _date(start.year + 1, number, last)
    following = start.replace(day=1) + timedelta(days=31)
    return _date(following.year, following.month, last)


def _date(year: int, number: int, day_of_month: int) -> date | None:
    try:
        return date(year, number, day_of_month)
    except ValueError:
        return None


def _zone(text: str | None) -> tzinfo:
    if text is None:
        return SEOUL
    if text == "Z":
        return UTC
    sign = -1 if text[0] == "-" else 1
    return timezone(sign * timedelta(hours=int(text[1:3]), minutes=int(text[-2:])))
