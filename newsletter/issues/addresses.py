"""Which addresses the drafts would show, so that somebody can ask whether they live."""

from dataclasses import dataclass

from newsletter.issues.candidates import listed_in
from newsletter.issues.drafting import window_of
from newsletter.issues.models import Issue
from newsletter.issues.states import IssueState

_NEWEST = 4


@dataclass(frozen=True, slots=True)
class Addresses:
    """The links and the pictures of some issues, each once."""

    links: frozenset[str]
    pictures: frozenset[str]


def of_drafts() -> Addresses:
    """Return the addresses of the newest drafts, also those that are left out now as dead."""
    links: set[str] = set()
    pictures: set[str] = set()
    for issue in Issue.objects.filter(state=IssueState.DRAFT).order_by("-window_end")[:_NEWEST]:
        papers = issue.items.filter(hidden=False).values("paper")
        told = listed_in(window_of(issue)).filter(paper__in=papers)
        for image, written in told.values_list("paper__image", "links"):
            links.update(link["url"] for link in written)
            pictures.update({image} - {""})
    return Addresses(frozenset(links), frozenset(pictures))
