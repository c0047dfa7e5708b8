"""Feeds as they should not be (bad inputs 7 to 12, S12, S32, G9): refused, or read without harm."""

import tracemalloc
from datetime import UTC, datetime

import pytest

from newsletter.collect.feed_errors import FeedError
from newsletter.collect.feeds import MOST_ENTRIES, Feed, parse_feed

NOW = datetime(2026, 1, 10, tzinfo=UTC)
URL = "https://feeds.example/feed.xml"


def rss(*items: str, head: str = '<?xml version="1.0"?>') -> str:
    return f'{head}<rss version="2.0"><channel><title>논문</title>{"".join(items)}</channel></rss>'


def item(
    title: str = "논문", guid: str = "a", link: str = "https://feeds.example/a", more: str = ""
) -> str:
    return f"<item><title>{title}</title><guid>{guid}</guid><link>{link}</link>{more}</item>"


def read(feed: str | bytes, **options: object) -> Feed:
    body = feed.encode() if isinstance(feed, str) else feed
    return parse_feed(body, url=URL, now=NOW, **options)


def refusal(feed: str | bytes, **options: object) -> FeedError:
    with pytest.raises(FeedError) as refused:
        read(feed, **options)
    return refused.value


def codes(feed: Feed) -> list[str]:
    return [finding.code for finding in feed.findings]


LAUGHS = '<!DOCTYPE rss [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {chr(98 + n)} "{("&" + chr(97 + n) + ";") * 10}">' for n in range(9)
)


@pytest.mark.parametrize(
    "head",
    [
        f"{LAUGHS}]>",
        '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE rss [<!ENTITY % x SYSTEM "http://10.0.0.5/x.dtd"> %x;]>',
        f'<!DOCTYPE rss [<!ENTITY a "{"a" * 50_000}">]>',
        '<!DOCTYPE feed SYSTEM "http://10.0.0.5/feed.dtd">',
        "<!-- a comment first --><!DOCTYPE rss [<!ELEMENT rss ANY>]>",
    ],
)
def test_bad_input_7_and_s12_a_document_type_is_refused_before_anything_is_expanded(head):
    feed = rss(item(title="&j;" * 100), head=head)
    tracemalloc.start()
    error = refusal(feed)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert error.code == "feed.dtd_forbidden"
    assert peak < 5_000_000


def test_s12_a_document_type_hidden_in_utf_16_is_refused_too():
    assert refusal(rss(item(), head=f"{LAUGHS}]>").encode("utf-16")).code == "feed.dtd_forbidden"


def test_the_harmless_document_type_of_rss_091_is_let_pass():
    public = "-//Netscape Communications//DTD RSS 0.91//EN"
    head = f'<!DOCTYPE rss PUBLIC "{public}" "http://my.netscape.com/publish/formats/rss-0.91.dtd">'
    assert len(read(rss(item(), head=head)).entries) == 1


def test_a_document_type_that_a_post_writes_about_is_text():
    about = "<description><![CDATA[<pre>&lt;!DOCTYPE html&gt; <!ENTITY x></pre>]]></description>"
    assert len(read(rss(item(more=about))).entries) == 1


def test_bad_input_8_a_feed_in_another_encoding_than_it_says_is_read_and_said_so():
    head = '<?xml version="1.0" encoding="utf-8"?>'
    feed = read(rss(item(title="논문 소개"), head=head).encode("euc-kr"))
    assert feed.entries[0].title == "논문 소개"
    assert codes(feed) == ["feed.encoding_differs"]


def test_bad_input_8_bytes_in_no_encoding_are_refused_with_their_place():
    head = b'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>'
    error = refusal(head + b"\xff\xfe\x81\xff" * 9 + b"</title></channel></rss>")
    assert error.code == "feed.encoding"
    assert str(len(head)) in error.en


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "euc-kr", "cp949"])
def test_a_feed_may_come_in_any_encoding_that_it_declares(encoding):
    declared = encoding.replace("-sig", "")
    head = f'<?xml version="1.0" encoding="{declared}"?>'
    feed = read(rss(item(title="초거대 언어 모델"), head=head).encode(encoding))
    assert feed.entries[0].title == "초거대 언어 모델"
    assert feed.findings == ()


