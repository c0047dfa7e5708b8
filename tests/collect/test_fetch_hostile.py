"""What a server may do to the fetcher, and how little of it arrives (F22, S13, bad inputs 4 to 6).

Caps are seen on the server: by what it was able to push, not by the time it took.
"""

import gzip
import itertools
import tracemalloc

import pytest

from newsletter.collect.feed_errors import FeedError, FeedUnavailable
from newsletter.collect.fetch import Limits, fetch
from newsletter.collect.fetched import Expected, FetchedFeed, NotModified, Validators
from tests.collect.hostile_server import MEGABYTE, bomb, drip, endless, redirect, status

# What the kernel holds for a connection on the loopback before a write waits.
BUFFERS = 16 * MEGABYTE
HURRY = Limits(seconds=0.6)
HEAD = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"


def refusal(url: str, **options: object) -> FeedError:
    with pytest.raises(FeedError) as refused:
        fetch(url, **options)
    return refused.value


def test_f22_of_a_gigabyte_ten_megabytes_are_read(web):
    error = refusal(web.on("/feed", endless()))
    assert error.code == "feed.too_large"
    assert "10MB" in error.ko
    assert web.pushed["/feed"] < 10 * MEGABYTE + BUFFERS


def test_bad_input_4_a_length_that_is_too_much_is_believed_at_once(web):
    url = web.on("/feed", lambda exchange: exchange.answer(b"x" * 11 * MEGABYTE))
    assert refusal(url).code == "feed.too_large"


def test_ten_megabytes_are_not_too_many(web):
    body = b"[" + b" " * (10 * MEGABYTE - 2) + b"]"
    assert len(fetch(web.on("/feed", body)).body) == 10 * MEGABYTE


def test_bad_input_4_a_gzip_bomb_is_unpacked_no_further_than_the_cap(web):
    packed = bomb(2_000)
    assert len(packed) < 10 * MEGABYTE
    url = web.on("/feed", lambda exchange: exchange.answer(packed, Content_Encoding="gzip"))
    tracemalloc.start()
    error = refusal(url)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert error.code == "feed.too_large"
    assert peak < 50 * MEGABYTE


def test_packed_content_is_unpacked(web):
    packed = gzip.compress(b'[{"paper": 1}]')
    url = web.on("/feed", lambda exchange: exchange.answer(packed, Content_Encoding="gzip"))
    assert fetch(url).body == b'[{"paper": 1}]'


@pytest.mark.parametrize(("coding", "body"), [("br", b"\x8b\x00"), ("gzip", b"no gzip at all")])
def test_content_packed_in_another_way_is_refused(web, coding, body):
    url = web.on("/feed", lambda exchange: exchange.answer(body, Content_Encoding=coding))
    assert refusal(url).code == "feed.compression"


def test_bad_input_5_a_server_that_sends_a_byte_now_and_then_is_left(web):
    url = web.on("/feed", drip(itertools.chain([HEAD], itertools.repeat(b"x", 1_000))))
    error = refusal(url, limits=HURRY)
    assert error.code == "feed.timeout"
    assert isinstance(error, FeedUnavailable)
    assert web.pushed["/feed"] < len(HEAD) + 100


def test_f22_a_server_that_never_ends_its_headers_is_left(web):
    lines = (b"X-%d: x\r\n" % number for number in range(1_000))
    url = web.on("/feed", drip(itertools.chain([b"HTTP/1.1 200 OK\r\n"], lines)))
    assert refusal(url, limits=HURRY).code == "feed.timeout"
    assert web.pushed["/feed"] < 1_000


def test_the_limit_of_time_holds_for_all_hops_together(web):
    def slow(exchange):
        drip([b""] * 4)(exchange)
        exchange.answer(b"", "302 Found", Location=f"/{len(web.requests)}")

    web.on("*", slow)
    assert refusal(web.url("/feed"), limits=HURRY).code == "feed.timeout"
    assert len(web.requests) < 6


def test_f22_an_endless_redirect_ends_after_five(web):
    web.on(
        "*", lambda exchange: exchange.answer(b"", "302 Found", Location=f"/{len(web.requests)}")
    )
    assert refusal(web.url("/feed")).code == "feed.redirects"
    assert len(web.requests) == 6


def test_an_address_that_redirects_to_itself_is_asked_once(web):
    assert refusal(web.on("/feed", redirect("/feed"))).code == "feed.redirects"
    assert len(web.requests) == 1


def test_a_redirect_is_followed_and_a_lasting_one_is_told(web):
    web.on("/new.json", b"[]")
    fetched = fetch(web.on("/old.json", redirect("/new.json", "301 Moved Permanently")))
    assert fetched.url == fetched.moved_to == web.url("/new.json")
    assert fetch(web.on("/for-now.json", redirect("/new.json"))).moved_to == ""


