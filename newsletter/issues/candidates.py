"""Reads what an issue could hold: the papers listed in its window, with votes at its cut-off.

The number of statements does not depend on the number of papers.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import QuerySet

from newsletter.collect.digests.digest import Section
from newsletter.collect.models import StoredDigest
from newsletter.collect.voices import voice_of
from newsletter.issues.known import VOTES_FAILED
from newsletter.issues.models import IssueItem
from newsletter.issues.ranking import Candidate, Told, Withheld
from newsletter.issues.standing import Count, scale_of, standings
from newsletter.issues.states import SETTLED
from newsletter.issues.telling import Offer, told_by
from newsletter.issues.window import Window
from newsletter.papers.models import Summary, Verdict, VoteObservation

_COLUMNS = (
    "paper_id", "paper__arxiv_id", "paper__title_key", "paper__abstract", "source_id",
    "source__may_be_mailed", "digest__format", "rank", "sections",
)  # fmt: skip


class _Row(NamedTuple):
    """What one digest of the window wrote of one paper: :data:`_COLUMNS`."""

    paper: int
    arxiv_id: str | None
    title_key: str
    abstract: str
    source: int
    may_be_mailed: bool
    format: str
    rank: int
    sections: list[dict[str, str]]


def candidates(window: Window) -> list[Candidate]:
    """Return the papers that digests listed in ``window`` and no issue of its kind has carried."""
    listed = listed_in(window).exclude(paper__in=_carried(window))
    by_paper: dict[int, list[_Row]] = defaultdict(list)
    for row in listed.values_list(*_COLUMNS):
        by_paper[row[0]].append(_Row(*row))
    last = _last_counts(by_paper, window.end)
    standing = standings(_counts(by_paper, last))
    before = set(_introduced_before(window, by_paper))
    return [
        _candidate(rows, last.get(paper, {}), standing[paper], fresh=paper not in before)
        for paper, rows in by_paper.items()
    ]


def _candidate(
    rows: list[_Row], votes: Mapping[int, int], standing: float, *, fresh: bool
) -> Candidate:
    first = rows[0]
    told, withheld = _told(rows)
    return Candidate(
        paper_id=first.paper,
        key=first.arxiv_id or first.title_key,
        votes=max(votes.values(), default=None),
        source_count=len({_voice(row) for row in rows}),
        best_rank=min(row.rank for row in rows),
        standing=standing,
        told=told,
        withheld=withheld,
        fresh=fresh,
    )


def _voice(row: _Row) -> Hashable:
    return voice_of(row.source, None, row.format)


def _told(rows: Iterable[_Row]) -> tuple[Told, Withheld]:
    rows = list(rows)
    return told_by(
        [
            Offer(tuple(Section(**one) for one in row.sections), may_be_mailed=row.may_be_mailed)
            for row in rows
        ],
        abstract=any(row.abstract for row in rows),
    )


def listed_in(window: Window) -> QuerySet[Summary]:
    """Return what digests wrote in ``window``.

    A weekly digest speaks of its whole week; it lists its papers on no single day of it.
    What an editor calls no paper is none.
    """
    listed = Summary.objects.filter(listed_on__range=(window.first_day, window.last_day))
    real = listed.exclude(verdict=Verdict.NO_PAPER)
    return real.exclude(digest__period_start__lt=window.first_day)


def _counts(
    by_paper: Mapping[int, list[_Row]], last: Mapping[int, Mapping[int, int]]
) -> Iterator[Count]:
    """Yield what every source counted of every paper, and which listed one without counting."""
    formats: dict[int, set[str]] = defaultdict(set)
    for rows in by_paper.values():
        for row in rows:
            formats[row.source].add(row.format)
    for paper, rows in by_paper.items():
        votes = last.get(paper, {})
        for source in {row.source for row in rows} | votes.keys():
            scale = scale_of(source, formats[source])
            yield Count(paper, source, scale, votes.get(source))


def _last_counts(papers: Iterable[int], cut_off: datetime) -> dict[int, dict[int, int]]:
    """Return, by paper and source, the last votes before ``cut_off``.

    Zeros are no votes where the import of their digest found that counting had failed.
    """
    observed = VoteObservation.objects.filter(paper__in=list(papers), observed_at__lt=cut_off)
    rows = list(
        observed.order_by("observed_at", "pk").values_list(
            "paper_id", "source_id", "value", "observed_at"
        )
    )
    failed = _failed_moments({(source, at) for _, source, value, at in rows if not value})
    last: dict[int, dict[int, int]] = defaultdict(dict)
    for paper, source, value, at in rows:
        if value or (source, at) not in failed:
            last[paper][source] = value
    return last


def _failed_moments(zeros: set[tuple[int, datetime]]) -> set[tuple[int, datetime]]:
    if not zeros:
        return set()
    digests = StoredDigest.objects.filter(
        source__in={source for source, _ in zeros},
        listed_on__gte=min(at for _, at in zeros).date() - timedelta(days=8),
    )
    return {
        (digest.source_id, digest.counted_at)
        for digest in digests.exclude(findings=[]).defer("raw", "text", "intro")
        if any(finding["code"] == VOTES_FAILED for finding in digest.findings)
    }


def _introduced_before(window: Window, papers: Iterable[int]) -> QuerySet[Summary, Any]:
    earlier = Summary.objects.filter(paper__in=list(papers), listed_on__lt=window.first_day)
    return earlier.values_list("paper_id", flat=True).distinct()


def _carried(window: Window) -> QuerySet[Any, Any]:
    """Papers that readers of this cadence were sent in an earlier issue, or will be: it is approved."""
    earlier = IssueItem.objects.filter(
        issue__cadence=window.cadence,
        issue__window_start__lt=window.start,
        issue__state__in=SETTLED,
        hidden=False,
    )
    return earlier.values("paper")
