"""Digests that lie on the web as files, best of all in the repository of a blog.

The address is one of three things: a file; a pattern such as
``https://example.org/_posts/{date}-daily-papers.md`` (also ``{year}``, ``{month}``,
``{day}``), asked for each of the last days; or a list of addresses, one in a line
or as the JSON of a folder in a repository.
"""

import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from urllib.parse import urljoin, urlsplit

from newsletter.collect.digests import read
from newsletter.collect.digests.digest import DigestFile
from newsletter.collect.feed_errors import FeedError
from newsletter.collect.fetched import Expected, FetchedFeed
from newsletter.collect.sources.adapter import Ask, Reading, Visit
from newsletter.collect.sources.json_answers import parsed, text
from newsletter.common import confined
from newsletter.common.clock import SEOUL

_PATTERN = re.compile(r"\{(?:date|year|month|day)\}")
_DAYS = 4
# The newest of a list: their names begin with the day, so the last are the newest.
_MOST_FILES = 30
_SUFFIXES = (".md", ".markdown", ".txt", ".html", ".json")
_WEB = re.compile(r"https?://\S+$")


def collect(address: str, visit: Visit, now: datetime) -> Reading:
    """Read the files that the address names, the oldest first."""
    if _PATTERN.search(address):
        today = now.astimezone(SEOUL).date()
        days = [today - timedelta(days=ago) for ago in reversed(range(_DAYS))]
        return _reading([_file(fill(address, day), visit, optional=True) for day in days])
    fetched = visit(Ask(address, Expected.TEXT))
    if fetched is None:
        return Reading()
    listed = confined.call(listed_in, fetched, place=fetched.url)
    if listed:
        return _reading([_file(url, visit) for url in listed])
    return _reading([_digest(fetched, fetched.url)])


def fill(pattern: str, day: date) -> str:
    """Return the address of one day."""
    return (
        pattern.replace("{date}", day.isoformat())
        .replace("{year}", f"{day:%Y}")
        .replace("{month}", f"{day:%m}")
        .replace("{day}", f"{day:%d}")
    )


def _file(url: str, visit: Visit, *, optional: bool = False) -> DigestFile | None:
    expected = Expected.PAGE if url.lower().endswith(".html") else Expected.TEXT
    fetched = visit(Ask(url, expected, optional=optional))
    return _digest(fetched, urlsplit(fetched.url).path) if fetched else None


def _digest(fetched: FetchedFeed, name: str) -> DigestFile:
    file = confined.call(read.read, fetched.body, name, place=fetched.url)
    return replace(file, page=fetched.url)


def _reading(files: list[DigestFile | None]) -> Reading:
    read_now = [file for file in files if file]
    return Reading(
        tuple(file for file in read_now if file.digests),
        tuple(finding for file in read_now for finding in file.findings),
        looked_at=len(read_now),
    )


@confined.parser
def listed_in(fetched: FetchedFeed) -> tuple[str, ...]:
    """Return the newest addresses of a list; none where the file is no list but a digest."""
    lines = fetched.body.decode("utf-8", "replace").split()
    if not all(_WEB.match(line) for line in lines):
        lines = [urljoin(fetched.url, name) for name in _names_in_json(fetched)]
    files = [line for line in sorted(lines) if line.lower().endswith(_SUFFIXES)]
    return tuple(files[-_MOST_FILES:])


def _names_in_json(fetched: FetchedFeed) -> list[str]:
    """Return the files in the JSON of a folder; none for a post that begins with a bracket."""
    try:
        told = parsed(fetched)
    except FeedError:
        return []
    records = told if isinstance(told, list) else []
    names = [text(one, "download_url") for one in records if isinstance(one, dict)]
    return names + [one for one in records if isinstance(one, str) and " " not in one]