def test_the_encoding_of_the_header_counts_where_the_feed_says_nothing():
    feed = read(rss(item(title="똠방"), head="").encode("cp949"), charset="cp949")
    assert feed.entries[0].title == "똠방"


def test_bad_input_9_a_feed_that_is_cut_off_is_refused_with_line_and_column():
    whole = rss(*[item(guid=str(number)) + "\n" for number in range(50)])
    error = refusal(whole[: int(len(whole) * 0.8)])
    assert error.code == "feed.malformed"
    assert "line 4" in error.en


@pytest.mark.parametrize(
    "text", ["<rss><channel></rss>", "<rss>&nope;</rss>", "<rss", '<rss a="1" a="2"/>']
)
def test_xml_that_is_broken_is_no_feed_to_be_mended(text):
    assert refusal(text).code == "feed.malformed"


def test_xml_that_nests_without_end_is_refused():
    assert refusal("<rss>" + "<a>" * 50_000).code == "feed.malformed"


@pytest.mark.parametrize(
    ("text", "tag"),
    [("<html><body>Log in</body></html>", "html"), ("<!doctype html><p>x", "html"), ("<svg/>", "svg"),
     ("", "-"), ("{}", "-"), ("404 Not Found", "-"), ("\0\0\0", "-")],
)  # fmt: skip
def test_bad_input_6_what_is_no_feed_is_told_by_its_type_and_first_tag(text, tag):
    error = refusal(text, content_type="text/html")
    assert error.code == "feed.not_a_feed"
    assert f"text/html, first tag {tag}" in error.en


@pytest.mark.parametrize(
    "link",
    ["javascript:alert(1)", "JavaScript:alert(1)", "data:text/html,x", "file:///etc/passwd",
     "java\tscript:alert(1)", "https://a:b@feeds.example/", "vbscript:x"],
)  # fmt: skip
def test_bad_input_10_and_g9_an_entry_with_a_bad_link_is_kept_without_it(link):
    feed = read(rss(item(link=link)))
    assert [entry.link for entry in feed.entries] == [""]
    assert codes(feed) == ["item.bad_link"]


def test_a_link_that_is_no_address_at_all_is_left_out():
    assert read(rss(item(link="http://[::1"))).entries[0].link == ""


@pytest.mark.parametrize(
    "content",
    ['<a href="javascript:alert(1)">x</a>', '<a xlink:href="javascript:1">x</a>', "<script>alert(1)</script>",
     '<img src="x" onerror="alert(1)">', '<form action="/"><input></form>', "<svg><a/></svg>", "<iframe></iframe>",
     '<a href="data:text/html,x">x</a>', "<style>*{}</style>", '<math href="javascript:1">x</math>'],
)  # fmt: skip
def test_g9_content_is_cleaned_again_after_feedparser(content):
    feed = read(rss(item(more=f"<description><![CDATA[{content}]]></description>")))
    cleaned = feed.entries[0].content.lower()
    for evil in (
        "javascript",
        "<script",
        "onerror",
        "<form",
        "<svg",
        "<iframe",
        "data:",
        "<style",
        "<math",
    ):
        assert evil not in cleaned


def test_bad_input_11_an_endless_title_without_identity_is_cut_skipped_and_counted():
    nothing = "\u200b" * 1_000_000
    feed = read(
        rss(f"<item><title>{nothing}</title></item>", item(title=nothing + "긴 제목 " * 200))
    )
    assert [len(entry.title) <= 300 for entry in feed.entries] == [True]
    assert codes(feed) == ["item.no_identity"]


def test_titles_are_plain_text_on_one_line():
    feed = read(
        rss(
            item(
                title="<![CDATA[<b>Large</b>\n  Models <script>alert(1)</script>&amp; more\u200b]]>"
            )
        )
    )
    assert feed.entries[0].title == "Large Models & more"


