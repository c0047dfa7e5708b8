"""By which title a paper goes: the one that those who told of it agree on. Pure.

1. arXiv's own title, where it is known.
2. Else the title that most sources gave. A source has one vote, for the title that
   it told last; titles that differ in signs and case alone are one title. One that
   was cut off ("…") counts for the fuller one that it begins. Where two have as
   many votes, a whole title comes before a cut one, then the one that was told first.
   A Korean title has a vote only where nobody told another.
3. Else the title that the paper has already.

What is no title has no vote and is never chosen: words that head a section or stand on a
button ("Abstract", "arXiv Links"), numbers, ids, addresses, error sentences, broken letters.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from newsletter.collect.digests import links
from newsletter.collect.digests.failures import failure_in, gap_in
from newsletter.collect.digests.prose import has_hangul
from newsletter.collect.digests.section_words import is_section
from newsletter.collect.tex import plain
from newsletter.common.broken_letters import is_broken
from newsletter.papers.identity import title_key

_LONGEST = 500
_SAME_TITLE = 0.5
_ID = re.compile(
    r"(?:arxiv\W{0,3})?(?:\d{4}\.\d{4,5}|[a-z-]{2,20}(?:\.[a-z]{2})?/\d{7})(?:v\d{1,2})?",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"(?:[a-z]{2,10}://|www\.|doi:|10\.\d{4,9}/)\S*", re.IGNORECASE)
_AROUND = " \t\"'“”‘’()[]<>.,:*_`#"
_CUT = ("…", "...")


@dataclass(frozen=True, slots=True)
class Told:
    """A title that a source gave to a paper."""

    source: int
    title: str


def agreed(told: Sequence[Told], *, arxiv_title: str = "", own: str = "") -> str:
    """Return the title of a paper: by arXiv, by what was ``told`` in this order, or its ``own``.

    Empty where nobody has told one.
    """
    if arxiv_title.strip():
        return plain(arxiv_title)[:_LONGEST]
    told = [one for one in told if is_title(one.title)]
    # A translation stands beside the title, and never in its place where that is known.
    told = [one for one in told if not has_hangul(one.title)] or told
    if not told:
        return own if is_title(own) else ""
    spelled: dict[str, str] = {}
    for one in sorted(told, key=lambda one: _is_cut(one.title)):
        spelled.setdefault(key_of(one.title), one.title)
    votes = Counter({one.source: key_of(one.title) for one in told}.values())
    _give_to_fuller(spelled, votes)
    return spelled[max(spelled, key=lambda key: votes[key])]


def is_title(words: str) -> bool:
    """Tell whether these words can be the title of a paper."""
    return bool(key_of(words))


@lru_cache(maxsize=1_000)  # asked again and again while one file is taken in
def key_of(words: str) -> str:
    """Return by what a paper of this title is found; empty where the words are no title."""
    bare = words.strip(_AROUND)
    key = title_key(words)
    if not key or key.isdecimal() or _ID.fullmatch(bare) or _ADDRESS.fullmatch(bare):
        return ""
    if links.arxiv_id(bare) and not re.search(r"\s", bare):
        return ""
    if is_section(words) or is_broken(words) or failure_in(words) or gap_in(words):
        return ""
    return key


def are_two_papers(title: str, other: str) -> bool:
    """Tell whether two titles are so unlike that they must be of two papers.

    A title and the beginning of it are alike; Korean and English cannot be compared.
    """
    one, two = key_of(title), key_of(other)
    if not (one and two) or has_hangul(title) != has_hangul(other):
        return False
    if one.startswith(two) or two.startswith(one):
        return False
    return SequenceMatcher(None, one, two, autojunk=False).ratio() < _SAME_TITLE


def _is_cut(title: str) -> bool:
    return title.rstrip(" ])\"'”’").endswith(_CUT)


def _give_to_fuller(spelled: dict[str, str], votes: Counter[str]) -> None:
    """Take out each title that was cut off where a fuller one is known, which gets its votes."""
    for cut in sorted((key for key in spelled if _is_cut(spelled[key])), key=len):
        fuller = [key for key in spelled if key.startswith(cut) and key != cut]
        if fuller:
            del spelled[cut]
            votes[max(fuller, key=lambda key: votes[key])] += votes.pop(cut, 0)
