"""The arXiv query API: lists of papers, and the facts of papers by their ids.

arXiv asks for one connection and one request in three seconds, over the API, OAI
and the announcements together: the fetcher sees to that by the host. An error
comes as an entry, an id may simply be missing, and a withdrawn paper is a new
version whose comment says so.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from newsletter.collect.arxiv_ids import bare_id, version_in
from newsletter.collect.digests.digest import (
    Digest,
    DigestEntry,
    DigestFile,
    Link,
    Listing,
    Section,
)
from newsletter.collect.feeds import FeedEntry
from newsletter.collect.fetched import FetchedFeed
from newsletter.collect.sources.adapter import Ask, Reading, Visit, unreadable
from newsletter.collect.sources.feed import parsed
from newsletter.collect.tex import plain
from newsletter.common import confined
from newsletter.common.clock import SEOUL
from newsletter.common.findings import Finding, Severity

ADDRESS = "https://export.arxiv.org/api/query"
_BATCH = 100
_NEWEST = 100
_ERROR = "/api/errors"
FIELD = re.compile(r"\b(?:ti|au|abs|co|jr|cat|rn|id|all):\S")
_ARCHIVES = frozenset(
    (
        "astro-ph", "cond-mat", "cs", "econ", "eess", "gr-qc", "hep-ex", "hep-lat", "hep-ph",
        "hep-th", "math", "math-ph", "nlin", "nucl-ex", "nucl-th", "physics", "q-bio", "q-fin",
        "quant-ph", "stat",
    )
)  # fmt: skip
_SUBJECT = re.compile(r"(?:[A-Z]{2}|[a-z]+(?:-[a-z]+)+|[a-z]{2,})")
_WORK = r"(?:paper|article|submission|manuscript|work|preprint|e-?print|version)"
# Withdrawn from arXiv, that is: from a conference a paper may be taken back and stand all the same.
_WITHDRAWN = re.compile(
    rf"(?:\A\W*|\b{_WORK}\b[^.;]{{0,60}}\b(?:is|was|been|being)\s+(?:\w+ly\s+)?)withdrawn\b"
    r"(?!\s+from\s+(?!arxiv))"
    rf"|\b(?:authors?|we)\b[^.;]{{0,30}}\bwithdr(?:awn|ew|aw)\b\s+(?:this|the|our)\s+{_WORK}\b"
    r"(?!\s+from\s+(?!arxiv))",
    re.IGNORECASE,
)
# An abstract may study withdrawn drugs; only its first words can speak of the paper itself.
_WITHDRAWN_ABSTRACT = re.compile(
    r"\W*(?:this|the) (?:paper|article|submission|manuscript|work|preprint)\b[^.]{0,80}\bwithdrawn\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class ArxivPaper:
    """What arXiv says of a paper; everything but the id belongs to this version."""

    arxiv_id: str
    version: int
    title: str
    abstract: str
    authors: tuple[str, ...]
    categories: tuple[str, ...]
    primary_category: str = ""
    comment: str = ""
    doi: str = ""
    journal_ref: str = ""
    published: datetime | None = None
    updated: datetime | None = None
    withdrawn: bool = False
    """Whether this version says that the paper is withdrawn."""


@dataclass(frozen=True, slots=True)
class ArxivAnswer:
    """The papers of one answer, and the errors that stood among them."""

    papers: tuple[ArxivPaper, ...]
    findings: tuple[Finding, ...]


def is_category(name: str) -> bool:
    """Return whether this can be a category: an archive of arXiv, with a subject or without."""
    archive, dot, subject = name.partition(".")
    return archive in _ARCHIVES and (not dot or bool(_SUBJECT.fullmatch(subject)))


def collect(address: str, visit: Visit, now: datetime) -> Reading:
    """Read the newest papers of a query (``cat:cs.CL``), or of a whole query address."""
    url = address if "://" in address else newest_of(address)
    fetched = visit(Ask(url))
    return confined.call(read, fetched, now, place=fetched.url) if fetched else Reading()


@confined.parser
def read(fetched: FetchedFeed, now: datetime) -> Reading:
    """Return the papers of an answer as a list of that day."""
    answer = read_answer(fetched, now)
    standing = [paper for paper in answer.papers if not paper.withdrawn]
    return Reading(
        files=tuple(_files(standing, fetched, now)),
        findings=answer.findings,
        withdrawn=tuple(paper.arxiv_id for paper in answer.papers if paper.withdrawn),
        looked_at=len(answer.papers),
    )


def newest_of(query: str) -> str:
    """Return the address of the newest papers of a search query."""
    asked = {
        "search_query": query,
        "sortBy": "submittedDate",
        "sortOrder": "descending",
        "max_results": str(_NEWEST),
    }
    return f"{ADDRESS}?{urlencode(asked)}"


def facts_of(ids: Sequence[str], visit: Visit, now: datetime, *, api: str = ADDRESS) -> ArxivAnswer:
    """Return what arXiv says of these papers, asked in batches; some may be missing."""
    papers: list[ArxivPaper] = []
    findings: list[Finding] = []
    for start in range(0, len(ids), _BATCH):
        batch = ids[start : start + _BATCH]
        asked = urlencode({"id_list": ",".join(batch), "max_results": str(_BATCH)})
        if fetched := visit(Ask(f"{api}?{asked}", whole=True)):
            answer = _answer(fetched, now)
            papers += answer.papers
            findings += answer.findings
    return ArxivAnswer(tuple(papers), tuple(findings))


def titled(
    title: str, visit: Visit, now: datetime, *, api: str = ADDRESS
) -> tuple[ArxivPaper, ...]:
    """Return the papers whose title holds the words of this one."""
    words = " ".join(re.findall(r"\w+", title))
    asked = urlencode({"search_query": f'ti:"{words}"', "max_results": "5"})
    fetched = visit(Ask(f"{api}?{asked}", whole=True))
    return _answer(fetched, now).papers if fetched else ()


def _answer(fetched: FetchedFeed, now: datetime) -> ArxivAnswer:
    return confined.call(read_answer, fetched, now, place=fetched.url)


@confined.parser
def read_answer(fetched: FetchedFeed, now: datetime) -> ArxivAnswer:
    """Return the papers of an answer in either of the two layouts that arXiv has used."""
    feed = parsed(fetched, now)
    papers = tuple(paper for entry in feed.entries if (paper := _paper(entry)))
    errors = tuple(_error(entry, fetched.url) for entry in feed.entries if _ERROR in entry.identity)
    odd = [place for place, entry in enumerate(feed.entries, 1) if _is_odd(entry)]
    return ArxivAnswer(papers, (*feed.findings, *errors, *unreadable(odd, fetched.url)))


def _is_odd(entry: FeedEntry) -> bool:
    """Return whether an entry is neither a paper nor an error."""
    return bare_id(entry.identity) is None and _ERROR not in entry.identity


def _paper(entry: FeedEntry) -> ArxivPaper | None:
    arxiv_id = bare_id(entry.identity)
    if arxiv_id is None:
        return None
    comment, abstract = entry.arxiv.comment, plain(" ".join(entry.text.split()))
    return ArxivPaper(
        arxiv_id=arxiv_id,
        version=version_in(entry.identity),
        title=entry.title,
        abstract=abstract,
        authors=entry.authors,
        categories=entry.categories,
        primary_category=entry.arxiv.primary_category,
        comment=comment,
        doi=entry.arxiv.doi,
        journal_ref=entry.arxiv.journal_ref,
        published=entry.published,
        updated=entry.updated,
        withdrawn=bool(_WITHDRAWN.search(comment) or _WITHDRAWN_ABSTRACT.match(abstract)),
    )


def _files(
    papers: Sequence[ArxivPaper], fetched: FetchedFeed, now: datetime
) -> Iterator[DigestFile]:
    if not papers:
        return
    day = max(paper.published or now for paper in papers).astimezone(SEOUL).date()
    entries = tuple(
        entry(paper.arxiv_id, paper.title, paper.abstract, paper.authors) for paper in papers
    )
    digest = Digest(Listing.ARXIV, f"arXiv {day}", entries, listed_on=day)
    yield DigestFile(fetched.url, (digest,), (), "", fetched.body)


def entry(arxiv_id: str, title: str, abstract: str, authors: tuple[str, ...]) -> DigestEntry:
    """Return a paper that arXiv lists as an entry of a digest."""
    return DigestEntry(
        title=title,
        arxiv_id=arxiv_id,
        authors=authors,
        sections=(Section("Abstract", "en", abstract),) if abstract else (),
        links=(Link("arXiv", f"https://arxiv.org/abs/{arxiv_id}"),),
    )


def _error(entry: FeedEntry, place: str) -> Finding:
    return Finding(
        "arxiv.error",
        "arXiv가 논문 대신 오류를 답했습니다.",
        "arXiv answered with an error instead of a paper.",
        Severity.WARNING,
        place=f"{place} {entry.identity.partition('#')[2]}".strip()[:300],
    )
