"""Reads what an issue could hold: the papers listed in its window, with votes at its cut-off.

Two statements, whatever the number of papers.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from newsletter.issues.models import IssueItem
from newsletter.issues.ranking import Candidate
from newsletter.issues.states import SETTLED
from newsletter.issues.window import Window
from newsletter.papers.models import Summary, VoteObservation


def candidates(window: Window) -> list[Candidate]:
    """Return the papers that digests listed in ``window`` and no issue of its kind has carried."""
    rows = (
        listed_in(window)
        .exclude(paper__in=_carried(window))
        .values_list("paper_id", "paper__arxiv_id", "paper__title_key", "source_id", "rank")
    )
    sources: dict[int, set[int]] = defaultdict(set)
    ranks: dict[int, int] = {}
    keys: dict[int, str] = {}
    for paper, arxiv_id, title_key, source, rank in rows:
        sources[paper].add(source)
        ranks[paper] = min(rank, ranks.get(paper, rank))
        keys[paper] = arxiv_id or title_key
    votes = votes_at(keys, window.end)
    return [
        Candidate(paper, key, votes.get(paper), len(sources[paper]), ranks[paper])
        for paper, key in keys.items()
    ]


def listed_in(window: Window) -> QuerySet[Summary]:
    """Return what digests wrote in ``window``.

    A weekly digest speaks of its whole week; it lists its papers on no single day of it.
    """
    listed = Summary.objects.filter(listed_on__range=(window.first_day, window.last_day))
    return listed.exclude(digest__period_start__lt=window.first_day)


def votes_at(papers: Iterable[int], cut_off: datetime) -> dict[int, int]:
    """Return the votes of each paper before ``cut_off``: the highest of its sources' last counts."""
    last: dict[tuple[int, int], int] = {}
    observed = VoteObservation.objects.filter(paper__in=list(papers), observed_at__lt=cut_off)
    for paper, source, value in observed.order_by("observed_at", "pk").values_list(
        "paper_id", "source_id", "value"
    ):
        last[paper, source] = value
    highest: dict[int, int] = {}
    for (paper, _), value in last.items():
        highest[paper] = max(value, highest.get(paper, value))
    return highest


def _carried(window: Window) -> QuerySet[Any, Any]:
    """Papers that readers of this cadence were sent in an earlier issue, or will be: it is approved."""
    earlier = IssueItem.objects.filter(
        issue__cadence=window.cadence,
        issue__window_start__lt=window.start,
        issue__state__in=SETTLED,
        hidden=False,
    )
    return earlier.values("paper")
