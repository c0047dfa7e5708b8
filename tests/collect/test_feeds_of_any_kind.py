"""Whatever comes in, a feed is read or refused by name; nothing else ever comes out (F22)."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.collect.feed_errors import FeedError
from newsletter.collect.feeds import Feed, parse_feed
from newsletter.collect.fetched import FetchedFeed
from newsletter.collect.sources import arxiv, arxiv_announce, discourse, feed, files, huggingface
from newsletter.collect.sources.adapter import Ask, Reading
from tests.collect import posts
from tests.collect.sources.test_posts import rendered, rss

NOW = datetime(2026, 1, 10, tzinfo=UTC)
URL = "https://feeds.example/feed.xml"
BLOG = rss(("Daily Papers 2026-01-09", rendered(posts.top5()), "a"), ("잡담", "<p>국수</p>", "b"))
LIST = json.dumps(
    [
        {
            "paper": {"id": "2601.00001", "title": "A", "upvotes": 3, "authors": [{"name": "B"}]},
            "thumbnail": "x",
        }
    ]
).encode()
TOPIC = json.dumps(
    {"title": "A", "post_stream": {"posts": [{"cooked": "<p>x</p>", "created_at": "2026"}]}}
).encode()

ADAPTERS = {
    "huggingface": (huggingface.collect, "https://hf.example/api?date=2026-01-09", LIST),
    "arxiv": (arxiv.collect, "cat:cs.CL", BLOG),
    "arxiv-announce": (arxiv_announce.collect, "cs.CL", BLOG),
    "discourse": (discourse.collect, "https://forum.example/c/news/14", BLOG),
    "topic": (discourse.collect, "https://forum.example/t/1.json", TOPIC),
    "feed": (feed.collect, URL, BLOG),
    "files": (files.collect, "https://blog.example/list", b'["2026-01-09.md"]'),
}

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(
        ["paper", "id", "title", "authors", "name", "upvotes", "organization", "summary", "data", "post_stream",
         "posts", "cooked", "created_at", "download_url", "withdrawnAt", "thumbnail"]), inner, max_size=5),
    max_leaves=20,
)  # fmt: skip


@st.composite
def damaged(draw: st.DrawFn, whole: bytes) -> bytes:
    """The bytes with a stretch cut out, doubled, or overwritten."""
    start = draw(st.integers(0, len(whole)))
    end = draw(st.integers(start, min(len(whole), start + 200)))
    stretch = draw(
        st.sampled_from(
            [b"", whole[start:end] * 2, b"<", b"&x;", b"\xff", b"]]>", b"<!DOCTYPE x [", b"\0"]
        )
    )
    return whole[:start] + stretch + whole[end:]


def parsed(body: bytes) -> Feed | FeedError:
    try:
        return parse_feed(body, url=URL, now=NOW)
    except FeedError as error:
        return error


def collected(kind: str, body: bytes) -> Reading | FeedError:
    adapter, address, _ = ADAPTERS[kind]

    def visit(ask: Ask) -> FetchedFeed:
        return FetchedFeed(ask.url, body)

    try:
        return adapter(address, visit, NOW)
    except FeedError as error:
        return error


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.binary(max_size=300), damaged(BLOG)))
def test_any_bytes_are_a_feed_or_are_refused_by_name(body):
    told = parsed(body)
    if isinstance(told, FeedError):
        assert told.code.startswith("feed.")
    else:
        assert all(entry.identity for entry in told.entries)


@pytest.mark.parametrize("kind", ADAPTERS)
@settings(max_examples=40, deadline=None)
@given(st.data())
def test_any_answer_to_any_adapter_is_read_or_refused_by_name(kind, data):
    body = data.draw(st.one_of(st.binary(max_size=200), damaged(ADAPTERS[kind][2])))
    told = collected(kind, body)
    assert isinstance(told, Reading) or told.code.startswith("feed.")


@pytest.mark.parametrize("kind", ["huggingface", "topic", "files"])
@settings(max_examples=150, deadline=None)
@given(JSON)
def test_json_of_any_shape_is_read_or_refused_by_name(kind, value):
    told = collected(kind, json.dumps(value).encode())
    if isinstance(told, FeedError):
        assert told.code.startswith("feed.")
    else:
        assert all(entry.title for file in told.files for entry in file.entries)
