"""Hugging Face Daily Papers: the list of a day, with its votes as they stand now.

``date`` is the day of listing, not of the paper. A page holds at most 100, and a
list of exactly that length has a next page. Weekends are empty, which is no
fault. The list moves all day, so each reading is an observation of its own.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from newsletter.collect.arxiv_ids import bare_id
from newsletter.collect.digests import dates
from newsletter.collect.digests.digest import (
    Digest,
    DigestEntry,
    DigestFile,
    Link,
    Listing,
    Section,
)
from newsletter.collect.fetched import Expected, FetchedFeed
from newsletter.collect.sources.adapter import Ask, Reading, Visit, unreadable
from newsletter.collect.sources.json_answers import Record, inner, number, records, text
from newsletter.collect.tex import names, plain
from newsletter.common import confined
from newsletter.common.clock import SEOUL

ADDRESS = "https://huggingface.co/api/daily_papers"
PAGES = "https://huggingface.co/papers/"
_PAGE = 100
_MOST_PAGES = 10
# Votes go on coming after the day; the day before is counted once more.
_DAYS = 2
# What an address may ask for by itself.
_SPANS = {"date", "week", "month"}


def collect(address: str, visit: Visit, now: datetime) -> Reading:
    """Read the lists of the last days, or the one list that the address itself names."""
    return _reading(_lists(address or ADDRESS, now), visit, now)


def recount(address: str, visit: Visit, now: datetime) -> Reading:
    """Read all lists of the week that is not over yet: their votes go on coming for days."""
    if _asked(address).keys() & _SPANS:
        return Reading()
    today = now.astimezone(SEOUL).date()
    week = [today - timedelta(days=ago) for ago in reversed(range(today.weekday() + 1))]
    lists = ((_with(address or ADDRESS, date=day.isoformat()), day) for day in week)
    return _reading(lists, visit, now)


def _reading(lists: Iterable[tuple[str, date | None]], visit: Visit, now: datetime) -> Reading:
    read = []
    for url, day in lists:
        pages = tuple(_pages(url, visit))
        if pages:
            listed_on = day or now.astimezone(SEOUL).date()
            read.append(confined.call(read_list, pages, listed_on, now, place=pages[0].url))
    return Reading(
        files=tuple(file for one in read for file in one.files),
        findings=tuple(finding for one in read for finding in one.findings),
        withdrawn=tuple(paper for one in read for paper in one.withdrawn),
        looked_at=sum(one.looked_at for one in read),
    )


@confined.parser
def read_list(pages: Sequence[FetchedFeed], day: date, now: datetime) -> Reading:
    """Return what the pages of one list say."""
    listed = [record for page in pages for record in records(page)]
    file = list_file(listed, pages, day, now)
    return Reading(
        files=(file,) if any(file.entries) else (),
        findings=file.findings,
        withdrawn=tuple(paper for record in listed if (paper := _withdrawn(record))),
        looked_at=len(listed),
    )


@confined.parser
def length_of(page: FetchedFeed) -> int:
    """Return how many records stand on one page of a list."""
    return len(records(page))


def list_file(
    listed: Sequence[Record], pages: Sequence[FetchedFeed], day: date, now: datetime
) -> DigestFile:
    """Return the records of one list as a digest, a paper once and none that is withdrawn."""
    standing = [record for record in listed if not _withdrawn(record)]
    made = [_entry(record) for record in standing]
    read = [entry for entry in made if entry]
    once = {entry.arxiv_id: entry for entry in reversed(read)}
    digest = Digest(
        format=Listing.HF_API,
        title=f"Hugging Face Daily Papers {day}",
        entries=tuple(entry for entry in read if once[entry.arxiv_id] is entry),
        listed_on=day,
        observed_at=now,
    )
    name = pages[0].url
    odd = [place for place, entry in enumerate(made, 1) if entry is None]
    body = b"\n".join(page.body for page in pages)
    return DigestFile(name, (digest,), unreadable(odd, name), "", body, _page_for_people(name, day))


def _page_for_people(address: str, day: date) -> str:
    """Return the page that shows the list of this address: of its week, its month or its day."""
    asked = _asked(address)
    for span in ("week", "month"):
        if span in asked:
            return f"{PAGES}{span}/{asked[span]}"
    return f"{PAGES}date/{day}"


def _lists(address: str, now: datetime) -> Iterator[tuple[str, date | None]]:
    """Yield the addresses to ask, the oldest day first. The days are UTC, as the site counts."""
    asked = _asked(address)
    if asked.keys() & _SPANS:
        yield address, dates.day(asked.get("date", ""))
        return
    today = now.astimezone(UTC).date()
    for ago in reversed(range(_DAYS)):
        day = today - timedelta(days=ago)
        yield _with(address, date=day.isoformat()), day


def _pages(url: str, visit: Visit) -> Iterator[FetchedFeed]:
    """Yield the pages of a list; none where nothing has changed."""
    for number_of_page in range(_MOST_PAGES):
        ask = Ask(
            _with(url, limit=str(_PAGE), p=str(number_of_page)),
            Expected.JSON,
            whole=number_of_page > 0,
        )
        page = visit(ask)
        if page is None:
            return
        yield page
        if confined.call(length_of, page, place=page.url) < _PAGE:
            return


def _asked(address: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(address).query))


def _with(url: str, **values: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(query=urlencode(dict(parse_qsl(parts.query)) | values)))


def _entry(record: Record) -> DigestEntry | None:
    """Return a record as an entry; ``None`` where it lacks an id or a title."""
    paper = inner(record, "paper")
    arxiv_id, title = bare_id(text(paper, "id")), text(paper, "title") or text(record, "title")
    if not arxiv_id or not title:
        return None
    written = (("Summary", text(paper, "ai_summary")), ("Abstract", text(paper, "summary")))
    return DigestEntry(
        title=plain(title),
        arxiv_id=arxiv_id,
        votes=number(paper, "upvotes"),
        authors=_authors(paper),
        institution=text(inner(paper, "organization"), "fullname"),
        image=text(record, "thumbnail") or None,
        sections=tuple(Section(heading, "en", plain(told)) for heading, told in written if told),
        links=tuple(_links(paper, arxiv_id)),
    )


def _authors(paper: Record) -> tuple[str, ...]:
    told = paper.get("authors")
    people = [one for one in told if isinstance(one, dict)] if isinstance(told, list) else []
    return names(text(person, "name") for person in people if not person.get("hidden"))


def _links(paper: Record, arxiv_id: str) -> Iterator[Link]:
    yield Link("Hugging Face", f"https://huggingface.co/papers/{arxiv_id}")
    yield Link("arXiv", f"https://arxiv.org/abs/{arxiv_id}")
    for label, key in (("GitHub", "githubRepo"), ("Project", "projectPage")):
        if (url := text(paper, key)).startswith(("https://", "http://")):
            yield Link(label, url)


def _withdrawn(record: Record) -> str:
    paper = inner(record, "paper")
    return (bare_id(text(paper, "id")) or "") if paper.get("withdrawnAt") else ""
