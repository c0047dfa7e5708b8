from datetime import date

import pytest

from newsletter.common.calendar import is_quiet, quiet_days


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 1, 10),  # Saturday
        date(2026, 1, 1),  # New Year
        date(2026, 2, 17),  # 설날
        date(2026, 9, 25),  # 추석
        date(2026, 11, 26),  # Thanksgiving: arXiv announces nothing
    ],
)
def test_no_list_is_expected_on_a_holiday(day):
    assert is_quiet(day)


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 1, 9),
        date(2026, 10, 12),  # Columbus Day: arXiv announces as ever
        date(2026, 11, 11),  # Veterans Day
    ],
)
def test_an_ordinary_weekday_is_not_quiet(day):
    assert not is_quiet(day)


def test_a_week_without_holidays_is_quiet_at_its_end():
    assert quiet_days(date(2026, 1, 5), date(2026, 1, 11)) == {date(2026, 1, 10), date(2026, 1, 11)}
