"""Asks arXiv for what digests lack: abstract, authors, categories, versions, withdrawals, ids.

A paper goes by arXiv's own title from then on, and its authors stand in arXiv's order: a
digest may list them in any. The title that a digest gave stays beside it, so that an id
and a title which do not belong together can be seen. An id that is
looked up by title carries the confidence with which it was found, and is taken
only from :data:`CONFIDENT` on.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import SequenceMatcher

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet

from newsletter.collect.sources import arxiv
from newsletter.collect.sources.adapter import Visit
from newsletter.collect.sources.arxiv import ArxivPaper
from newsletter.common.findings import Finding
from newsletter.papers.identity import WITHOUT_TITLE, title_key
from newsletter.papers.models import ARXIV, Paper
from newsletter.papers.register import merge
from newsletter.papers.titles import agreed

CONFIDENT = 0.95
_MOST = 200
_MOST_TITLES = 20
# A withdrawal comes in the first days, while an issue may still be mended.
_WATCHED = timedelta(days=14)
_ASK_AGAIN = timedelta(hours=20)
_SHORTEST_KEY = 15
_FIELDS = [
    "title", "title_key", "arxiv_title", "abstract", "authors", "categories", "version", "comment",
    "published_at", "withdrawn_at", "withdrawn_by", "facts_at", "facts_asked_at",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Filled:
    """What one round with arXiv brought."""

    filled: int
    missing: tuple[str, ...]
    """Ids that were asked for and did not come; the index lags by a day."""
    withdrawn: tuple[str, ...]
    identified: tuple["Match", ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """An id found by title, and how sure it is: 1.0 is the same title."""

    title: str
    arxiv_id: str
    confidence: float


def fill(visit: Visit, now: datetime) -> Filled:
    """Ask for the papers that lack facts or may have been withdrawn; write what arXiv says."""
    identified = tuple(_identify(visit, now))
    asked = tuple(paper.arxiv_id for paper in _due(now)[:_MOST] if paper.arxiv_id)
    answer = arxiv.facts_of(asked, visit, now, api=settings.ARXIV_API_URL)
    known = {told.arxiv_id: told for told in answer.papers}
    return Filled(
        filled=len(known.keys() & set(asked)),
        missing=tuple(key for key in asked if key not in known),
        withdrawn=_write(asked, known, now),
        identified=identified,
        findings=answer.findings,
    )


@transaction.atomic
def _write(asked: Sequence[str], known: Mapping[str, ArxivPaper], now: datetime) -> tuple[str, ...]:
    """Write what arXiv told, and return which papers it has withdrawn since.

    The rows are read now: while arXiv was asked, for minutes perhaps, others wrote to them.
    """
    rows = Paper.objects.select_for_update().filter(arxiv_id__in=asked)
    papers = {paper.arxiv_id or "": paper for paper in rows.order_by("pk")}
    before = {key for key, paper in papers.items() if paper.withdrawn_at}
    for key, paper in papers.items():
        _learn(paper, known.get(key), now)
    Paper.objects.bulk_update(papers.values(), _FIELDS)
    return tuple(sorted({key for key, one in papers.items() if one.withdrawn_at} - before))


def match(title: str, offers: Iterable[ArxivPaper]) -> Match | None:
    """Return the offered paper whose title is nearest to this one, with its confidence."""
    key = title_key(title)
    rated = [(_likeness(key, title_key(offer.title)), offer) for offer in offers]
    confidence, best = max(rated, key=lambda pair: pair[0], default=(0.0, None))
    return Match(title, best.arxiv_id, round(confidence, 3)) if best else None


def _likeness(ours: str, theirs: str) -> float:
    if ours == theirs and ours:
        return 1.0
    # "MoA 2" and "MoA 3" are nearly alike and two papers: numbers and short titles must agree.
    if min(len(ours), len(theirs)) < _SHORTEST_KEY or _digits(ours) != _digits(theirs):
        return 0.0
    return SequenceMatcher(None, ours, theirs, autojunk=False).ratio()


def _digits(key: str) -> str:
    return "".join(filter(str.isdigit, key))


def _due(now: datetime) -> QuerySet[Paper]:
    """Papers with an id that arXiv has never told of, then the recent ones that were not asked for today."""
    rested = Q(facts_asked_at=None) | Q(facts_asked_at__lte=now - _ASK_AGAIN)
    wanted = Q(facts_at=None) | Q(first_seen_at__gte=now - _WATCHED)
    papers = Paper.objects.filter(rested, wanted, arxiv_id__isnull=False)
    return papers.order_by(F("facts_at").asc(nulls_first=True), "-first_seen_at", "pk")


def _learn(paper: Paper, told: ArxivPaper | None, now: datetime) -> None:
    paper.facts_asked_at = now
    if told is None:
        return
    paper.facts_at = now
    if told.title:
        paper.title, paper.arxiv_title = agreed((), arxiv_title=told.title), told.title[:500]
        paper.title_key = title_key(paper.title)
    paper.abstract = paper.abstract or told.abstract
    paper.authors = list(told.authors) or paper.authors
    paper.categories = list(told.categories)
    paper.version = told.version
    paper.comment = told.comment[:1000]
    paper.published_at = told.published
    if told.withdrawn and paper.withdrawn_at is None:
        paper.withdrawn_at, paper.withdrawn_by = now, ARXIV
    if not told.withdrawn and paper.withdrawn_by == ARXIV:
        paper.withdrawn_at, paper.withdrawn_by = None, ""


def _identify(visit: Visit, now: datetime) -> Sequence[Match]:
    """Find the ids of papers whose digest has lost its links; keep only what is sure."""
    rested = Q(facts_asked_at=None) | Q(facts_asked_at__lte=now - _ASK_AGAIN)
    named = Paper.objects.filter(rested, arxiv_id=None).exclude(title_key__startswith=WITHOUT_TITLE)
    lost = named.order_by("-first_seen_at", "pk")
    found = []
    for paper in lost[:_MOST_TITLES]:
        offers = arxiv.titled(paper.title, visit, now, api=settings.ARXIV_API_URL)
        nearest = match(paper.title, offers)
        if nearest and nearest.confidence >= CONFIDENT and _give_id(paper, nearest):
            found.append(nearest)
        # Whoever stays without an id rests, so that others are asked for.
        Paper.objects.filter(pk=paper.pk, arxiv_id=None).update(facts_asked_at=now)
    return found


@transaction.atomic
def _give_id(paper: Paper, found: Match) -> bool:
    """Write the id that was found; where another row has it already, the two are one paper.

    Tell whether that was done: a row that an issue shows cannot become one with another.
    """
    known = Paper.objects.filter(arxiv_id=found.arxiv_id).first()
    if known:
        return merge(paper, known)
    nameless = Paper.objects.filter(pk=paper.pk, arxiv_id=None)
    return bool(nameless.update(arxiv_id=found.arxiv_id, id_confidence=found.confidence))
