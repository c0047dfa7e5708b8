"""The inputs that cost seconds or minutes once, each by the place that it hit. CPU time is measured."""

import time
from base64 import b64encode
from collections.abc import Callable

import pytest

from newsletter.collect import feed_html, feed_text, feeds, repair
from newsletter.collect.digests import (
    discourse,
    failures,
    hf_ranking,
    hf_weekly_txt,
    imrlc,
    ko_fenced,
    lines,
    pda_daily,
    post,
    prose,
    pytorchkr_derived,
    records,
    tags,
    top5,
    track_brief,
)
from newsletter.collect.digests.read import read
from newsletter.collect.feed_errors import FeedError
from newsletter.collect.fetched import FetchedFeed
from newsletter.collect.sources import posts
from newsletter.collect.sources.discourse import category
from newsletter.common.normal_form import normalized
from newsletter.common.web_address import is_public
from newsletter.events import notification
from newsletter.issues.leftovers import left_over
from newsletter.render import post as markdown
from newsletter.render import prose as rendered
from newsletter.render import text
from tests.linear.child import NOW

MOST_SECONDS = 1.0
REPORT = b"Content-Type: multipart/report; boundary=b\n\n"


def parsed(parser: Callable[..., object], *own: str) -> object:
    return parser(post.of("post.md", lines.split("\n".join(own))))


