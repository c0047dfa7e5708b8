"""Whether a text is about the paper that it stands beside. Pure.

A pipeline that has lost a paper's file still writes a text, about whatever it makes up. Such a
text reads well; only beside the paper it can be seen. So the words of the paper's title, and
of its abstract where it is known, are looked for in the text: as they are, or as they are said in
Korean (:class:`TermBase`). A text strays from its paper if

- none of the names in the title (GDPO, RL-AWB) stands in it, and
- it shares less than :data:`TITLE` of the title, common words counting little, and less than
  :data:`ABSTRACT` of the abstract; without an abstract, less than :data:`TITLE_ALONE`, and
- it shares less than half of the Korean title.

Where there is too little to compare, a text is believed.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

TITLE, ABSTRACT, TITLE_ALONE, KOREAN_TITLE = 0.35, 0.12, 0.1, 0.5
_COMMON, _PLAIN, _NAME = 0.15, 1.0, 2.0
# A text of fewer letters tells nothing, and neither does a title of fewer words that are its own:
# "Segment Anything" may be told in Korean without one of them.
_SHORTEST_TEXT = 40
_LEAST_TITLE = 3
_MOST_OF_ABSTRACT = 120
_LONGEST = 20_000
_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[-.+^][A-Za-z0-9]+)*")
_HANGUL = re.compile("[가-힣]{2,}")
_PARTICLE = re.compile(
    "(?:에서의|에서|으로|에게|부터|까지|하는|하기|위한|통한|대한|의|을|를|이|가|은|는|로|와|과|에|도)$"
)
_ENDINGS = (
    "ization", "ations", "ation", "ings", "ing", "ies", "ers", "er", "ed", "es", "s", "ly", "al",
    "e", "y",
)  # fmt: skip
_SHORTEST_STEM = 4
_SHORTEST_NAME = 3
# They look like names, and are in every second title.
_NO_NAMES = frozenset({"llm", "llms", "gpt"})


@dataclass(frozen=True, slots=True)
class TermBase:
    """How the words of the field are said in Korean, and which are too common to tell papers apart."""

    korean: Mapping[str, tuple[str, ...]]
    """By the English word in small letters; Korean without blanks."""
    common: frozenset[str]
    """Stems of words that say little, as so many titles hold them."""
    little: frozenset[str]
    """Words that say nothing of any paper."""


@dataclass(frozen=True, slots=True)
class Subject:
    """The paper that a text should be about."""

    title: str
    title_ko: str = ""
    abstract: str = ""


def strays(text: str, subject: Subject, terms: TermBase) -> bool:
    """Tell whether a text shares so little with its paper that it must be about another one."""
    title = _words(subject.title, terms)
    abstract = [w for w in _words(subject.abstract, terms) if stem(w) not in terms.common]
    if not (title or abstract) or sum(map(str.isalpha, text[:_LONGEST])) < _SHORTEST_TEXT:
        return False
    said = _Said(text[:_LONGEST], terms)
    if any(_is_name(word) and said.holds(word) for word in title):
        return False
    if said.share_of_korean(f"{subject.title} {subject.title_ko}") >= KOREAN_TITLE:
        return False
    if not abstract:
        plain = [word for word in title if not _is_name(word) and stem(word) not in terms.common]
        return len(plain) >= _LEAST_TITLE and said.share(title) < TITLE_ALONE
    told = said.share(abstract[:_MOST_OF_ABSTRACT], alike=True)
    return said.share(title) < TITLE and told < ABSTRACT


def stem(word: str) -> str:
    """Return an English word without its ending, in small letters: what its forms have in common."""
    word = word.lower()
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return word[: -len(ending)]
    return word


class _Said:
    """A text, ready to be asked for words."""

    def __init__(self, text: str, terms: TermBase) -> None:
        self._terms = terms
        self._small = text.lower()
        # "Mellum 2" says Mellum2, and Korean is written with blanks or without.
        self._joined = "".join(self._small.split())
        self._stems = {stem(word) for word in _parts(text)}

    def holds(self, word: str) -> bool:
        """Tell whether the text says ``word``, in any form or in Korean."""
        small = word.lower()
        if stem(word) in self._stems or (len(small) >= _SHORTEST_STEM and small in self._joined):
            return True
        korean = self._terms.korean
        said = korean.get(small) or korean.get(small.rstrip("s")) or ()
        return any(one in self._joined for one in said)

    def share(self, words: Iterable[str], *, alike: bool = False) -> float:
        """Return how much of ``words`` the text says, by their weight, or ``alike``."""
        weights = {word: 1.0 if alike else self._weight(word) for word in words}
        held = sum(weight for word, weight in weights.items() if self.holds(word))
        return held / sum(weights.values()) if weights else 0.0

    def share_of_korean(self, title: str) -> float:
        """Return how many of the Korean words of a title the text says; 0 where there are none."""
        words = {_PARTICLE.sub("", word) for word in _HANGUL.findall(title)}
        words = {word for word in words if len(word) > 1}
        return sum(word in self._small for word in words) / len(words) if words else 0.0

    def _weight(self, word: str) -> float:
        if stem(word) in self._terms.common:
            return _COMMON
        return _NAME if _is_name(word) else _PLAIN


def _is_name(word: str) -> bool:
    """Tell whether a word is the name of a method or a data set by its look: GPQA, ResNet, SAM2."""
    looks = any(letter.isupper() or letter.isdigit() for letter in word[1:])
    return looks and len(word) >= _SHORTEST_NAME and word.lower() not in _NO_NAMES


def _words(text: str, terms: TermBase) -> list[str]:
    """Return the words of a title or an abstract that could tell it from others, each once."""
    told = (word for word in _parts(text) if len(word) > 1 and word.lower() not in terms.little)
    return list(dict.fromkeys(told))


def _parts(text: str) -> Iterator[str]:
    """Yield each word, and the longer parts of one with hyphens."""
    for word in _LATIN.findall(text):
        yield word
        if "-" in word:
            yield from (part for part in word.split("-") if len(part) >= _SHORTEST_NAME)
