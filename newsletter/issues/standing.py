"""Brings the votes of different sources on one scale. Pure.

Most digests tell the votes of Hugging Face, so their numbers can be compared as they
are; a forum's points or a blog's likes cannot. Votes that count the same thing make one
scale. On it a paper stands where its votes stand among those of the window: the share of
papers that it leaves behind, equals counted half (what SciPy's ``percentileofscore`` calls
``mean``), so that a forum's thousand points do not drown a Hugging Face vote.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass

from newsletter.collect.digests.digest import Format, Listing
from newsletter.issues.ranking import MIDDLE

HUGGING_FACE = "hugging-face"
_TELL_HUGGING_FACE = frozenset[str](
    (
        Format.TOP5,
        Format.HF_RANKING,
        Format.WTP,
        Format.IMRLC,
        Listing.HF_WEEKLY_TXT,
        Listing.HF_RANKING_JSON,
        Listing.KO_FENCED,
        Listing.KO_JSON,
        Listing.PDA_DAILY,
        Listing.HF_API,
    )
)


@dataclass(frozen=True, slots=True)
class Count:
    """What one source counted of one paper; ``None`` where it told no number."""

    paper_id: int
    source_id: int
    scale: Hashable
    votes: int | None


def scale_of(source_id: int, formats: Iterable[str]) -> Hashable:
    """Return what a source counts: the votes of Hugging Face, or votes of its own."""
    return HUGGING_FACE if _TELL_HUGGING_FACE.intersection(formats) else source_id


def standings(counts: Iterable[Count]) -> dict[int, float]:
    """Return where the votes of each paper stand, from 0 to 1: the best of its scales.

    A paper without any number stands in the middle where one of its sources counts nothing,
    and below all others where its sources count and told none of it.
    """
    known = list(counts)
    counting = {count.source_id for count in known if count.votes is not None}
    scales: dict[Hashable, dict[int, int]] = defaultdict(dict)
    for count in known:
        if count.votes is not None:
            votes = scales[count.scale]
            votes[count.paper_id] = max(count.votes, votes.get(count.paper_id, 0))
    best: dict[int, float] = {}
    for votes in scales.values():
        for paper, standing in _on_one(votes).items():
            best[paper] = max(standing, best.get(paper, 0.0))
    uncounted = {one.paper_id for one in known if one.source_id not in counting}
    return {one.paper_id: MIDDLE if one.paper_id in uncounted else 0.0 for one in known} | best


def _on_one(votes: Mapping[int, int]) -> dict[int, float]:
    ordered = sorted(votes.values())
    return {
        paper: (bisect_left(ordered, value) + bisect_right(ordered, value)) / (2 * len(ordered))
        for paper, value in votes.items()
    }
