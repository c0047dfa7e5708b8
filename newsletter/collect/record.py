"""Writes down how the checks of a source go, and what an editor should know of it."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from newsletter.collect import health, schedule
from newsletter.collect.digests import prose
from newsletter.collect.digests.digest import Digest, DigestEntry
from newsletter.collect.health import CheckFacts, Outcome
from newsletter.collect.models import Check, Source, SourceFinding
from newsletter.collect.schedule import Interval
from newsletter.collect.sources.adapter import Reading
from newsletter.common import clock
from newsletter.common.calendar import quiet_days
from newsletter.common.findings import Finding

# Enough to know a habit of weeks, back from now and from the last news; older checks are dropped.
_MEMORY = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Collected:
    """How one check of a source went."""

    slug: str
    outcome: Outcome
    papers: int = 0
    papers_new: int = 0
    findings: tuple[Finding, ...] = ()
    error: str = ""


def read(source: Source, reading: Reading, now: datetime, *, moved_to: str = "") -> Collected:
    """Record that a source was read."""
    digests = [digest for file in reading.files for digest in file.digests]
    papers = {_name(entry) for digest in digests for entry in digest.entries}
    newest = _newest(digests)
    check = Check(
        source=source,
        checked_at=now,
        outcome=Outcome.READ,
        papers=sorted(papers),
        newest=sorted({_name(entry) for entry in newest.entries}) if newest else [],
        papers_new=len(papers - _known(source)),
        failed_texts=sum(map(_failed, newest.entries)) if newest else 0,
        listed_on=newest.listed_on if newest else None,
        formats=sorted({str(digest.format) for digest in digests}),
        findings=[asdict(finding) for finding in reading.findings],
    )
    source.moved_to = moved_to[:500]
    return _done(source, check, reading.findings)


def unchanged(source: Source, now: datetime) -> Collected:
    """Record that a source had nothing new."""
    return _done(source, Check(source=source, checked_at=now, outcome=Outcome.UNCHANGED), ())


def failed(
    source: Source, code: str, text: str, now: datetime, *, retry_after: float | None = None
) -> Collected:
    """Record that a source could not be read; what it said before stays as it is."""
    check = Check(source=source, checked_at=now, outcome=Outcome.FAILED, error=code[:100])
    source.last_error = text[:500]
    return _done(source, check, (), retry_after=retry_after)


@transaction.atomic
def _done(
    source: Source,
    check: Check,
    told: tuple[Finding, ...],
    *,
    retry_after: float | None = None,
) -> Collected:
    check.save()
    _note(source, check, retry_after)
    known = _history(source)
    interval = Interval(source.interval) if source.interval else None
    found = health.findings(known, interval, quiet=_quiet_days(known))
    if source.moved_to:
        found = (*found, health.moved(source.moved_to))
    _publish(source, found, check.checked_at)
    _forget(source, check.checked_at)
    return Collected(
        slug=source.slug,
        outcome=Outcome(check.outcome),
        papers=len(check.papers),
        papers_new=check.papers_new,
        findings=(*found, *told),
        error=source.last_error,
    )


def _quiet_days(known: Sequence[CheckFacts]) -> frozenset[date]:
    """Return the days of this history on which no list is expected."""
    first, last = (known[at].at.astimezone(clock.SEOUL).date() for at in (0, -1))
    return quiet_days(first, last)


def _forget(source: Source, now: datetime) -> None:
    """Drop old checks, but not those before the last news: they are the habit of a silent source."""
    old = Check.objects.filter(source=source, checked_at__lt=now - _MEMORY)
    if source.last_new_at:
        habit = (source.last_new_at - _MEMORY, source.last_new_at)
        old = old.exclude(checked_at__range=habit)
    old.delete()


def _note(source: Source, check: Check, retry_after: float | None) -> None:
    """Bring the source's own fields up to date; only those, for an editor may change others."""
    if check.outcome == Outcome.FAILED:
        source.failures_in_a_row += 1
    else:
        source.failures_in_a_row, source.last_error = 0, ""
        source.last_success_at = check.checked_at
    if check.papers_new:
        source.last_new_at = check.checked_at
    if source.interval:
        source.next_check_at = schedule.next_check(
            Interval(source.interval),
            check.checked_at,
            failures=source.failures_in_a_row,
            retry_after=retry_after,
        )
    source.save(
        update_fields=[
            "failures_in_a_row", "last_error", "last_success_at", "last_new_at", "moved_to",
            "next_check_at",
        ]
    )  # fmt: skip


def _publish(source: Source, found: Iterable[Finding], now: datetime) -> None:
    """Open what is found, keep what was open, and end what has passed."""
    current = {finding.code: finding for finding in found}
    still_open = SourceFinding.objects.filter(source=source, passed_at=None)
    still_open.exclude(code__in=current).update(passed_at=now)
    for code, finding in current.items():
        SourceFinding.objects.update_or_create(
            source=source,
            code=code,
            passed_at=None,
            defaults={
                "severity": finding.severity,
                "ko": finding.ko[:500],
                "en": finding.en[:500],
                "remedy_ko": finding.remedy_ko[:500],
                "remedy_en": finding.remedy_en[:500],
            },
        )


def _history(source: Source) -> list[CheckFacts]:
    checks = Check.objects.filter(source=source).order_by("checked_at", "pk").defer("papers")
    return [
        CheckFacts(
            at=check.checked_at,
            outcome=Outcome(check.outcome),
            error=check.error,
            newest=frozenset(check.newest),
            listed_on=check.listed_on,
            failed_texts=check.failed_texts,
            papers_new=check.papers_new,
            formats=frozenset(check.formats),
        )
        for check in checks
    ]


def _known(source: Source) -> set[str]:
    """Return every paper that the source has listed in the time that we remember."""
    lists = Check.objects.filter(source=source).values_list("papers", flat=True)
    return {paper for papers in lists for paper in papers}


def _newest(digests: Iterable[Digest]) -> Digest | None:
    with_papers = (digest for digest in digests if digest.entries)
    return max(with_papers, key=lambda digest: digest.listed_on or date.min, default=None)


def _name(entry: DigestEntry) -> str:
    return entry.arxiv_id or entry.title.casefold()[:200]


def _failed(entry: DigestEntry) -> bool:
    """Return whether an error sentence stands where a Korean text should, and no Korean does."""
    broken = [section for section in entry.sections if prose.failed(section.text)]
    good = [section for section in entry.sections if section not in broken]
    return bool(broken) and not any(section.lang == "ko" for section in good)
