"""A Discourse forum: a category (``/c/…/N``), one topic as JSON, or a topic's page.

The feed of a category holds 30 topics ordered by their last activity, so an old
one comes back and a new one can be pushed out; what was read once is known by
its content. The bytes are UTF-8 whatever the server says of them.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import urlsplit

from newsletter.collect.digests import read
from newsletter.collect.digests.digest import DigestFile
from newsletter.collect.feed_errors import Fault
from newsletter.collect.feed_html import clean_html
from newsletter.collect.feeds import FeedEntry
from newsletter.collect.fetched import Expected, FetchedFeed
from newsletter.collect.sources import feed
from newsletter.collect.sources.adapter import Ask, Reading, Visit
from newsletter.collect.sources.json_answers import Record, inner, parsed, text
from newsletter.collect.sources.posts import papers_of
from newsletter.common import confined

_TAIL = re.compile(
    r"<p>\s*(?:<small>\d+ posts? - \d+ participants?</small>|<a [^<>]*>Read full topic</a>)\s*</p>"
)


def collect(address: str, visit: Visit, now: datetime) -> Reading:
    """Read a category, or the first post of one topic."""
    path = urlsplit(address).path
    if path.endswith(".json"):
        fetched = visit(Ask(address, Expected.JSON))
        return _parsed(read_topic, fetched, now)
    if path.startswith("/t/") and not path.endswith(".rss"):
        fetched = visit(Ask(address, Expected.PAGE))
        return _parsed(read_page, fetched, now)
    fetched = visit(Ask(address if path.endswith(".rss") else f"{address.rstrip('/')}.rss"))
    return _parsed(category, fetched, now)


def _parsed(
    parser: Callable[[FetchedFeed, datetime], Reading], fetched: FetchedFeed | None, now: datetime
) -> Reading:
    return confined.call(parser, fetched, now, place=fetched.url) if fetched else Reading()


@confined.parser
def read_topic(fetched: FetchedFeed, now: datetime) -> Reading:
    """Return what the first post of ``/t/ID.json`` says."""
    return _reading(topic(fetched, now))


@confined.parser
def read_page(fetched: FetchedFeed, now: datetime) -> Reading:  # noqa: ARG001 - as the others are called
    """Return what the page of a topic says."""
    return _reading(replace(read.read(fetched.body, fetched.url), page=fetched.url))


@confined.parser
def category(fetched: FetchedFeed, now: datetime) -> Reading:
    """Return what the feed of a category says, without the lines that Discourse adds below."""
    told = feed.parsed(replace(fetched, charset="utf-8"), now)
    bare = [
        replace(entry, content=_without_tail(entry.content), text=_without_tail(entry.text))
        for entry in told.entries
    ]
    return feed.reading_of(replace(told, entries=tuple(bare)), now)


def _without_tail(content: str) -> str:
    *above, rest = _TAIL.split(content)
    return "".join([*(part.rstrip() for part in above), rest])


def topic(fetched: FetchedFeed, now: datetime) -> DigestFile | None:
    """Return what the first post of ``/t/ID.json`` says of papers."""
    record = parsed(fetched)
    posts = inner(record, "post_stream").get("posts") if isinstance(record, dict) else None
    first = posts[0] if isinstance(posts, list) and posts else None
    if not isinstance(first, dict) or not isinstance(first.get("cooked"), str):
        raise Fault.SHAPE.at(fetched.url)
    entry = FeedEntry(
        identity=fetched.url,
        title=text(record, "title"),
        link=fetched.url.removesuffix(".json"),
        content=clean_html(first["cooked"], fetched.url),
        text=first["cooked"],
        published=_moment(first),
    )
    return papers_of(entry, now)


def _reading(file: DigestFile | None) -> Reading:
    if file is None or not file.digests:
        return Reading(findings=file.findings if file else (), looked_at=1)
    return Reading((file,), file.findings, looked_at=1)


def _moment(post: Record) -> datetime | None:
    try:
        return datetime.fromisoformat(text(post, "created_at")).astimezone(UTC)
    except ValueError:
        return None
