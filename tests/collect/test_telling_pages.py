"""Whether an answer is a page: told by looking at each of its bytes once."""

import resource

import pytest

from newsletter.collect.collecting import collect
from newsletter.collect.fetch import fetch
from newsletter.collect.fetched import Expected
from newsletter.collect.markup import page_tag
from newsletter.collect.models import Source
from newsletter.papers.keeping import keep
from tests.shared_data import SHARED, needs_shared_data

COMMENTS = b"<!-- a -->" * 60 + b"x"
# As a pattern over comments met it: each further comment doubled the time.
HOSTILE = {
    "comments, then text": COMMENTS,
    "comments that never end": b"<!--" * 1_000_000,
    "comments and space": b" <!-- a --> " * 200_000,
    "white space": b" " * 5_000_000,
    "an open tag": b"<" * 1_000_000,
    "a doctype that never ends": b"<!doctype" + b" " * 1_000_000,
}


@pytest.mark.parametrize(
    ("body", "tag"),
    [
        (b"<html>", "html"),
        (b" \r\n\t<!DOCTYPE  HTML PUBLIC>", "html"),
        (b"<!doctype html>", "html"),
        (b"<!-- a --><!---->\n<HEAD>", "head"),
        (b"<body class='x'>", "body"),
        (b"<!-- <html> --> <rss>", ""),
        (b"<!-- never closed <html>", ""),
        (b"<htmlish>", ""),
        (b"<html_>", ""),
        (b"<?xml version='1.0'?><html>", ""),
        (b"<!doctypehtml>", ""),
        (b"text <html>", ""),
        (b"{}", ""),
        (b"", ""),
    ],
)
def test_a_page_is_known_by_its_first_tag(body, tag):
    assert page_tag(body) == tag


@pytest.mark.parametrize("name", HOSTILE)
def test_no_answer_takes_longer_to_look_at_than_fifty_milliseconds_of_cpu(web, name):
    url = web.on("/feed.xml", HOSTILE[name])
    before = cpu()
    assert page_tag(HOSTILE[name]) == ""
    assert cpu() - before < 0.05
    assert fetch(url, expected=Expected.FEED).body == HOSTILE[name]


@needs_shared_data
@pytest.mark.django_db
def test_an_answer_of_421_bytes_fails_alone_within_fifty_milliseconds_of_our_cpu(web):
    """The pattern for a page was 2ⁿ in its comments, and held all sixteen threads."""
    body = (SHARED / "cases" / "collect" / "comments-then-text.bin").read_bytes()
    source = Source.objects.create(
        slug="hostile", name="H", kind="feed", address=web.on("/feed.xml", body)
    )
    collect(source, keep)  # the parsers are loaded by now, and the client
    before = cpu()
    told = collect(source, keep)
    assert told.error.startswith("feed.malformed")
    assert cpu() - before < 0.05


def cpu() -> float:
    """Return the seconds of CPU time that this thread has taken."""
    used = resource.getrusage(resource.RUSAGE_THREAD)
    return used.ru_utime + used.ru_stime
