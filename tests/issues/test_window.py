from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.common.cadence import Cadence
from newsletter.common.clock import SEOUL
from newsletter.issues.window import Window, latest_window, window_around

DAYS = st.dates(min_value=date(2000, 1, 1), max_value=date(2100, 1, 1))
ZONES = st.sampled_from([SEOUL, ZoneInfo("America/New_York"), ZoneInfo("Europe/Berlin")])


def test_a_weekly_window_ends_on_the_monday_just_past():
    wednesday = datetime(2026, 1, 14, 9, tzinfo=SEOUL)
    assert latest_window(Cadence.WEEKLY, wednesday, SEOUL) == Window(
        Cadence.WEEKLY,
        start=datetime(2026, 1, 5, tzinfo=SEOUL),
        end=datetime(2026, 1, 12, tzinfo=SEOUL),
    )


@given(st.sampled_from(Cadence), DAYS, ZONES)
def test_windows_in_a_row_leave_no_gap_and_no_overlap(cadence, day, zone):
    window = window_around(cadence, day, zone)
    following = window_around(cadence, window.last_day + timedelta(days=1), zone)
    assert window.end == following.start
    assert window.first_day <= day <= window.last_day


def test_the_day_is_the_publications_own_and_not_utc():
    evening_in_utc = datetime(2026, 1, 14, 20, tzinfo=UTC)  # already Thursday the 15th in Seoul
    assert latest_window(Cadence.DAILY, evening_in_utc, SEOUL).end == datetime(
        2026, 1, 15, tzinfo=SEOUL
    )


def test_mondays_daily_covers_friday_and_the_weekend():
    monday_morning = datetime(2026, 1, 12, 7, tzinfo=SEOUL)
    window = latest_window(Cadence.DAILY, monday_morning, SEOUL)
    assert (window.first_day, window.last_day) == (date(2026, 1, 9), date(2026, 1, 11))


@pytest.mark.parametrize(
    ("day", "title"),
    [
        (
            date(2025, 3, 20),
            "[2025/03/17 ~ 03/23] 이번 주의 주요 ML 논문 (Top ML Papers of the Week)",
        ),
        (
            date(2025, 1, 1),
            "[2024/12/30 ~ 2025/01/05] 이번 주의 주요 ML 논문 (Top ML Papers of the Week)",
        ),
    ],
)
def test_the_weekly_is_named_as_its_readers_know_it(day, title):
    assert window_around(Cadence.WEEKLY, day, SEOUL).title == title


@pytest.mark.parametrize(
    ("day", "days"),
    [(date(2026, 1, 8), "[2026/01/08]"), (date(2026, 1, 9), "[2026/01/09 ~ 01/11]")],
)
def test_the_daily_names_the_days_it_covers(day, days):
    title = window_around(Cadence.DAILY, day, SEOUL).title
    assert title == f"{days} 오늘의 주요 ML 논문 (Top ML Papers of the Day)"
