"""Reads what the gate has to know beside an issue: its past, its sources, its papers' fate."""

from django.conf import settings
from django.db.models import F

from newsletter.collect.models import Source, StoredDigest
from newsletter.common.calendar import quiet_days
from newsletter.issues.drafting import window_of
from newsletter.issues.known import Background
from newsletter.issues.models import Issue, IssueItem
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
        earlier=_papers_before(issue) if before else frozenset(),
        absent_sources=_absent(issue, before),
        withdrawn=_withdrawn(issue),
        unsure_ids=_unsure(issue),
        other_titles=_other_titles(issue),
    )


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
