"""RSS and Atom to entries; the only module that knows feedparser. Pure.

feedparser gets bytes that :mod:`newsletter.collect.feed_text` let pass, and opens
nothing by itself. An entry is known by its guid, else by its link; without
either it is left out and counted, for it would be new every time.
"""

import io
from calendar import timegm
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from time import struct_time
from typing import Any
from urllib.parse import urljoin, urlsplit

import feedparser

from newsletter.collect import feed_dates, feed_findings, repair, tex
from newsletter.collect.feed_html import (
    LONGEST_CONTENT,
    clean_title,
    harmless,
    text_title,
    title_of_either,
    without_dear_tags,
)
from newsletter.collect.feed_text import clean_xml
from newsletter.common.findings import Finding

MOST_ENTRIES = 2_000
_LONGEST_LINK = 1_000
_LONGEST_WRITTEN_LINK = 4_000
_OLDEST = datetime(1991, 1, 1, tzinfo=UTC)
_AHEAD = timedelta(days=2)
_NEVER = struct_time((1, 1, 1, 0, 0, 0, 0, 1, 0))
_LOCAL = {"localhost", "127.0.0.1", "0.0.0.0"}  # noqa: S104 - compared with, not listened on


def _no_date(told: str) -> struct_time | None:
    """Answer for a date that is too long to be one, before the library's patterns see it."""
    return _NEVER if len(told) > feed_dates.LONGEST else None


# Asked before all others; what it does not answer goes to them.
feedparser.registerDateHandler(_no_date)


@dataclass(frozen=True, slots=True)
class ArxivMarks:
    """What arXiv adds to an entry; empty where it says nothing."""

    announce_type: str = ""
    comment: str = ""
    primary_category: str = ""
    doi: str = ""
    journal_ref: str = ""


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One entry of a feed, cleaned. ``content`` is harmless HTML, or plain text."""

    identity: str
    title: str
    link: str = ""
    content: str = ""
    text: str = ""
    """The content as it stood, for feeds whose content is no HTML: abstracts hold ``<`` and ``&``."""
    published: datetime | None = None
    updated: datetime | None = None
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    arxiv: ArxivMarks = ArxivMarks()


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed, read whole."""

    title: str
    entries: tuple[FeedEntry, ...]
    findings: tuple[Finding, ...]


