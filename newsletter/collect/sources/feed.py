"""Any RSS or Atom feed: its entries are digests in a known format, or posts that name papers."""

from datetime import datetime

from newsletter.collect.feeds import Feed, parse_feed
from newsletter.collect.fetched import FetchedFeed
from newsletter.collect.sources.adapter import Ask, Reading, Visit
from newsletter.collect.sources.posts import papers_of
from newsletter.common import confined
from newsletter.common.confined_wire import limits_by_length


def collect(address: str, visit: Visit, now: datetime) -> Reading:
    """Read the entries that a feed holds now."""
    fetched = visit(Ask(address))
    if fetched is None:
        return Reading()
    limits = limits_by_length(fetched.body)
    return confined.call(read, fetched, now, place=fetched.url, limits=limits)


@confined.parser
def read(fetched: FetchedFeed, now: datetime) -> Reading:
    """Return what a feed says."""
    return reading_of(parsed(fetched, now), now)


def parsed(fetched: FetchedFeed, now: datetime) -> Feed:
    """Return a feed as it was fetched."""
    return parse_feed(
        fetched.body,
        url=fetched.url,
        now=now,
        charset=fetched.charset,
        content_type=fetched.content_type,
        zone=fetched.zone,
    )


def reading_of(feed: Feed, now: datetime) -> Reading:
    """Return the papers of all entries, the oldest post first; posts without a date come last."""
    by_age = sorted(feed.entries, key=lambda entry: entry.published or now)
    found = [papers_of(entry, now) for entry in by_age]
    files = tuple(file for file in found if file)
    told = tuple(finding for file in files for finding in file.findings)
    return Reading(files, (*feed.findings, *told), looked_at=len(feed.entries))
