"""The dates that other people's mails and web servers write. Pure."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_LONGEST = 200  # characters; the longest date of RFC 5322, with its comments, has fewer


def parse_date(text: str) -> datetime | None:
    """Return the instant that a header names (RFC 5322, RFC 9110), in UTC.

    ``None`` where it is no date, names no zone, or lies outside of all calendars: what
    comes in may be written by anyone, and a year of eleven digits overflows the library.
    """
    if len(text) > _LONGEST:
        return None
    try:
        at = parsedate_to_datetime(text)
        return at.astimezone(UTC) if at.tzinfo else None
    except (ValueError, OverflowError):
        return None
