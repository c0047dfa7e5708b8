"""Reads what the gate has to know beside an issue: its past, its sources, its papers' fate."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import replace

from django.conf import settings
from django.db.models import F

from newsletter.collect.models import Source, StoredDigest
from newsletter.common.calendar import quiet_days
from newsletter.issues.candidates import survey
from newsletter.issues.drafting import window_of
from newsletter.issues.known import DOUBTFUL, AtHand, Background, Doubt
from newsletter.issues.models import Issue, IssueItem
from newsletter.issues.ranking import Candidate, Told, Withheld
from newsletter.issues.states import SETTLED, IssueState
from newsletter.papers.models import Summary
from newsletter.papers.titles import are_two_papers

# A source that was in this many issues in a row is expected in the next.
_ALWAYS = 3
# An id that was looked up by a title which is not the same to the letter.
_SURE = 1.0


def background(issue: Issue) -> Background:
    """Return what is known around ``issue``."""
    before = list(
        Issue.objects.filter(cadence=issue.cadence, window_start__lt=issue.window_start)
        .exclude(state=IssueState.CANCELLED)
        .order_by("-window_start")[:_ALWAYS]
    )
    return Background(
        minimum_papers=settings.MINIMUM_PAPERS,
        least_told=settings.LEAST_TOLD_PERCENT,
        earlier=_papers_before(issue) if before else frozenset(),
        absent_sources=_absent(issue, before),
        withdrawn=_withdrawn(issue),
        unsure_ids=_unsure(issue),
        other_titles=_other_titles(issue),
        doubts=_doubts(issue),
        at_hand=at_hand(issue),
        carried=_carried(issue),
    )


def at_hand(issue: Issue) -> AtHand:
    """Return what could still be taken into a draft, or be unlocked for it."""
    if issue.state != IssueState.DRAFT:
        return AtHand()
    window = window_of(issue)
    seen = survey(window)
    inside = set(issue.items.values_list("paper_id", flat=True))
    outside = [one for one in seen.candidates if one.paper_id not in inside]
    return AtHand(
        candidates=len(seen.candidates),
        failed=sum(one.withheld is Withheld.FAILED for one in seen.candidates),
        strays=seen.strays,
        korean=sum(one.told is Told.KOREAN for one in outside),
        unconfirmed=seen.unconfirmed,
        forbidden=sum(one.withheld is Withheld.FORBIDDEN for one in seen.candidates),
        most_voted=_most_voted(seen.candidates, inside),
        refresh=f"newsletter assemble {window.cadence} --for {window.first_day} --refresh",
    )


def _most_voted(found: Iterable[Candidate], inside: Collection[int]) -> str:
    """Return the title of the paper whose votes stand above all others, where it is left out."""
    counted = [one for one in found if one.votes is not None]
    best = max(counted, key=lambda one: (one.standing, one.votes or 0, one.key), default=None)
    return "" if best is None or best.paper_id in inside else best.title


def _carried(issue: Issue) -> dict[str, str]:
    """Return which of its papers another issue of this cadence carries, or will: it is approved."""
    others = IssueItem.objects.filter(
        issue__cadence=issue.cadence,
        issue__state__in=SETTLED,
        hidden=False,
        paper__in=issue.items.filter(hidden=False).values("paper"),
    ).exclude(issue=issue)
    rows = others.values_list("paper__arxiv_id", "paper__title", "issue__slug")
    return {arxiv_id or title: slug for arxiv_id, title, slug in rows}


def _papers_before(issue: Issue) -> frozenset[str]:
    """Return the papers of the last issue that readers got or will get."""
    settled = Issue.objects.filter(cadence=issue.cadence, state__in=SETTLED)
    last = settled.filter(window_start__lt=issue.window_start).order_by("-window_start")[:1]
    shown = IssueItem.objects.filter(hidden=False, issue=last.values("pk"))
    shown = shown.annotate(arxiv=F("paper__arxiv_id"))
    return frozenset(shown.exclude(arxiv=None).values_list("arxiv", flat=True))


def _absent(issue: Issue, before: list[Issue]) -> tuple[str, ...]:
    """Return the sources that are missing; on days of rest, nobody is missed."""
    if len(before) < _ALWAYS or not _has_working_day(issue):
        return ()
    always = set.intersection(*[_sources(one) for one in before]) - _sources(issue)
    names = Source.objects.filter(pk__in=always, enabled=True).order_by("name")
    return tuple(names.values_list("name", flat=True))


def _has_working_day(issue: Issue) -> bool:
    window = window_of(issue)
    days = (window.last_day - window.first_day).days + 1
    return len(quiet_days(window.first_day, window.last_day)) < days


def _sources(issue: Issue) -> set[int]:
    window = window_of(issue)
    days = (window.first_day, window.last_day)
    listed = StoredDigest.objects.filter(listed_on__range=days)
    return set(listed.values_list("source_id", flat=True))


def _doubts(issue: Issue) -> tuple[Doubt, ...]:
    """Return what the imports of the window found, once for each source and code."""
    window = window_of(issue)
    listed = StoredDigest.objects.filter(listed_on__range=(window.first_day, window.last_day))
    # A weekly digest speaks of no single day.
    listed = listed.exclude(period_start__lt=window.first_day)
    told = listed.exclude(findings=[]).values_list("source__name", "findings")
    found = [
        Doubt(one["code"], name, one["ko"], one["en"])
        for name, findings in told
        for one in findings
        if one["code"] in DOUBTFUL
    ]
    times = Counter((one.source, one.code) for one in found)
    first = {(one.source, one.code): one for one in reversed(found)}
    return tuple(replace(first[key], times=times[key]) for key in sorted(first))


def _withdrawn(issue: Issue) -> frozenset[str]:
    taken_back = issue.items.exclude(paper__withdrawn_at=None).select_related("paper")
    return frozenset(item.paper.arxiv_id or "" for item in taken_back)


def _unsure(issue: Issue) -> frozenset[str]:
    looked_up = issue.items.filter(paper__id_confidence__lt=_SURE).select_related("paper")
    return frozenset(item.paper.arxiv_id or "" for item in looked_up)


def _other_titles(issue: Issue) -> dict[str, str]:
    """Return titles that digests gave to an id and that are not at all that paper's."""
    told = Summary.objects.filter(
        paper__in=issue.items.values("paper"), paper__arxiv_id__isnull=False
    ).values_list("paper__arxiv_id", "paper__title", "title")
    return {arxiv_id or "": title for arxiv_id, own, title in told if are_two_papers(own, title)}
