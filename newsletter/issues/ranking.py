"""Which papers an issue shows, in which order, and what those it leaves out lacked. Pure.

The rule, stated (``docs/ranking.md`` tells why, with real weeks):

1. What an editor pinned comes first and is never cut.
2. A paper that can be told in Korean, in words that may be mailed, comes before one that
   cannot. Of the others, told in English before not told at all, an issue takes no more
   than it has papers told in Korean: then it can leave as it is. Where none is told in
   Korean it takes what there is, and the gate says so.
3. Within each of these, points decide: votes up to 70 (:mod:`newsletter.issues.standing`),
   each further independent digest 10, up to 20, and 10 for a paper that nobody introduced
   before this window.
4. Then its best place in any digest; then its id, so that equals never change places.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum

VOTES, EACH_VOICE, ALL_VOICES, FRESH = 70, 10, 20, 10
# A paper of which no source counts votes stands in the middle of those that are counted.
MIDDLE = 0.5


class Told(IntEnum):
    """How a paper can be told in words that may be mailed; more is better."""

    NOT = 0
    ENGLISH = 1
    KOREAN = 2


class Withheld(StrEnum):
    """Why a text that somebody wrote of a paper cannot be shown; empty where none is held back."""

    NOTHING = ""
    FAILED = "failed"
    """It holds nothing but error sentences or broken characters."""
    STRAY = "stray"
    """It is about another paper (:mod:`newsletter.issues.kinship`)."""
    FORBIDDEN = "forbidden"
    """The licence of its source does not allow mailing."""
    UNCONFIRMED = "unconfirmed"
    """Nobody has confirmed on what terms its source may be used."""


class Lack(StrEnum):
    """What a candidate lacked that an issue leaves out."""

    POINTS = "points"
    KOREAN = "korean"
    TEXT = "text"
    SOUND_TEXT = "sound_text"
    OWN_TEXT = "own_text"
    LEAVE = "leave"
    CONFIRMATION = "confirmation"


@dataclass(frozen=True, slots=True)
class Weighed:
    """The points of a paper, by what earned them."""

    votes: int
    voices: int
    fresh: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """A paper that could be in an issue, with what ranking needs to know of it."""

    paper_id: int
    key: str
    votes: int | None
    source_count: int
    """How many independent digests introduced it."""
    best_rank: int
    standing: float = MIDDLE
    """Where its votes stand among those that were counted alike: 0 below all, 1 above all."""
    told: Told = Told.KOREAN
    withheld: Withheld = Withheld.NOTHING
    """Why a Korean text, where there is one, cannot be shown."""
    fresh: bool = True
    """Whether no digest introduced it before this window."""
    title: str = ""
    pinned: bool = False
    hidden: bool = False
    """Whether an editor left it out of the issue that is ranked; then it takes nobody's room."""

    @property
    def weighed(self) -> Weighed:
        """Its points, by what earned them."""
        further = max(0, self.source_count - 1)
        return Weighed(
            votes=round(VOTES * self.standing),
            voices=min(EACH_VOICE * further, ALL_VOICES),
            fresh=FRESH * self.fresh,
        )

    @property
    def points(self) -> int:
        """Its weight among papers that are told alike, from 0 to 100."""
        weighed = self.weighed
        return weighed.votes + weighed.voices + weighed.fresh

    @property
    def lack(self) -> Lack:
        """What it lacks beside those that an issue shows."""
        if self.told is Told.KOREAN:
            return Lack.POINTS
        if self.withheld is Withheld.NOTHING:
            return Lack.KOREAN if self.told is Told.ENGLISH else Lack.TEXT
        return _LACKS[self.withheld]


_LACKS = {
    Withheld.FAILED: Lack.SOUND_TEXT,
    Withheld.STRAY: Lack.OWN_TEXT,
    Withheld.FORBIDDEN: Lack.LEAVE,
    Withheld.UNCONFIRMED: Lack.CONFIRMATION,
}


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate with its place, from 1."""

    candidate: Candidate
    position: int


@dataclass(frozen=True, slots=True)
class Ranking:
    """The papers of an issue, and those it leaves out, both in their order."""

    placed: tuple[Ranked, ...]
    outside: tuple[Candidate, ...]


def rank(candidates: Iterable[Candidate], limit: int, *, least_told: int = 50) -> Ranking:
    """Return which candidates an issue of ``limit`` papers shows, and in which order.

    ``least_told`` is the share of papers, in percent, that must have a text to show. What is
    hidden keeps its place and takes no room.
    """
    ordered = sorted(candidates, key=_order)
    within = {one for one in ordered if one.hidden}
    within.update(_chosen([one for one in ordered if not one.hidden], limit, least_told))
    placed = [one for one in ordered if one in within]
    return Ranking(
        placed=tuple(Ranked(one, position) for position, one in enumerate(placed, 1)),
        outside=tuple(one for one in ordered if one not in within),
    )


def _chosen(ordered: Sequence[Candidate], limit: int, least_told: int) -> Iterable[Candidate]:
    """Return the pinned, then those told in Korean, then as many others as keep it publishable."""
    pinned = [one for one in ordered if one.pinned]
    free = [one for one in ordered if not one.pinned]
    korean = [one for one in free if one.told is Told.KOREAN]
    chosen = [*pinned, *korean[: max(0, limit - len(pinned))]]
    others = iter(one for one in free if one.told is not Told.KOREAN)
    any_korean = any(one.told is Told.KOREAN for one in chosen)
    while len(chosen) < limit and (other := next(others, None)):
        if any_korean and not _is_publishable([*chosen, other], least_told):
            break
        chosen.append(other)
    return chosen


def _is_publishable(chosen: Sequence[Candidate], least_told: int) -> bool:
    """Tell whether an issue of these papers is Korean enough, and has enough to read."""
    korean = sum(one.told is Told.KOREAN for one in chosen)
    told = sum(one.told is not Told.NOT for one in chosen)
    return korean * 2 >= len(chosen) and told * 100 >= least_told * len(chosen)


def _order(candidate: Candidate) -> tuple[bool, int, int, int, str]:
    return (
        not candidate.pinned,
        -candidate.told,
        -candidate.points,
        candidate.best_rank,
        candidate.key,
    )
