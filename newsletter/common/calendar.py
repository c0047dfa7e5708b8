"""Days on which nothing is expected, so that silence on them is no alarm.

Lists of papers pause at weekends, on public holidays in Korea, where the digests
are written, and on those of the United States, on which arXiv announces nothing.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache

_SATURDAY = 5
# Federal holidays on which arXiv announces as on any other day.
_ORDINARY = ("Columbus Day", "Veterans Day")


def quiet_days(first: date, last: date) -> frozenset[date]:
    """Return the quiet days from ``first`` to ``last``, both included."""
    return frozenset(day for day in _days(first, last) if is_quiet(day))


def is_quiet(day: date) -> bool:
    """Tell whether no list is expected on ``day``."""
    return day.weekday() >= _SATURDAY or day in _public_holidays(day.year)


@lru_cache(maxsize=16)
def _public_holidays(year: int) -> frozenset[date]:
    import holidays  # heavy, and most processes never ask

    korea = holidays.country_holidays("KR", years=year)
    united_states = holidays.country_holidays("US", years=year)
    kept = (day for day, name in united_states.items() if not name.startswith(_ORDINARY))
    return frozenset([*korea, *kept])


def _days(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)