def parse_feed(  # noqa: PLR0913 - one for each thing that is known of the answer
    body: bytes,
    *,
    url: str,
    now: datetime,
    charset: str = "",
    content_type: str = "",
    zone: str = "",
) -> Feed:
    """Return what a feed holds, in its own order, and what had to be left out.

    Times that name no zone are of ``zone``, or of where the feed itself seems to be from.

    Raises :class:`~newsletter.collect.feed_errors.FeedError` where it is no feed,
    cut off, or holds what no feed should.
    """
    text, too_many, findings = clean_xml(
        body, most_items=MOST_ENTRIES, charset=charset, content_type=content_type, place=url
    )
    told = feedparser.parse(
        io.BytesIO(text.encode()),
        response_headers={
            "content-type": "application/xml; charset=utf-8",
            "content-location": url,
        },
        # nh3 does both, faster, and keeps what names the links of a forum.
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    is_atom = told.version.startswith("atom")
    reader = _Reader(url, now, _zone(told.feed, url, zone), is_atom=is_atom)
    entries = reader.read(told.entries)
    reader.counted["too_many"] = too_many
    return Feed(
        title=_title(told.feed, is_atom=is_atom),
        entries=entries,
        findings=(
            *findings,
            *feed_findings.of(reader.counted, url),
            *feed_findings.guessed_dates(reader.guessed),
        ),
    )


def _zone(told: Any, url: str, wanted: str) -> tzinfo:
    return feed_dates.zone_of(
        language=told.get("language", ""),
        host=urlsplit(url).hostname or "",
        title=told.get("title", ""),
        wanted=wanted,
    )


class _Reader:
    """Makes entries of what feedparser tells, and counts what it could not use."""

    def __init__(self, url: str, now: datetime, zone: tzinfo, *, is_atom: bool) -> None:
        self._url, self._latest, self._zone = url, now + _AHEAD, zone
        self._is_atom = is_atom
        self._seen: set[str] = set()
        self.counted: Counter[str] = Counter()
        self.guessed: list[str] = []
        """The entries whose dates name no zone or no time."""

    def read(self, told: Iterable[Any]) -> tuple[FeedEntry, ...]:
        """Return the usable entries, each identity once."""
        entries = []
        for one in told:
            entry = self._entry(one)
            if not entry.identity:
                self.counted["no_identity"] += 1
            elif entry.identity in self._seen:
                self.counted["duplicate"] += 1
            else:
                self._seen.add(entry.identity)
                entries.append(entry)
        return tuple(entries)

    def _entry(self, told: Any) -> FeedEntry:
        link = self._link(told.get("link", ""))
        guid = repair.characters(told.get("id", "")).strip()[:_LONGEST_LINK]
        content, text = self._content(told)
        return FeedEntry(
            identity=guid or link,
            title=_title(told, is_atom=self._is_atom),
            link=link,
            content=content,
            text=text,
            published=self._moment(told, "published", guid or link),
            updated=self._moment(told, "updated", guid or link),
            authors=_names(told.get("authors", ())),
            categories=tuple(tag["term"][:100] for tag in told.get("tags", ()) if tag.get("term")),
            arxiv=_marks(told),
        )

    def _content(self, told: Any) -> tuple[str, str]:
        """Return the content as harmless HTML and, where it was written as plain text, as that."""
        parts: Sequence[Any] = told.get("content") or [told.get("summary_detail") or {}]
        whole = max((part.get("value") or "" for part in parts), key=len)
        value = whole[:LONGEST_CONTENT]
        affordable = without_dear_tags(value)
        self.counted["cut_off"] += len(value) < len(whole)
        self.counted["tags_left_out"] += affordable is not value
        return harmless(affordable, self._url), value

    def _link(self, told: str) -> str:
        """Return the link on the web, mending what a site built without its own address says."""
        if not told.strip():
            return ""
        if len(told) > _LONGEST_WRITTEN_LINK:
            self.counted["bad_link"] += 1
            return ""
        try:
            link = urljoin(self._url, told.strip())
            parts = urlsplit(link)
        except ValueError:
            parts = urlsplit("")
        if parts.hostname in _LOCAL and urlsplit(self._url).hostname not in _LOCAL:
            home = urlsplit(self._url)
            parts = parts._replace(scheme=home.scheme, netloc=home.netloc)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username:
            self.counted["bad_link"] += 1
            return ""
        return parts.geturl()[:_LONGEST_LINK]

    def _moment(self, told: Any, name: str, identity: str) -> datetime | None:
        """Return a date that can be true; another one is not used for anything."""
        # Asked first: feedparser would give the other date in its place.
        if name not in told:
            return None
        read = feed_dates.read(told[name] or "", self._zone)
        moment = read.at if read else _instant(told.get(f"{name}_parsed"))
        if moment is None or not _OLDEST <= moment <= self._latest:
            self.counted["bad_date"] += 1
            return None
        if read and read.guessed and identity not in self.guessed[-1:]:
            self.guessed.append(identity)
        return moment


def _instant(told: struct_time | None) -> datetime | None:
    try:
        return datetime.fromtimestamp(timegm(told), UTC) if told else None
    except (ValueError, OverflowError, OSError):
        return None


def _title(told: Any, *, is_atom: bool) -> str:
    """Return a title as what it is: Atom says whether it is HTML, RSS does not."""
    title = told.get("title", "")
    if not is_atom:
        return title_of_either(title)
    is_text = (told.get("title_detail") or {}).get("type") == "text/plain"
    return text_title(title) if is_text else clean_title(title)


def _names(told: Iterable[Any]) -> tuple[str, ...]:
    """Return the authors; announcements of arXiv name them all in one, with commas."""
    listed = [clean_title(author.get("name", "")) for author in told]
    return tex.names(name.strip() for part in listed for name in part.split(","))


def _marks(told: Any) -> ArxivMarks:
    primary = told.get("arxiv_primary_category") or {}
    return ArxivMarks(
        announce_type=told.get("arxiv_announce_type", ""),
        comment=text_title(told.get("arxiv_comment", "")),
        primary_category=primary.get("term", ""),
        doi=told.get("arxiv_doi", ""),
        journal_ref=text_title(told.get("arxiv_journal_ref", "")),
    )
