"""The announcements of arXiv: what is new in some categories today, without votes.

Rebuilt at midnight Eastern time and empty on its skip days. An entry is new, a
cross-listing, or a replacement; replacements are counted and not listed, for
their papers are old.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime
from urllib.parse import urlsplit

from newsletter.collect.arxiv_ids import bare_id
from newsletter.collect.digests.digest import Digest, DigestFile, Listing
from newsletter.collect.feeds import FeedEntry
from newsletter.collect.fetched import FetchedFeed
from newsletter.collect.sources.adapter import Ask, Reading, Visit, unreadable
from newsletter.collect.sources.arxiv import entry, is_category
from newsletter.collect.sources.feed import parsed
from newsletter.collect.tex import plain
from newsletter.common import confined
from newsletter.common.clock import SEOUL
from newsletter.common.confined_wire import limits_by_length

ADDRESS = "https://rss.arxiv.org/rss/"
LIST = "https://arxiv.org/list/"
_HEAD = re.compile(r"\A\s*arXiv:\S+\s+Announce Type:\s*\S+\s*(?:Abstract:)?\s*", re.IGNORECASE)
_LISTED = {"new", "cross"}


def collect(address: str, visit: Visit, now: datetime) -> Reading:
    """Read the announcements of an address, or of categories such as ``cs.AI+cs.CL``."""
    url = address if "/" in address else f"{ADDRESS}{address}"
    fetched = visit(Ask(url))
    if fetched is None:
        return Reading()
    limits = limits_by_length(fetched.body)
    return confined.call(read, fetched, now, place=fetched.url, limits=limits)


@confined.parser
def read(fetched: FetchedFeed, now: datetime) -> Reading:
    """Return what an announcement lists."""
    feed = parsed(fetched, now)
    listed = [item for item in feed.entries if item.arxiv.announce_type in _LISTED]
    files = (_file(listed, fetched, now),) if listed else ()
    odd = [place for place, item in enumerate(listed, 1) if not bare_id(item.identity)]
    findings = (*feed.findings, *unreadable(odd, fetched.url))
    return Reading(files, findings, looked_at=len(feed.entries))


def _file(items: Sequence[FeedEntry], fetched: FetchedFeed, now: datetime) -> DigestFile:
    day = _day(items, now)
    entries = tuple(
        entry(arxiv_id, item.title, _abstract(item), item.authors)
        for item in items
        if (arxiv_id := bare_id(item.identity))
    )
    digest = Digest(Listing.ARXIV, f"arXiv {day}", entries, listed_on=day)
    first = urlsplit(fetched.url).path.rpartition("/")[2].partition("+")[0]
    page = f"{LIST}{first}/new" if is_category(first) else ""
    return DigestFile(fetched.url, (digest,), (), "", fetched.body, page)


def _abstract(item: FeedEntry) -> str:
    return plain(" ".join(_HEAD.sub("", item.text).split()))


def _day(items: Sequence[FeedEntry], now: datetime) -> date:
    """Return the day in Korea of the announcement, which is one for the whole feed."""
    return max((item.published or now for item in items), default=now).astimezone(SEOUL).date()
