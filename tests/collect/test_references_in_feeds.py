"""References that XML does not have cost a feed nothing, and expand to nothing."""

from datetime import UTC, datetime

import pytest

from newsletter.collect.feed_errors import FeedError
from newsletter.collect.feeds import Feed, parse_feed

NOW = datetime(2026, 2, 1, tzinfo=UTC)
URL = "https://blog.example/feed"


def read(*titles: str, head: str = "", channel: str = "") -> Feed:
    items = "".join(
        f"<item><title>{title}</title><guid>{number}</guid></item>"
        for number, title in enumerate(titles)
    )
    feed = f'{head}<rss version="2.0"><channel><title>Blog{channel}</title>{items}</channel></rss>'
    return parse_feed(feed.encode(), url=URL, now=NOW)


def titles(feed: Feed) -> list[str]:
    return [entry.title for entry in feed.entries]


def codes(feed: Feed) -> list[str]:
    return [finding.code for finding in feed.findings]


def test_a_reference_that_xml_does_not_have_costs_no_paper():
    feed = read("A&nbsp;Made-up Paper", "Another&#11; One")
    assert titles(feed) == ["A Made-up Paper", "Another One"]
    assert codes(feed) == ["feed.bad_references"]
    assert "2" in feed.findings[0].en


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("Schr&ouml;dinger &mdash; &Alpha;", "Schrödinger — Α"),
        ("Q&A at AT&T", "Q&A at AT&T"),
        ("made &up; names", "made &up; names"),
        ("a&#0;b&#xB;c&#xD800;d&#99999999999999999;e&#x110000;f&#65534;g", "abcdefg"),
        ("it&#146;s", "it\u2019s"),
        ("a &LT;b&GT; c", "a <b> c"),
        ("<![CDATA[Q&A &ouml; &nope;]]>", "Q&A ö &nope;"),
    ],
)
def test_a_reference_is_what_html_says_or_the_text_that_it_is(written, title):
    assert titles(read(written)) == [title]


@pytest.mark.parametrize("written", ["&lt;3 &amp; &#8212; &#x2014;", "plain"])
def test_of_references_that_xml_has_nothing_is_said(written):
    assert codes(read(written)) == []


def test_an_address_with_a_bare_ampersand_is_whole():
    feed = parse_feed(
        b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>1</id><title>a</title>'
        b'<link href="https://blog.example/?p=1&q=2"/></entry></feed>',
        url=URL,
        now=NOW,
    )
    assert feed.entries[0].link == "https://blog.example/?p=1&q=2"


def test_comments_and_instructions_are_not_touched():
    assert codes(read("a", channel="<!-- Q&A &nope; --><?php a && b ?>")) == []


@pytest.mark.parametrize(
    "head",
    [
        '<!DOCTYPE rss [<!ENTITY nbsp "ha">]>',
        '<!DOCTYPE rss [<!ENTITY a "&#38;#38;"><!ENTITY nbsp "&a;&a;&a;">]>',
        '<!DOCTYPE rss [<!ENTITY nbsp SYSTEM "file:///etc/passwd">]>',
    ],
)
def test_what_a_document_type_declares_is_refused_whatever_its_name(head):
    with pytest.raises(FeedError) as refused:
        read("&nbsp;", head=head)
    assert refused.value.code == "feed.dtd_forbidden"


def test_what_is_broken_before_its_first_entry_is_no_feed():
    with pytest.raises(FeedError) as refused:
        read("a", channel="&nope;")
    assert refused.value.code == "feed.malformed"
