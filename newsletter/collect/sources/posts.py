"""A post of a forum or a blog: a digest, an item that is a paper, or a plain post that names some. Pure."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from html import escape
from itertools import chain, count

from newsletter.collect.digests import links, one_paper, read
from newsletter.collect.digests.digest import Digest, DigestEntry, DigestFile, Link, Listing
from newsletter.collect.digests.problems import Problem
from newsletter.collect.digests.section_words import is_section
from newsletter.collect.feed_html import clean_title
from newsletter.collect.feeds import FeedEntry
from newsletter.common.clock import SEOUL
from newsletter.common.findings import Finding

Papers = tuple[DigestEntry, ...]

_ANCHOR = re.compile(r"<a\b[^<>]*\bhref=\"([^\"<>]+)\"[^<>]*>", re.IGNORECASE)
_ANCHOR_ENDS = re.compile(r"</a>", re.IGNORECASE)
_LIST_TAG = re.compile(r"</?(?:ol|ul)\b[^<>]*>|<li\b[^<>]*>(?:\s*<p>)?", re.IGNORECASE)
# A post that links more papers than this is a list of its own kind, not an introduction.
_MOST_PAPERS = 30
_SHORTEST_TITLE = 12
_NO_DATE = Problem.NO_DATE.at().code


def papers_of(entry: FeedEntry, now: datetime) -> DigestFile | None:
    """Return what a post says of papers; ``None`` where it names none."""
    day = (entry.published or now).astimezone(SEOUL).date()
    # The title often is the only place that tells the day of the list.
    name = f"{entry.title} {entry.link or entry.identity}"
    if links.arxiv_id(entry.link):
        page = as_page(entry.title, entry.content, entry.published, paper=entry.link)
        digest = read.read_item(page, name)
    else:
        page = as_page(entry.title, entry.content, entry.published)
        digest = read.read(page, name)
    if any(digest.entries):
        return replace(_dated(_of_one_paper(digest, entry), day), page=entry.link)
    named = tuple(_named(entry))
    if not named:
        return replace(digest, page=entry.link) if digest.digests else None
    findings: tuple[Finding, ...] = ()
    if len(named) == 1:
        named, findings = _linked_alone(named[0], digest)
    told = Digest(Listing.POST, entry.title, named, listed_on=day)
    return DigestFile(name, (told,), findings, "", page, entry.link)


def _linked_alone(paper: DigestEntry, file: DigestFile) -> tuple[Papers, tuple[Finding, ...]]:
    """Return the one paper that a post links to with what it says of it, or those beside the link."""
    if file.digests:
        return (one_paper.with_facts(paper, file.digests[0].intro),), ()
    others, findings = one_paper.side_by_side(file.text)
    if others:
        return others, (Problem.NOT_TOLD_APART.at(), *findings)
    return (one_paper.with_facts(paper, one_paper.sections_of(file.text)),), ()


def _of_one_paper(file: DigestFile, entry: FeedEntry) -> DigestFile:
    """Return what a post says; where its links lead to one paper alone, it is of that one."""
    if len(file.digests) != 1 or any(paper.arxiv_id for paper in file.entries):
        return file
    named = tuple(_named(entry))
    return one_paper.as_one(file, entry.title, named[0].arxiv_id or "") if len(named) == 1 else file


def _dated(file: DigestFile, day: date) -> DigestFile:
    """Return what was read by guess with the day of its post, where it tells none itself."""
    if file.format is not Listing.GENERIC or file.digests[0].listed_on:
        return file
    known = tuple(finding for finding in file.findings if finding.code != _NO_DATE)
    return replace(file, digests=(replace(file.digests[0], listed_on=day),), findings=known)


def as_page(title: str, content: str, published: datetime | None, *, paper: str = "") -> bytes:
    """Return a post as a page that the readers of digests know: title, date, body.

    The title of an item that leads to a ``paper`` is the link to it.
    """
    moment = f'<time datetime="{published.isoformat()}"></time>' if published else ""
    words = f'<a href="{escape(paper)}">{escape(title)}</a>' if paper else escape(title)
    head = f"<h1>{words}</h1>" if title else ""
    return f"<article>{head}{moment}{_numbered(content)}</article>".encode()


def _numbered(content: str) -> str:
    """Return HTML whose ordered lists tell their numbers, which a ranking cannot do without."""
    lists: list[Iterator[int] | None] = []

    def told(found: re.Match[str]) -> str:
        tag = found[0].lower()
        if tag.startswith("<li"):
            numbers = lists[-1] if lists else None
            return f"<p>{next(numbers)}. " if numbers else found[0]
        if tag.startswith("</"):
            del lists[-1:]
        else:
            lists.append(count(1) if tag.startswith("<ol") else None)
        return found[0]

    return _LIST_TAG.sub(told, content)


def _named(entry: FeedEntry) -> Iterator[DigestEntry]:
    """Yield the papers that a post links to, by the words of the link or of its title."""
    titles: dict[str, str] = {}
    for url, label in chain([(entry.link, "")], _anchors(entry.content)):
        if len(titles) > _MOST_PAPERS:
            return
        if paper := links.arxiv_id(url):
            titles[paper] = titles.get(paper) or _title(label)
    for paper in links.arxiv_ids(links.BARE_URL.findall(entry.text)):
        titles.setdefault(paper, "")
    if len(titles) > _MOST_PAPERS:
        return
    alone = entry.title if len(titles) == 1 else ""
    for paper, title in titles.items():
        post = (Link(entry.title, entry.link),) if entry.link else ()
        yield DigestEntry(title=title or alone or paper, arxiv_id=paper, links=post)


def _anchors(content: str) -> Iterator[tuple[str, str]]:
    """Yield address and label of each link that is closed."""
    at = 0
    while opened := _ANCHOR.search(content, at):
        closed = _ANCHOR_ENDS.search(content, opened.end())
        if closed is None:
            return
        yield opened[1], content[opened.end() : closed.start()]
        at = closed.end()


def _title(label: str) -> str:
    """Return the words of a link where they can be a title: no address, no ``here``."""
    text = clean_title(label)
    is_address = "://" in text or "arxiv" in text.lower()
    return "" if len(text) < _SHORTEST_TITLE or is_address or is_section(text) else text
