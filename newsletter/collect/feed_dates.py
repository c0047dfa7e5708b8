"""The dates that feeds write: with an offset, with a zone by name, in Korean, or with no zone at all. Pure.

A time without a zone is a guess, and is told as one: it is taken in the zone of the feed,
which is Korea where the feed says that it is Korean, and UTC elsewhere.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from newsletter.common.clock import SEOUL

LONGEST = 100  # letters; no date has half of them

_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
# CST is Central time, as RFC 822 has it. IST is left out: three countries use it.
_HOURS = {
    "Z": 0, "UT": 0, "UTC": 0, "GMT": 0, "WET": 0, "KST": 9, "JST": 9, "HKT": 8, "SGT": 8, "PHT": 8,
    "AWST": 8, "ICT": 7, "WIB": 7, "MSK": 3, "TRT": 3, "EAT": 3, "EET": 2, "EEST": 3, "SAST": 2,
    "CET": 1, "CEST": 2, "MET": 1, "MEST": 2, "MEZ": 1, "MESZ": 2, "BST": 1, "WEST": 1, "BRT": -3,
    "ADT": -3, "AST": -4, "EDT": -4, "EST": -5, "CDT": -5, "CST": -6, "MDT": -6, "MST": -7,
    "PDT": -7, "PST": -8, "AKDT": -8, "AKST": -9, "HST": -10, "AEST": 10, "AEDT": 11, "NZST": 12,
    "NZDT": 13,
}  # fmt: skip
# With summer time or without, as the day tells.
_PLACES = {"ET": "America/New_York", "CT": "America/Chicago", "MT": "America/Denver", "PT": "America/Los_Angeles"}  # fmt: skip
# As "+0900", "GMT+9", "KST", "+0900 (KST)".
_ZONE = (
    r"(?P<zone>(?:GMT|UTC|UT)?[+-]\d{1,2}:?(?:\d\d)?|[A-Za-z]{1,5})?"
    r"(?:\s?\([^()]{0,40}\)|\s[A-Z]{2,5})?\Z"
)
_TIME = (
    r"(?:(?P<half>오전|오후|[AaPp][Mm])\s?)?"
    r"(?P<hour>\d{1,2})(?::|시\s?)(?:(?P<minute>\d{1,2})(?::|분\s?)?)?(?:(?P<second>\d{1,2})(?:[.,]\d{1,9}|초)?)?"
    r"(?:\s?(?P<after>[AaPp][Mm])(?![A-Za-z]))?"
)
# Of ISO 8601 and of Korea: "2026. 11. 29. 오후 3:05", "2026년 11월 29일 (일) 오전 9시 30분"
_YEAR_FIRST = re.compile(
    r"(?P<year>\d{4})(?:년|[-./])\s?(?P<month>\d{1,2})(?:월|[-./])\s?(?P<day>\d{1,2})(?:일|\.)?"
    rf"(?:\s?\(?[월화수목금토일](?:요일)?\)?)?(?:[T\s]\s?{_TIME})?\s?{_ZONE}"
)
# RFC 822: "Sun, 29 Nov 2026 09:30:00 KST"
_DAY_FIRST = re.compile(
    r"(?:[A-Za-z]{3,9},?\s)?(?P<day>\d{1,2})[\s-](?P<month>[A-Za-z]{3,9})[\s-](?P<year>\d{4}|\d\d)"
    rf"(?:\s{_TIME})?\s?{_ZONE}"
)
_OFFSET = re.compile(r"(?P<sign>[+-])(?P<hours>\d{1,2}):?(?P<minutes>\d\d)?\Z")
_KOREAN = re.compile("[가-힣]")
# Two digits of a year, as RFC 822 had it; the web began in 1991.
_SHORT_YEAR, _FIRST_YEAR = 2, 90


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant as a feed tells it; ``guessed`` where it names no zone that is known, or no time."""

    at: datetime | None
    """``None`` for a day or an hour that is in no calendar."""
    guessed: bool = False


def zone_of(*, language: str, host: str, title: str, wanted: str = "") -> tzinfo:
    """Return where the times of a feed are from that name no zone."""
    if wanted:
        return ZoneInfo(wanted)
    by_language = language.lower().partition("-")[0] == "ko"
    return SEOUL if by_language or host.endswith(".kr") or _KOREAN.search(title) else UTC


def read(told: str, zone: tzinfo) -> Moment | None:
    """Return the instant of a date, ``None`` for one in a shape that is not known here.

    A date without a zone is one of ``zone``; one that is written in Korean is of Korea, unless
    another zone than UTC was told.
    """
    text = " ".join(told[:LONGEST].split())
    found = _YEAR_FIRST.match(text) or _DAY_FIRST.match(text)
    if found is None:
        return None
    own = SEOUL if zone is UTC and _KOREAN.search(text) else zone
    parts = found.groupdict()
    stated = _zone(parts["zone"] or "")
    try:
        at = _local(parts).replace(tzinfo=stated or own).astimezone(UTC)
    except (ValueError, OverflowError):
        return Moment(None)
    return Moment(at, guessed=stated is None or parts["hour"] is None)


def _local(parts: Mapping[str, str | None]) -> datetime:
    hour = int(parts["hour"] or 0)
    if half := (parts["half"] or parts["after"] or "").upper():
        hour = hour % 12 + (12 if half in {"오후", "PM"} else 0)
    return datetime(  # noqa: DTZ001 - the zone is put to it by whoever asks
        _year(parts["year"] or ""),
        _month(parts["month"] or ""),
        int(parts["day"] or 0),
        hour,
        int(parts["minute"] or 0),
        int(parts["second"] or 0),
    )


def _year(told: str) -> int:
    century = 0 if len(told) > _SHORT_YEAR else 1900 if int(told) >= _FIRST_YEAR else 2000
    return century + int(told)


def _month(told: str) -> int:
    return int(told) if told.isdecimal() else _MONTHS.get(told[:3].lower(), 0)


def _zone(told: str) -> tzinfo | None:
    """Return the zone that is named, by its offset or by its letters; ``None`` for another word."""
    name = told.upper()
    if name in _PLACES:
        return ZoneInfo(_PLACES[name])
    if name in _HOURS:
        return timezone(timedelta(hours=_HOURS[name]))
    return _offset(found) if (found := _OFFSET.search(name)) else None


def _offset(found: re.Match[str]) -> tzinfo | None:
    away = timedelta(hours=int(found["hours"]), minutes=int(found["minutes"] or 0))
    if away >= timedelta(days=1):
        return None
    return timezone(-away if found["sign"] == "-" else away)
