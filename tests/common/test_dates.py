"""Dates of mails and web servers: read where they are any, and never a reason to stop."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.common.dates import parse_date


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("Fri, 09 Jan 2026 09:00:00 +0900", datetime(2026, 1, 9, tzinfo=UTC)),
        ("Fri, 09 Jan 2026 00:00:00 GMT", datetime(2026, 1, 9, tzinfo=UTC)),
        ("9 Jan 2026 00:00 +0000 (UTC)", datetime(2026, 1, 9, tzinfo=UTC)),
    ],
)
def test_a_date_is_an_instant_in_utc(text, at):
    assert parse_date(text) == at
    assert parse_date(text).utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "Wed, 99 Oct 2099 00:00:00 GMT",
        "Fri, 09 Jan 2026 09:00:00",
        "Fri, 09 Jan 2026 09:00:00 -0000",
        "1 Jan 99999999999 00:00:00 +0000",
        "1 Jan 2026 99999999999:00:00 +0000",
        "31 Dec 9999 23:59:59 -1200",
    ],
)
def test_what_names_no_instant_is_none(text):
    assert parse_date(text) is None


@given(st.text() | st.from_regex(r"[0-9]{1,12} Jan [0-9]{1,12} [0-9:]{0,14} [+-]?[0-9]{0,6}"))
def test_no_text_whatever_breaks_the_reader(text):
    assert parse_date(text) is None or parse_date(text).tzinfo is UTC
