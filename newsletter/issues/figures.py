"""What an item keeps of why it has its place: the figures that ranking weighed, and the readers' words."""

from dataclasses import asdict
from typing import Any

from newsletter.issues import reasons
from newsletter.issues.models import IssueItem
from newsletter.issues.ranking import Candidate, Told, Withheld

_KEPT = (
    "votes", "source_count", "best_rank", "standing", "told", "withheld", "fresh", "pinned",
)  # fmt: skip


def kept_of(candidate: Candidate) -> dict[str, Any]:
    """Return the ``reason`` of an item, as JSON."""
    words = reasons.for_readers(candidate)
    figures = {name: value for name, value in asdict(candidate).items() if name in _KEPT}
    return {"ko": words.ko, "en": words.en, **figures}


def candidate_of(item: IssueItem) -> Candidate | None:
    """Return the candidate that an item was; ``None`` where it was ranked by another rule, before."""
    kept = item.reason
    if not kept.keys() >= set(_KEPT):
        return None
    return Candidate(
        paper_id=item.paper_id,
        key="",
        votes=kept["votes"],
        source_count=kept["source_count"],
        best_rank=kept["best_rank"],
        standing=kept["standing"],
        told=Told(kept["told"]),
        withheld=Withheld(kept["withheld"]),
        fresh=kept["fresh"],
        pinned=item.pinned,
    )


def weight_of(item: IssueItem) -> tuple[int, int, int]:
    """Return how far up the rule puts an item: how it is told, its points, its votes."""
    votes = -1 if item.votes is None else item.votes
    candidate = candidate_of(item)
    return (candidate.told, candidate.points, votes) if candidate else (Told.NOT, 0, votes)


def pinned_or_not(item: IssueItem) -> dict[str, Any]:
    """Return what changes of the ``reason`` of an item once it is pinned, or is so no more."""
    words = reasons.for_readers(
        Candidate(0, "", item.votes, item.source_count, 0, pinned=item.pinned)
    )
    return {"ko": words.ko, "en": words.en, "pinned": item.pinned}
