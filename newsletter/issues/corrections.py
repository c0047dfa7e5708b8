"""What an issue has to take back: papers that earlier issues carried and that were withdrawn since.

Each is told once in each cadence, by the next issue that leaves, however long
the quiet between the two was. Where there are more than a mail has room for,
the issue after it goes on.
"""

from collections.abc import Iterable

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from newsletter.issues.content import Correction
from newsletter.issues.models import Issue, IssueItem
from newsletter.issues.states import BEGUN

MOST = 5


def owed(issue: Issue) -> tuple[Correction, ...]:
    """Return what this issue should take back, the longest owed first."""
    told = _owed(issue).select_related("paper", "issue").order_by("issue__window_start", "position")
    return tuple(
        Correction(item.paper.title, item.paper.arxiv_id or "", item.issue.slug)
        for item in told[:MOST]
    )


def mark_told(issue: Issue, told: Iterable[Correction]) -> None:
    """Remember that this issue takes these back, so that no later one does."""
    for one in told:
        paper = Q(paper__arxiv_id=one.arxiv_id) if one.arxiv_id else Q(paper__title=one.title)
        _owed(issue).filter(paper, issue__slug=one.issue).update(taken_back_in=issue.slug)


def mark_untold(issue: Issue) -> None:
    """Leave them to another issue: this one is a draft again, or will never leave."""
    IssueItem.objects.filter(taken_back_in=issue.slug).update(taken_back_in="")


def _owed(issue: Issue) -> QuerySet[IssueItem]:
    # What was withdrawn before an issue was frozen had been dropped from it.
    frozen_at = Coalesce(F("issue__approved_at"), F("issue__window_end"))
    carried = IssueItem.objects.filter(
        hidden=False,
        issue__cadence=issue.cadence,
        issue__state__in=BEGUN,
        issue__window_start__lt=issue.window_start,
        paper__withdrawn_at__gte=frozen_at,
    )
    return carried.filter(Q(taken_back_in="") | Q(taken_back_in=issue.slug))
