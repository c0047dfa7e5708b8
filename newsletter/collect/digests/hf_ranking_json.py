"""``hf-ranking-json``: the data below the ``hf-ranking`` posts, of a day or of a month.

Its clock times have no zone and are UTC.
"""

from calendar import monthrange
from dataclasses import replace
from datetime import UTC, date, datetime

from newsletter.collect.digests import dates, hf_ranking
from newsletter.collect.digests.digest import Digest, DigestEntry, Listing
from newsletter.collect.digests.entries import Draft
from newsletter.collect.digests.problems import Problem
from newsletter.collect.digests.records import Record, Records
from newsletter.common.findings import Finding

_LINKS = (("url", "HF 페이지"), ("paper_link", "논문 링크"))


def is_one(record: Record) -> bool:
    """Return whether a record is one of these."""
    return "likes" in record.value and ("url" in record.value or "paper_link" in record.value)


def parse(file: Records, name: str) -> tuple[tuple[Digest, ...], tuple[Finding, ...]]:
    """Return the one digest of a file, and what is to be said of it."""
    findings = list(file.findings)
    named = [record for record in file.own if _is_named(record)]
    findings += [Problem.BAD_RECORD.at(one.line) for one in file.own if not _is_named(one)]
    entries = hf_ranking.without_counters([_entry(record, findings) for record in named])
    stated = file.head.value.get("total_papers")
    if isinstance(stated, int) and stated != len(entries):
        findings.append(Problem.COUNT_DIFFERS.at(1, stated=stated, read=len(entries)))
    day = dates.day(file.head.text("date")) or dates.day(name)
    digest = Digest(
        Listing.HF_RANKING_JSON,
        f"Hugging Face Daily Papers - {day}" if day else "",
        tuple(entries),
        listed_on=day,
        observed_at=_observed_at(file.head),
    )
    return (_of_month(digest, file.head, findings),), tuple(findings)


def _is_named(record: Record) -> bool:
    return bool(record.text("title") or record.text("url"))


def _entry(record: Record, findings: list[Finding]) -> DigestEntry:
    draft = Draft(record.text("title"), record.line, findings=findings)
    likes = record.value.get("likes")
    if isinstance(likes, int | str) and not isinstance(likes, bool):
        draft.read_votes(str(likes), record.line)
    draft.institution = hf_ranking.institution(record.text("institution"))
    for key, label in _LINKS:
        if url := record.text(key):
            draft.add_link(url, label, record.line)
    if url := record.text("code_link"):
        draft.add_further_link(url, "Code", record.line)
    _add_texts(draft, record)
    return draft.finish(record.raw)


def _add_texts(draft: Draft, record: Record) -> None:
    draft.add_section("Abstract", record.lines("abstract"), record.line)
    described = record.lines("description")
    if described and described != record.lines("abstract"):
        draft.add_section("Description", described, record.line)
    if tags := record.lines("tags"):
        draft.add_fact("태그", tags, record.line)


def _of_month(digest: Digest, head: Record, findings: list[Finding]) -> Digest:
    """Return the digest with the days of its month, where it sums up a month."""
    year, month = head.value.get("year"), head.value.get("month")
    if not isinstance(year, int) or not isinstance(month, int):
        return digest
    try:
        first, last = date(year, month, 1), date(year, month, monthrange(year, month)[1])
    except (ValueError, IndexError):
        return digest
    findings.append(Problem.MONTH_SUMMARY.at())
    title = f"Hugging Face Daily Papers - {first:%Y-%m}"
    return replace(digest, title=title, period_start=first, listed_on=last)


def _observed_at(head: Record) -> datetime | None:
    told = head.text("crawled_at") or head.text("generated_at")
    try:
        moment = datetime.fromisoformat(told)
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
