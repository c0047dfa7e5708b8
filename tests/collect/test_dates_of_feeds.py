"""The day on which a feed says that something appeared, however it writes it."""

from datetime import UTC, datetime

import pytest

from newsletter.collect.feeds import Feed, parse_feed
from newsletter.collect.fetch import fetch
from newsletter.collect.sources.feed import parsed
from newsletter.common.clock import SEOUL

NOW = datetime(2026, 12, 1, tzinfo=UTC)
POSTS = "https://blog.example/posts/"
MORNING = datetime(2026, 11, 29, 9, 30, tzinfo=SEOUL)


def rss(*dates: str, channel: str = "<title>Papers</title>") -> bytes:
    items = "".join(
        f"<item><title>{number}</title><guid>{POSTS}{number}</guid><pubDate>{date}</pubDate></item>"
        for number, date in enumerate(dates)
    )
    return f'<rss version="2.0"><channel>{channel}{items}</channel></rss>'.encode()


def read(*dates: str, url: str = "https://blog.example/feed", **options: str) -> Feed:
    return parse_feed(rss(*dates, **options), url=url, now=NOW)


def day(date: str, **options: str) -> datetime | None:
    return read(date, **options).entries[0].published


def told(feed: Feed) -> list[tuple[str, str]]:
    return [(finding.code, finding.place) for finding in feed.findings]


def test_a_korean_feed_that_writes_its_dates_in_three_ways_means_one_moment():
    feed = read(
        "Sun, 29 Nov 2026 09:30:00 KST",
        "2026년 11월 29일 오전 9:30:00",
        "2026-11-29T09:30:00",
        channel="<title>날짜</title>",
    )
    assert [entry.published for entry in feed.entries] == [MORNING] * 3
    assert told(feed) == [("feed.date_guessed", f"{POSTS}1"), ("feed.date_guessed", f"{POSTS}2")]


@pytest.mark.parametrize(
    ("date", "hour"),
    [
        ("Sun, 29 Nov 2026 09:30:00 KST", 0),
        ("Sun, 29 Nov 2026 09:30 JST", 0),
        ("29 Nov 26 09:30:00 EST", 14),
        ("Sun, 29 Nov 2026 09:30:00 PST", 17),
        ("Sun, 29 Nov 2026 09:30:00 CET", 8),
        ("Sun, 29 Nov 2026 09:30:00 GMT+0900 (Korean Standard Time)", 0),
        ("Sun, 29 Nov 2026 09:30:00 PT", 17),
        ("2026-11-29 09:30:00 KST", 0),
        ("2026-11-29 09:30:00 +0900 KST", 0),
        ("2026-11-29T09:30:00.123456789-05:00", 14),
        ("2026년 11월 29일 오후 1:30 KST", 4),
        ("2026-11-29 1:30 PM KST", 4),
    ],
)
def test_a_zone_that_is_named_is_believed_and_nothing_is_said(date, hour):
    feed = read(date)
    assert feed.entries[0].published.replace(microsecond=0) == datetime(
        2026, 11, 29, hour, 30, tzinfo=UTC
    )
    assert feed.findings == ()


def test_summer_time_is_that_of_the_day():
    assert day("Mon, 29 Jun 2026 09:30:00 PT") == datetime(2026, 6, 29, 16, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("date", "moment"),
    [
        ("2026. 11. 29. 오후 3:05", datetime(2026, 11, 29, 15, 5, tzinfo=SEOUL)),
        ("2026년 11월 29일", datetime(2026, 11, 29, tzinfo=SEOUL)),
        ("2026년 11월 29일 (일) 오후 12시 30분", datetime(2026, 11, 29, 12, 30, tzinfo=SEOUL)),
        ("2026년 11월 29일 일요일 오전 12:05", datetime(2026, 11, 29, 0, 5, tzinfo=SEOUL)),
    ],
)
def test_a_date_in_korean_is_one_of_korea_whatever_the_feed_is(date, moment):
    assert day(date) == moment


@pytest.mark.parametrize(
    ("options", "moment"),
    [
        ({}, datetime(2026, 11, 29, 9, 30, tzinfo=UTC)),
        ({"channel": "<title>Papers</title><language>ko-KR</language>"}, MORNING),
        ({"url": "https://blog.example.co.kr/feed"}, MORNING),
        ({"channel": "<title>논문 소식</title>"}, MORNING),
        ({"channel": "<title>Papers</title><language>de</language>"}, datetime(2026, 11, 29, 9, 30, tzinfo=UTC)),
    ],
)  # fmt: skip
def test_a_time_without_a_zone_is_of_where_the_feed_is_from(options, moment):
    assert day("2026-11-29 09:30:00", **options) == moment
    assert day("Sun, 29 Nov 2026 09:30:00", **options) == moment


def test_a_zone_that_nobody_knows_is_a_guess_too():
    feed = read("Sun, 29 Nov 2026 09:30:00 XYZ")
    assert told(feed) == [("feed.date_guessed", f"{POSTS}0")]


def test_of_very_many_guesses_the_first_are_told_and_how_many_there_are():
    feed = read(*["2026-11-29 09:30"] * 25)
    assert len(feed.findings) == 20
    assert "25" in feed.findings[0].ko


def test_the_zone_of_an_installation_counts_where_it_is_set(web, settings):
    settings.FEED_TIME_ZONE = "Asia/Tokyo"
    body = rss("2026-11-29 09:30:00", "Sun, 29 Nov 2026 09:30:00 CET")
    feed = parsed(fetch(web.on("/feed", body)), NOW)
    assert [entry.published.hour for entry in feed.entries] == [0, 8]


@pytest.mark.parametrize(
    "date", ["2026년 13월 1일", "2026-11-29T25:00:00", "31 Feb 2026 09:00 KST", "0000-00-00"]
)
def test_a_date_that_is_in_no_calendar_is_not_used(date):
    feed = read(date)
    assert feed.entries[0].published is None
    assert told(feed) == [("item.bad_date", "https://blog.example/feed")]
