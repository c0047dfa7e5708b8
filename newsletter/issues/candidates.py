"""Reads what an issue could hold: the papers listed in its window, with votes at its cut-off.

The number of statements does not depend on the number of papers.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import QuerySet

from newsletter.collect.digests.digest import Section
from newsletter.collect.models import StoredDigest
from newsletter.collect.voices import voices
from newsletter.issues.kinship import Subject, strays
from newsletter.issues.known import VOTES_FAILED
from newsletter.issues.models import IssueItem
from newsletter.issues.ranking import Candidate, Withheld
from newsletter.issues.standing import Count, scale_of, standings
from newsletter.issues.states import SETTLED
from newsletter.issues.telling import Offer, is_closed_korean, sound_text, told_by
from newsletter.issues.term_base import term_base
from newsletter.issues.window import Window
from newsletter.papers.models import Summary, Verdict, VoteObservation

_COLUMNS = (
    "paper_id", "paper__arxiv_id", "paper__title_key", "paper__title", "paper__title_ko",
    "paper__abstract", "source_id", "source__name", "source__slug", "source__derived_from_id", "source__may_be_mailed", "source__confirmed_at", "digest__format",
    "rank", "sections",
)  # fmt: skip


class _Row(NamedTuple):
    """What one digest of the window wrote of one paper: :data:`_COLUMNS`."""

    paper: int
    arxiv_id: str | None
    title_key: str
    title: str
    title_ko: str
    abstract: str
    source: int
    source_name: str
    source_slug: str
    derived_from: int | None
    may_be_mailed: bool
    confirmed_at: datetime | None
    format: str
    rank: int
    sections: list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class Survey:
    """What the digests of a window offer to an issue."""

    candidates: tuple[Candidate, ...]
    strays: Mapping[str, tuple[int, int]]
    """By the name of a source: how many of its texts are about another paper, and of how many."""
    unconfirmed: Mapping[str, int]
    """By the slug of a source whose terms nobody confirmed: how many papers only it tells in Korean."""


def candidates(window: Window) -> list[Candidate]:
    """Return the papers that digests listed in ``window`` and no issue of its kind has carried."""
    return list(survey(window).candidates)


def survey(window: Window) -> Survey:
    """Return the candidates of ``window``, and what is to be said of the sources that offer them."""
    listed = listed_in(window).exclude(paper__in=_carried(window))
    listed = listed.filter(paper__withdrawn_at=None)
    by_paper: dict[int, list[_Row]] = defaultdict(list)
    for row in listed.values_list(*_COLUMNS):
        by_paper[row[0]].append(_Row(*row))
    last = _last_counts(by_paper, window.end)
    standing = standings(_counts(by_paper, last))
    before = set(_introduced_before(window, by_paper))
    offers = {paper: [_offer(row) for row in rows] for paper, rows in by_paper.items()}
    found = [
        _candidate(
            rows, offers[paper], last.get(paper, {}), standing[paper], fresh=paper not in before
        )
        for paper, rows in by_paper.items()
    ]
    return Survey(tuple(found), _strays(by_paper, offers), _unconfirmed(found, by_paper, offers))


def _candidate(
    rows: Sequence[_Row],
    offers: Sequence[Offer],
    votes: Mapping[int, int],
    standing: float,
    *,
    fresh: bool,
) -> Candidate:
    first = rows[0]
    told, withheld = told_by(offers, abstract=bool(first.abstract and first.arxiv_id))
    return Candidate(
        paper_id=first.paper,
        key=first.arxiv_id or first.title_key,
        votes=max(votes.values(), default=None),
        source_count=len(voices((row.source, row.derived_from, row.format) for row in rows)),
        best_rank=min(row.rank for row in rows),
        standing=standing,
        told=told,
        withheld=withheld,
        fresh=fresh,
        title=first.title,
    )


def _offer(row: _Row) -> Offer:
    sections = tuple(Section(**one) for one in row.sections)
    subject = Subject(row.title, row.title_ko, row.abstract)
    return Offer(
        sections,
        may_be_mailed=row.may_be_mailed,
        is_confirmed=row.confirmed_at is not None,
        # An error sentence that names the title must not vouch for the rest.
        is_stray=strays(sound_text(sections), subject, term_base()),
    )


def _strays(
    by_paper: Mapping[int, Sequence[_Row]], offers: Mapping[int, Sequence[Offer]]
) -> dict[str, tuple[int, int]]:
    texts: Counter[str] = Counter()
    stray: Counter[str] = Counter()
    for paper, rows in by_paper.items():
        for row, offer in zip(rows, offers[paper], strict=True):
            texts[row.source_name] += bool(offer.sections)
            stray[row.source_name] += offer.is_stray
    return {name: (number, texts[name]) for name, number in stray.items() if number}


def _unconfirmed(
    found: Iterable[Candidate],
    by_paper: Mapping[int, Sequence[_Row]],
    offers: Mapping[int, Sequence[Offer]],
) -> dict[str, int]:
    waiting: Counter[str] = Counter()
    for one in found:
        if one.withheld is Withheld.UNCONFIRMED:
            pairs = zip(by_paper[one.paper_id], offers[one.paper_id], strict=True)
            waiting.update({row.source_slug for row, offer in pairs if is_closed_korean(offer)})
    return dict(sorted(waiting.items(), key=lambda pair: (-pair[1], pair[0])))


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
    sources = {row.source for rows in by_paper.values() for row in rows}
    formats = _formats(sources.union(*last.values()))
    for paper, rows in by_paper.items():
        votes = last.get(paper, {})
        for source in {row.source for row in rows} | votes.keys():
            scale = scale_of(source, formats[source])
            yield Count(paper, source, scale, votes.get(source))


def _formats(sources: Iterable[int]) -> dict[int, set[str]]:
    """Return in which formats each source has ever spoken: they tell what it counts."""
    spoken = StoredDigest.objects.filter(source__in=list(sources))
    formats: dict[int, set[str]] = defaultdict(set)
    for source, name in spoken.values_list("source_id", "format").order_by().distinct():
        formats[source].add(name)
    return formats


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
