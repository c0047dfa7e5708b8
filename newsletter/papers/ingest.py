"""The only writer of papers: what a digest says becomes rows, and one paper stays one row.

A digest goes in whole or not at all, and going in twice changes nothing. The
number of statements does not depend on the number of papers.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256

from django.db import IntegrityError, OperationalError, transaction
from django.db.models import Exists, OuterRef, Q

from newsletter.collect.digests.digest import Digest, DigestEntry, DigestFile
from newsletter.collect.digests.problems import Problem
from newsletter.collect.models import Source, StoredDigest
from newsletter.common import clock
from newsletter.papers.agreeing import agree
from newsletter.papers.models import Paper, Summary, VoteObservation
from newsletter.papers.register import Register
from newsletter.papers.titles import key_of

# More is no count of votes, but a number that stood in its place.
_MOST_VOTES = 10_000_000
_LONGEST_PAGE = 1_000
_VOTES_FAILED = Problem.ALL_VOTES_ZERO.at().code


@dataclass(frozen=True, slots=True)
class Ingested:
    """What became of one file. ``arxiv_ids`` stands in the order of the file's entries."""

    papers_new: int
    already_known: bool
    arxiv_ids: tuple[str | None, ...]


def store(file: DigestFile, source: Source) -> Ingested:
    """Write every digest of ``file``: papers, summaries and votes, in one transaction."""
    try:
        return _store(file, source)
    except (IntegrityError, OperationalError):
        # Another import made one of these papers a moment ago, or waited for us while we
        # waited for it; now they are there to be found.
        return _store(file, source)


@transaction.atomic
def _store(file: DigestFile, source: Source) -> Ingested:
    entries = list(file.entries)
    register = Register(entries)
    papers = register.papers_of(entries)
    remaining = iter(papers)
    fresh = []
    for part, digest in enumerate(file.digests):
        own = [next(remaining) for _ in digest.entries]
        stored, created = _stored_digest(file, digest, part, source)
        fresh.append(created)
        if created:
            _write(stored, digest, own)
    agree(papers)
    return Ingested(
        papers_new=register.created,
        already_known=bool(fresh) and not any(fresh),
        arxiv_ids=tuple(paper.arxiv_id for paper in papers),
    )


def _stored_digest(
    file: DigestFile, digest: Digest, part: int, source: Source
) -> tuple[StoredDigest, bool]:
    return StoredDigest.objects.get_or_create(
        source=source,
        content_hash=sha256(file.raw).hexdigest(),
        part=part,
        defaults={
            "format": digest.format,
            "name": file.name[-300:],
            "title": digest.title[:500],
            "page": file.page if len(file.page) <= _LONGEST_PAGE else "",
            **_origin(digest),
            "listed_on": digest.listed_on or clock.today(),
            "period_start": digest.period_start,
            "observed_at": digest.observed_at,
            "intro": [asdict(section) for section in digest.intro],
            "findings": [asdict(finding) for finding in file.findings],
            "raw": file.raw,
            "text": file.text,
        },
    )


def _origin(digest: Digest) -> dict[str, str]:
    origin = digest.origin
    if origin is None or len(origin.url) > _LONGEST_PAGE:
        return {}
    return {"origin_name": origin.label[:200], "origin_page": origin.url}


def _write(stored: StoredDigest, digest: Digest, papers: Sequence[Paper]) -> None:
    rows = list(zip(papers, digest.entries, strict=True))
    Summary.objects.bulk_create(
        _once(
            _summary(stored, digest, paper, entry, rank)
            for rank, (paper, entry) in enumerate(rows, 1)
        )
    )
    counted = [
        (paper, entry.votes)
        for paper, entry in rows
        if entry.votes is not None and entry.votes <= _MOST_VOTES
    ]
    _mend(stored, counted)
    VoteObservation.objects.bulk_create(
        [
            VoteObservation(
                paper=paper, source=stored.source, value=votes, observed_at=stored.counted_at
            )
            for paper, votes in counted
        ],
        # The same count of the same moment, told twice, is one observation.
        ignore_conflicts=True,
    )


def _mend(stored: StoredDigest, counted: Sequence[tuple[Paper, int]]) -> None:
    """Write the votes that were counted in place of zeros that only a failed count of this moment told.

    A zero that any digest told whose count had not failed is a count like another, and stays.
    """
    votes = {paper.pk: value for paper, value in reversed(counted) if value}
    failed, sound = _counts_of(stored) if votes else ([], [])
    if not failed:
        return
    told = Summary.objects.filter(paper=OuterRef("paper"))
    zeros = VoteObservation.objects.filter(
        Exists(told.filter(digest__in=failed)),
        ~Exists(told.filter(digest__in=sound)),
        source=stored.source,
        observed_at=stored.counted_at,
        value=0,
    )
    mended = [zero for zero in zeros.order_by("pk") if zero.paper_id in votes]
    for zero in mended:
        zero.value = votes[zero.paper_id]
    VoteObservation.objects.bulk_update(mended, ["value"])


def _counts_of(stored: StoredDigest) -> tuple[list[int], list[int]]:
    """Return the earlier digests of this source and moment: whose count had failed, and the others."""
    moment = stored.counted_at
    same = Q(observed_at=moment) | Q(observed_at=None, listed_on=stored.listed_on)
    earlier = StoredDigest.objects.filter(same, source=stored.source).exclude(pk=stored.pk)
    failed: list[int] = []
    sound: list[int] = []
    for digest in earlier.defer("raw", "text", "intro"):
        if digest.counted_at == moment:
            has_failed = any(finding["code"] == _VOTES_FAILED for finding in digest.findings)
            (failed if has_failed else sound).append(digest.pk)
    return failed, sound


def _summary(
    stored: StoredDigest, digest: Digest, paper: Paper, entry: DigestEntry, rank: int
) -> Summary:
    return Summary(
        paper=paper,
        source=stored.source,
        digest=stored,
        listed_on=stored.listed_on or clock.today(),
        rank=rank,
        title=entry.title[:500],
        title_key=key_of(entry.title),
        title_ko=entry.title_ko[:500],
        institution=entry.institution[:300],
        image=(entry.image or "")[:1000],
        sections=[asdict(section) for section in entry.sections],
        links=[asdict(link) for link in entry.links],
        credit=digest.credit[:300],
        licence=stored.source.licence,
        written_by=stored.source.written_by,
        raw=entry.raw,
    )


def _once(summaries: Iterable[Summary]) -> list[Summary]:
    """Keep the first of two entries that turned out to be one paper."""
    first: dict[int, Summary] = {}
    for summary in summaries:
        first.setdefault(summary.paper.pk, summary)
    return list(first.values())
