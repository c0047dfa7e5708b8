"""Given: digests, papers, issues and readers, made as the product makes them."""

from datetime import date, datetime

from newsletter.collect.digests.digest import (
    Digest,
    DigestEntry,
    DigestFile,
    Format,
    Link,
    Section,
)
from newsletter.collect.models import Source
from newsletter.common import clock
from newsletter.common.cadence import Cadence
from newsletter.common.clock import SEOUL
from newsletter.common.findings import Finding
from newsletter.issues.assemble import assemble
from newsletter.issues.models import Issue
from newsletter.issues.window import Window, window_around
from newsletter.papers.ingest import Ingested, store

FRIDAY = date(2026, 1, 9)
KOREAN = Section(
    "요약", "ko", "보상마다 따로 정규화하여 학습 신호가 무너지지 않게 하는 방법을 제안합니다."
)
ENGLISH = Section("Abstract", "en", "A method that keeps rewards apart while training.")


def an_entry(
    arxiv_id: str | None = "2601.05242",
    title: str = "A Paper on Rewards",
    *,
    votes: int | None = None,
    title_ko: str = "",
    authors: tuple[str, ...] = (),
    image: str | None = None,
    sections: tuple[Section, ...] = (KOREAN,),
    links: tuple[Link, ...] = (),
    line: int = 1,
    raw: str = "",
) -> DigestEntry:
    return DigestEntry(
        title=title,
        arxiv_id=arxiv_id,
        title_ko=title_ko,
        votes=votes,
        authors=authors,
        image=image,
        sections=sections,
        links=links,
        line=line,
        raw=raw,
    )


def a_file(
    *entries: DigestEntry,
    digest_format: Format = Format.TOP5,
    listed_on: date = FRIDAY,
    observed_at: datetime | None = None,
    period_start: date | None = None,
    intro: tuple[Section, ...] = (),
    findings: tuple[Finding, ...] = (),
    raw: bytes = b"",
) -> DigestFile:
    digest = Digest(
        format=digest_format,
        title="다이제스트",
        entries=entries,
        listed_on=listed_on,
        period_start=period_start,
        observed_at=observed_at,
        intro=intro,
    )
    bytes_as_they_came = raw or repr((digest_format, listed_on, entries)).encode()
    return DigestFile("post.md", (digest,), findings, "", bytes_as_they_came)


def a_source(slug: str = "ours", *, may_be_mailed: bool = True, credit: str = "") -> Source:
    """A source whose maker said on what terms its texts may be used."""
    source, _ = Source.objects.get_or_create(
        slug=slug,
        defaults={
            "name": f"{slug} 다이제스트",
            "may_be_mailed": may_be_mailed,
            "credit": credit,
            "confirmed_at": clock.now(),
            "confirmed_by": "지은",
        },
    )
    return source


def listed(*entries: DigestEntry, source: str = "ours", **file: object) -> Ingested:
    return store(a_file(*entries, **file), a_source(source))  # type: ignore[arg-type]  # passed through


def a_weekly_post(
    *entries: DigestEntry, source: str = "ours", day: date = FRIDAY, **file: object
) -> Ingested:
    """A digest of the whole week of ``day``."""
    week = the_week(day)
    return listed(
        *entries, source=source, period_start=week.first_day, listed_on=week.last_day, **file
    )


def five_papers(day: date = FRIDAY, source: str = "ours") -> Ingested:
    return listed(
        *[
            an_entry(f"2601.0524{number}", f"Paper Number {number}", votes=10 * number)
            for number in range(1, 6)
        ],
        listed_on=day,
        source=source,
    )


def the_week(day: date = FRIDAY) -> Window:
    return window_around(Cadence.WEEKLY, day, SEOUL)


def a_weekly(day: date = FRIDAY) -> Issue:
    """An assembled weekly with five papers, not yet approved."""
    five_papers(day)
    return assemble(the_week(day)).issue


def a_daily(day: date = FRIDAY) -> Issue:
    """An assembled daily with five papers, not yet approved."""
    five_papers(day)
    return assemble(window_around(Cadence.DAILY, day, SEOUL)).issue
