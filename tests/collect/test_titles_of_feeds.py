"""A title that is text arrives whole; one that is HTML loses its tags."""

from datetime import UTC, datetime
from html import escape

import pytest

from newsletter.collect.feeds import parse_feed
from newsletter.collect.sources import arxiv, feed
from tests.collect.answers import Answers

NOW = datetime(2026, 2, 1, tzinfo=UTC)
URL = "https://blog.example/feed"
ATOM = "http://www.w3.org/2005/Atom"
THINKING = "Thinking Aloud: Let's <think> about Steps when $n<p$"
BOUND = "A Bound if a<b and c>d"


def atom(*titles: str, kind: str = "") -> bytes:
    declared = f' type="{kind}"' if kind else ""
    entries = "".join(
        f"<entry><id>https://arxiv.org/abs/2601.0001{number}v1</id>"
        f"<title{declared}>{escape(title)}</title>"
        f'<link href="https://arxiv.org/abs/2601.0001{number}v1"/><summary>Made up.</summary></entry>'
        for number, title in enumerate(titles)
    )
    return f'<feed xmlns="{ATOM}"><title>Titles</title>{entries}</feed>'.encode()


def rss(title: str) -> bytes:
    item = f"<item><title>{escape(title)}</title><guid>a</guid></item>"
    return f'<rss version="2.0"><channel>{item}</channel></rss>'.encode()


def titles(body: bytes) -> list[str]:
    return [entry.title for entry in parse_feed(body, url=URL, now=NOW).entries]


@pytest.mark.parametrize("kind", ["", "text"])
def test_a_title_of_atom_is_text_unless_it_says_otherwise(kind):
    assert titles(atom(THINKING, BOUND, kind=kind)) == [
        "Thinking Aloud: Let's <think> about Steps when n<p",
        BOUND,
    ]


def test_a_title_that_is_declared_as_html_loses_its_tags():
    assert titles(atom("<b>Large</b> Models &amp; <i>more</i>", kind="html")) == [
        "Large Models & more"
    ]


@pytest.mark.parametrize(
    ("written", "title"),
    [
        (BOUND, BOUND),
        ("Let's <think> about it", "Let's <think> about it"),
        ("<b>Large</b> Models", "Large Models"),
        ("Large <br/>Models", "Large Models"),
        ("Between <think> and </think>", "Between <think> and </think>"),
    ],
)
def test_a_title_of_rss_is_html_where_it_looks_so(written, title):
    assert titles(rss(written)) == [title]


@pytest.mark.parametrize("adapter", [feed.collect, arxiv.collect])
def test_the_papers_of_a_feed_have_their_whole_titles(adapter):
    body = atom(THINKING, BOUND)
    reading = adapter(URL, Answers({"*": body}), NOW)
    assert [entry.title for file in reading.files for entry in file.entries] == [
        "Thinking Aloud: Let's <think> about Steps when n<p",
        BOUND,
    ]
