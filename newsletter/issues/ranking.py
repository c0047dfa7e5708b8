"""In which order an issue shows its papers, and why each one is there. Pure.

The rule, stated: what an editor pinned comes first; then votes at the cut-off,
the highest of the sources' last counts; then the number of digests that
introduced the paper; then its best place in any of them; then its id, so that
equals never change places.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Candidate:
    """A paper that could be in an issue, with what ranking needs to know of it."""

    paper_id: int
    key: str
    votes: int | None
    source_count: int
    best_rank: int
    pinned: bool = False


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate with its place, from 1."""

    candidate: Candidate
    position: int

    @property
    def reason_ko(self) -> str:
        """Why it has this place, in Korean."""
        parts = ["편집자 고정"] if self.candidate.pinned else []
        if self.candidate.votes is not None:
            parts.append(f"추천 {self.candidate.votes:,}")
        parts.append(f"{self.candidate.source_count}곳에서 소개")
        return " · ".join(parts)

    @property
    def reason_en(self) -> str:
        """Why it has this place, in English."""
        parts = ["pinned by the editor"] if self.candidate.pinned else []
        if self.candidate.votes is not None:
            parts.append(f"{self.candidate.votes:,} {_plural(self.candidate.votes, 'vote')}")
        count = self.candidate.source_count
        parts.append(f"introduced by {count} {_plural(count, 'digest')}")
        return " · ".join(parts)


def rank(candidates: Iterable[Candidate], limit: int) -> list[Ranked]:
    """Return at most ``limit`` candidates in their order; pinned ones are never cut."""
    ordered = sorted(candidates, key=_order)
    pinned = sum(candidate.pinned for candidate in ordered)
    return [
        Ranked(candidate, position)
        for position, candidate in enumerate(ordered[: max(limit, pinned)], 1)
    ]


def _order(candidate: Candidate) -> tuple[bool, int, int, int, str]:
    votes = -1 if candidate.votes is None else candidate.votes
    return (
        not candidate.pinned,
        -votes,
        -candidate.source_count,
        candidate.best_rank,
        candidate.key,
    )


def _plural(count: int, noun: str) -> str:
    return noun if count == 1 else noun + "s"