@pytest.mark.parametrize(
    "page",
    [b"<!DOCTYPE html>\n<html><body>Log in</body></html>", b"<html><body>Log in</body></html>",
     b"\n <!-- login -->\n<!doctype HTML><title>x</title><html>"],
)  # fmt: skip
@pytest.mark.parametrize("expected", [Expected.FEED, Expected.JSON, Expected.TEXT])
def test_bad_input_6_a_page_with_the_status_200_is_no_feed(web, page, expected):
    url = web.on(
        "/feed", lambda exchange: exchange.answer(page, Content_Type="text/html; charset=x")
    )
    error = refusal(url, expected=expected)
    assert error.code == "feed.not_a_feed"
    assert "text/html" in error.en
    assert "html" in error.en
    assert "Log in" not in str(error)


@pytest.mark.parametrize("line", ["404 Not Found", "403 Forbidden", "500 Oops", "204 No Content"])
def test_f22_the_body_of_an_error_is_never_taken_for_data(web, line):
    url = web.on("/feed", status(line, b'[{"paper": {"id": "2601.05242"}}]'))
    error = refusal(url)
    assert error.code == "feed.status"
    assert error.status == int(line[:3])


@pytest.mark.parametrize("line", ["429 Too Many Requests", "503 Service Unavailable"])
def test_f22_a_busy_server_is_asked_again_after_the_pause_that_it_names(web, line):
    lines = iter([line, "200 OK"])
    url = web.on("/feed", lambda exchange: exchange.answer(b"[]", next(lines), Retry_After="0"))
    assert fetch(url).body == b"[]"
    assert len(web.requests) == 2


def test_f22_a_busy_server_is_not_asked_a_third_time(web):
    error = refusal(web.on("/feed", status("429 Too Many Requests", Retry_After="0")))
    assert error.code == "feed.busy"
    assert len(web.requests) == 2


@pytest.mark.parametrize("told", ["3600", "Wed, 21 Oct 2099 07:28:00 GMT"])
def test_a_long_pause_is_left_to_whoever_plans_the_next_visit(web, told):
    error = refusal(web.on("/feed", status("503 Service Unavailable", Retry_After=told)))
    assert isinstance(error, FeedUnavailable)
    assert error.retry_after is not None
    assert error.retry_after >= 3600
    assert len(web.requests) == 1


@pytest.mark.parametrize(
    "told", ["soon", "-1", "", "Wed, 99 Oct 2099", "1 Jan 99999999999 00:00:00 GMT"]
)
def test_a_pause_that_cannot_be_read_is_none(web, told):
    error = refusal(web.on("/feed", status("503 Service Unavailable", Retry_After=told)))
    assert error.retry_after is None


def test_what_was_given_is_shown_again_and_an_unchanged_feed_is_not_sent_twice(web):
    def answer(exchange):
        if exchange.headers["If-None-Match"] == '"v1"':
            exchange.answer(b"", "304 Not Modified")
        else:
            exchange.answer(b"[]", ETag='"v1"', Last_Modified="Fri, 09 Jan 2026 00:00:00 GMT")

    url = web.on("/feed", answer)
    first = fetch(url)
    assert isinstance(first, FetchedFeed)
    assert first.validators == Validators('"v1"', "Fri, 09 Jan 2026 00:00:00 GMT")
    assert isinstance(fetch(url, validators=first.validators), NotModified)


def test_not_modified_is_no_answer_to_a_question_that_was_not_asked(web):
    assert refusal(web.on("/feed", status("304 Not Modified", b""))).code == "feed.status"


@pytest.mark.parametrize(
    "answer",
    [b"", b"garbage\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort", b"HTTP/1.1 999"],
)  # fmt: skip
def test_f22_a_connection_that_breaks_is_reported_as_that(web, answer):
    error = refusal(web.on("/feed", lambda exchange: exchange.send(answer)))
    assert error.code == "feed.unreachable"
    assert isinstance(error, FeedUnavailable)


def test_f22_packed_content_that_is_cut_off_is_not_used(web):
    packed = gzip.compress(b"[" + b"1," * 10_000 + b"1]")[:-20]
    url = web.on("/feed", lambda exchange: exchange.answer(packed, Content_Encoding="gzip"))
    assert refusal(url).code == "feed.unreachable"


def test_f22_nobody_there_is_reported_as_that(web):
    web.close()
    assert refusal(web.url("/feed"), limits=HURRY).code in {"feed.unreachable", "feed.timeout"}
    web.__post_init__()  # so that the fixture can close it again
