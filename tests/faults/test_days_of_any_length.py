"""F17: days of 23 and 25 hours, leap days, zones with half hours: each slot comes once, and none twice."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newsletter.common.cadence import Cadence
from newsletter.issues.window import latest_window

ZONES = ["Asia/Seoul", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kolkata"]
days = st.datetimes(datetime(2024, 1, 1), datetime(2031, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds the zone


@pytest.mark.parametrize("cadence", Cadence)
@given(zone=st.sampled_from(ZONES), start=days)
@example(zone="America/New_York", start=datetime(2026, 3, 7, tzinfo=UTC))  # 02:30 does not exist
@example(zone="America/New_York", start=datetime(2026, 10, 31, tzinfo=UTC))  # 01:30 comes twice
@example(zone="Asia/Seoul", start=datetime(2028, 2, 27, tzinfo=UTC))  # a leap day
def test_f17_a_beat_that_asks_every_half_hour_meets_each_slot_once(cadence, zone, start):
    moments = [start + timedelta(minutes=30 * n) for n in range(48 * 9)]
    met = [latest_window(cadence, moment, ZoneInfo(zone)) for moment in moments]
    slots = list(dict.fromkeys(met))
    assert met == sorted(met, key=lambda window: window.end), "none comes back"
    assert all(earlier.end == later.start for earlier, later in pairwise(slots)), "no gap"
    # Friday, Saturday and Sunday are one slot of the Daily.
    assert len(slots) in (range(6, 9) if cadence is Cadence.DAILY else (2, 3))
    for window, moment in zip(met, moments, strict=True):
        assert window.end <= moment, "an issue never begins before its time is over"