FOUND: dict[str, Callable[[], object]] = {
    "tags with a day that never end": lambda: tags.published(
        '<meta itemprop="datePublished" ' * 8_000
    ),
    "tags of a post that never end": lambda: discourse.lines("<div " * 40_000),
    "comments that never end": lambda: discourse.lines("<!-- a> " * 40_000),
    "declarations that never end": lambda: discourse.lines("<! " * 60_000),
    "tags in tags": lambda: discourse.lines("<div>a" * 40_000),
    "links in links": lambda: discourse.lines('<a href="https://a.example/">a' * 20_000),
    "links in one line": lambda: discourse.lines('<a href="https://a.example/">a</a>' * 20_000),
    "formulas opened": lambda: repair.line("\\( " * 80_000),
    "a formula of blanks": lambda: repair.line("\\(" + " " * 200_000),
    "addresses in an address": lambda: repair.line("http://" * 40_000 + "가"),
    "marks on one letter": lambda: repair.line("a" + "\u0301\u0323" * 100_000),
    "marks in a host": lambda: is_public("https://a" + "\u0301\u0323" * 100_000 + ".example/"),
    "other shortcodes": lambda: repair.shortcodes("".join(f":a{n}:" for n in range(30_000))),
    "blanks in an error sentence": lambda: failures.failure_in("번역" + " " * 100_000 + "x"),
    "blanks before a label": lambda: failures.gap_in(" " * 100_000 + "x"),
    "empty lines in a text": lambda: failures.told_apart("\n" * 1_000_000),
    "numbers in place of a list of papers": lambda: records.load(f"[{'1,' * 500_000}1]", "a.json"),
    "three stars": lambda: prose.reduce(["***a " * 40_000]),
    "pictures in a picture": lambda: prose.only_pictures("a: " + ".png?" * 40_000 + " x"),
    "a long key of many values": lambda: prose.python_value(
        "{'" + "k" * 40_000 + "': [" + "'a'," * 12_000 + "]}"
    ),
    "links of one paper": lambda: parsed(
        top5.parse, "## 1. [A](https://arxiv.org/abs/2601.00001)", "### a",
        *(f"- [a](https://a.example/{n})" for n in range(20_000)),
    ),
    "pictures of one paper": lambda: parsed(
        top5.parse, "## 1. [A](https://arxiv.org/abs/2601.00001)",
        *(f"![a](images/{n}.png)" for n in range(20_000)),
    ),
    "commas behind votes": lambda: parsed(
        top5.parse, "## 1. [A](https://arxiv.org/abs/2601.00001)", "👍1" + "," * 100_000 + "x"
    ),
    "very many papers": lambda: read(
        "\n".join(
            ["# 2026-01-09 Daily Papers (Top 5)"]
            + [f"## {n % 99}. [A](https://arxiv.org/abs/{n // 100_000 + 1000:04}.{n % 100_000:05})" for n in range(6_000)]
        ).encode(), "a.md",
    ),
    "blanks behind a number": lambda: parsed(hf_ranking.parse, "1. " + " " * 100_000 + "x"),
    "marks in bold": lambda: parsed(hf_ranking.parse, "1. **" + "__a" * 60_000 + "*"),
    "numbers in a heading": lambda: parsed(hf_ranking.parse, "👍" + "# 1. " * 40_000),
    "dashes of a title": lambda: parsed(hf_weekly_txt.parse, "--- 1. a" + "-" * 100_000 + "x"),
    "a long title above lines": lambda: parsed(
        imrlc.parse, f"# 1. [{'a b ' * 100}](https://arxiv.org/abs/2601.00001) ", *["ab"] * 10_000
    ),
    "blanks behind bold words": lambda: parsed(
        ko_fenced.parse, "# 2601.00001", "**a**" + " " * 100_000 + "x"
    ),
    "stars and blanks": lambda: parsed(pda_daily.parse, "## 1. a" + " ⭐" * 60_000 + "x", "https://arxiv.org/abs/2601.00001"),
    "blanks of a date": lambda: parsed(pda_daily.parse, "Generated at " + " " * 100_000 + "x"),
    "failures in one": lambda: parsed(pytorchkr_derived.parse, "_(" + "실패" * 60_000),
    "sources without end": lambda: parsed(pytorchkr_derived.parse, *["## 출처", "a"] * 8_000),
    "blanks before the end": lambda: parsed(track_brief.parse, "a" + " " * 100_000 + "x"),
    "blanks of a track": lambda: parsed(track_brief.parse, "**트랙**: " + " " * 100_000 + "x"),
    "the tail of a forum": lambda: category(
        FetchedFeed(
            "https://a.example/c.rss",
            f"<rss><channel><item><guid>1</guid><description>{'&lt;p&gt;&lt;a ' * 20_000}{' ' * 100_000}x</description></item></channel></rss>".encode(),
        ), NOW,
    ),
    "anchors of a post": lambda: list(posts._anchors('<a href="b">' * 20_000)),  # noqa: SLF001 - behind nh3 no link stays open
    "attributes of one tag": lambda: feed_html.clean_html(
        "<a " + " ".join(f"a{n}" for n in range(100_000)) + ">b", "https://a.example/"
    ),
    "words opened again": lambda: feed_html.clean_html(
        "<p>" + "".join(f'<b class="{n}">' for n in range(400)) + "</p>" + "<p>x</p>" * 20_000,
        "https://a.example/",
    ),
    "a date without end": lambda: feeds.parse_feed(
        f"<rss><channel><item><guid>1</guid><pubDate>{'9' * 20_000}</pubDate></item></channel></rss>".encode(),
        url="https://a.example/",
        now=NOW,
    ),
    "an encoding of names": lambda: feed_text.decoded(
        b'<?xml version="1.0" encoding="punycode"?><rss>' + b"a-" + b"z9" * 100_000
    ),
    "blanks in a mail": lambda: text.tidy("a" + " " * 200_000 + "b"),
    "line ends in a mail": lambda: text.first_sentences("\n" * 200_000 + "x", 300),
    "marks in a word": lambda: text.wrap("a" * 80 + "\u0301" * 300_000),
    "an indented item": lambda: rendered.prose_text(" " * 100_000 + "- " + "a " * 20_000),
    "lines of one paragraph": lambda: rendered.prose_text("a\n" * 100_000),
    "strong words that never close": lambda: rendered.prose_text("**a " * 60_000),
    "parameters of a field": lambda: notification.read(REPORT[:-3] + b"&amp;" * 200_000),
    "letters of a field that are no ASCII": lambda: notification.read(
        REPORT[:-3] + "👩\u200d".encode() * 200_000
    ),
    "bullets": lambda: rendered.prose_html("- a\n" * 250_000),
    "line ends in a post": lambda: markdown.literal("\n" * 200_000),
    "dollars and underscores": lambda: left_over("$" + "_ " * 100_000),
    "blanks at the gate": lambda: left_over(" " * 200_000 + "x"),
    "strong underscores": lambda: left_over("__a " * 50_000),
}  # fmt: skip


def test_a_feed_with_a_name_of_one_endless_word_is_refused():
    feed = f"<rss><channel><item><author>{'a' * 100_000}</author></item></channel></rss>"
    began = time.process_time()
    with pytest.raises(FeedError) as refused:
        feeds.parse_feed(feed.encode(), url="https://a.example/", now=NOW)
    assert refused.value.code == "feed.malformed"
    assert time.process_time() - began < MOST_SECONDS


def rss(entry: str, more: str = "") -> bytes:
    return f"<rss><channel>{more}<item><guid>1</guid>{entry}</item></channel></rss>".encode()


def of_categories(number: int) -> str:
    return "".join(f"<category>{n}</category>" for n in range(number))