@pytest.mark.parametrize(
    "day",
    [
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "Wed, 01 Jan 2099 00:00:00 GMT",
        "Mon, 01 Jan 0001 00:00:00 GMT",
    ],
)
def test_bad_input_12_an_impossible_date_is_not_used(day):
    feed = read(rss(item(more=f"<pubDate>{day}</pubDate>")))
    assert feed.entries[0].published is None
    assert codes(feed) == ["item.bad_date"]


def test_a_date_of_today_is_used_in_utc():
    feed = read(rss(item(more="<pubDate>Fri, 09 Jan 2026 09:00:00 +0900</pubDate>")))
    assert feed.entries[0].published == datetime(2026, 1, 9, tzinfo=UTC)


def test_f22_an_identity_that_comes_twice_is_read_once():
    feed = read(rss(item(title="first"), item(title="second"), item(title="other", guid="b")))
    assert [entry.title for entry in feed.entries] == ["first", "other"]
    assert codes(feed) == ["item.duplicate"]


def test_an_entry_without_a_guid_is_known_by_its_link():
    feed = read(rss("<item><title>x</title><link>https://feeds.example/x</link></item>"))
    assert feed.entries[0].identity == "https://feeds.example/x"


def test_s32_of_a_flood_of_entries_only_so_many_are_read():
    feed = read(rss(*[item(guid=str(number)) for number in range(MOST_ENTRIES + 5)]))
    assert len(feed.entries) == MOST_ENTRIES
    assert codes(feed) == ["item.too_many"]
    assert "5" in feed.findings[0].en


@pytest.mark.parametrize(
    ("told", "link"),
    [("http://localhost:4000/2026/post", "https://feeds.example/2026/post"),
     ("/2026/post", "https://feeds.example/2026/post"),
     ("https://elsewhere.example/post", "https://elsewhere.example/post")],
)  # fmt: skip
def test_a_site_built_without_its_own_address_still_has_links(told, link):
    assert read(rss(item(link=told))).entries[0].link == link


def test_pictures_and_links_of_a_post_have_whole_addresses():
    html = '<a href="/post"><img src="a.png"></a>'
    feed = read(rss(item(more=f"<description><![CDATA[{html}]]></description>")))
    assert 'href="https://feeds.example/post"' in feed.entries[0].content
    assert 'src="https://feeds.example/a.png"' in feed.entries[0].content


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 190_000,
        "<div></b>" * 100_000,
        "<div></p>" * 100_000,
        "<b><div></b>" * 80_000,
        "<" * 900_000,
    ],
    ids=["nested", "closed otherwise", "closed as paragraph", "crossed", "open"],
)
def test_s12_html_that_nests_without_end_costs_no_more_than_its_text(html):
    """The cleaner alone would take minutes for the first of these."""
    feed = read(rss(item(more=f"<description><![CDATA[{html}끝]]></description>")))
    assert len(feed.entries) == 1


@pytest.mark.parametrize(
    ("content", "code"),
    [("<div>" * 1_000 + "끝", "item.tags_left_out"), ("가 " * 600_000, "item.cut_off")],
)
def test_what_of_a_post_is_not_used_is_a_finding(content, code):
    described = f"<description><![CDATA[{content}]]></description>"
    assert codes(read(rss(item(more=described), item(guid="2")))) == [code]


@pytest.mark.timeout(20)
def test_s12_a_tag_with_attributes_without_end_is_refused():
    attributes = " ".join(f'a{number}="x"' for number in range(100_000))
    assert refusal(rss(f"<item {attributes}/>")).code == "feed.malformed"


def test_nothing_is_opened_by_the_name_that_the_bytes_spell():
    assert refusal(b"/etc/passwd").code == "feed.not_a_feed"
    assert refusal(b"http://127.0.0.1/").code == "feed.not_a_feed"