REFUSED = {
    "categories of an entry": rss(of_categories(37_000)),
    "categories of a feed": rss("", of_categories(37_000)),
    "categories of a picture": rss(
        "", "<image>" + f"<item>{of_categories(400)}</item>" * 90 + "</image>"
    ),
    "words of one category": rss(f"<tags>{','.join(map(str, range(150_000)))}</tags>"),
    "a name in capital letters": rss(f"<AUTHOR>{'a' * 100_000}</AUTHOR>"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_feed_that_costs_more_than_its_length_is_refused(name):
    began = time.process_time()
    with pytest.raises(FeedError) as refused:
        feeds.parse_feed(REFUSED[name], url="https://a.example/", now=NOW)
    assert refused.value.code == "feed.malformed"
    assert time.process_time() - began < MOST_SECONDS


def test_many_entries_have_many_categories_together():
    entry = f"<item><guid>{{}}</guid>{of_categories(20)}</item>"
    many = "".join(entry.format(n) for n in range(100))
    feed = feeds.parse_feed(rss("", many), url="https://a.example/", now=NOW)
    assert [len(entry.categories) for entry in feed.entries] == [20] * 100


TOO_MANY_PARTS = {
    "parts": REPORT + b"--b\n\n" * 150_000,
    "blocks of a report": b"Content-Type: message/delivery-status\n\n" + b"a: b\n\n" * 150_000,
    "parts in parts": b"".join(
        b"Content-Type: multipart/mixed; BOUNDARY*0*\n =b%d\n\n--b%d\n" % (n, n) for n in range(100)
    ) + b"\n" * 1_000_000,
}  # fmt: skip


@pytest.mark.parametrize("name", TOO_MANY_PARTS)
def test_a_mail_of_more_parts_than_a_mail_has_is_not_read(name):
    began = time.process_time()
    assert notification.read(TOO_MANY_PARTS[name]) is None
    assert time.process_time() - began < MOST_SECONDS


def test_heads_that_a_mail_returns_are_no_mails_of_many_parts():
    head = b64encode(TOO_MANY_PARTS["parts in parts"])
    part = b"--b\nContent-Type: text/rfc822-headers\nContent-Transfer-Encoding: base64\n\n"
    status = b"--b\nContent-Type: message/delivery-status\n\nFinal-Recipient: rfc822; a@b.example\nAction: failed\n\n"
    began = time.process_time()
    read_it = notification.read(REPORT + status + part + head + b"\n--b--\n")
    assert read_it is not None
    assert len(read_it.reports) == 1
    assert time.process_time() - began < MOST_SECONDS


@pytest.mark.parametrize("name", FOUND)
def test_it_costs_its_length_and_no_more(name):
    assert min(_seconds(FOUND[name]) for _ in range(2)) < MOST_SECONDS


def _seconds(read_it: Callable[[], object]) -> float:
    began = time.process_time()
    read_it()
    return time.process_time() - began


@pytest.mark.parametrize(
    "told", ["9" * 5_000, "[" + "9" * 5_000 + "]", '{"cooked": ' + "9" * 5_000]
)
def test_a_number_without_end_is_a_finding_and_no_error(told):
    assert {finding.code for finding in read(told.encode(), "a.json").findings}
    assert records.load(told, "a.json") is not None


def test_votes_without_end_cost_no_more_than_the_votes():
    (digest,), findings = parsed(
        top5.parse, "## 1. [A](https://arxiv.org/abs/2601.00001)", f"**Upvotes**: {'9' * 400}"
    )
    assert [entry.arxiv_id for entry in digest.entries] == ["2601.00001"]
    assert "digest.bad_votes" in {finding.code for finding in findings}


def test_a_section_of_a_page_that_html_does_not_know_is_left_out():
    own = discourse.lines("<p>처음<![ x ]>그리고<![CDATA[a]]>끝</p>")
    assert [line.text for line in own if line.text] == ["처음그리고끝"]


def test_marks_that_a_letter_can_bear_all_stay():
    assert normalized("NFC", "e\u0301" * 100) == "é" * 100
    assert normalized("NFC", "a" + "\u0323" * 30 + "b") == "ạ" + "\u0323" * 29 + "b"
    assert len(normalized("NFC", "a" + "\u0323" * 1_000)) == 30


def test_a_text_too_long_for_any_mail_is_cut_where_it_shows():
    shown = rendered.prose_text("가나 " * 50_000)
    assert shown.endswith("…")
    assert len(shown) < 2 * rendered.LONGEST
