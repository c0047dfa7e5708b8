"""How words are looked for: both what is stored and what is asked are folded the same way. Pure.

Korean glues particles to its nouns and is loose with blanks, so Hangul is found
anywhere and across blanks (강화학습 finds "강화 학습을"). A word in Latin letters
is found where a word begins, so that RAG does not find every "paragraph".
"""

import re
import unicodedata
from dataclasses import dataclass

from newsletter.collect.arxiv_ids import bare_id
from newsletter.common.normal_form import normalized
from newsletter.issues.content import IssueContent, ItemContent
from newsletter.papers.identity import title_key

MOST_LETTERS = 200
_MOST_TERMS = 8
_ASKED = re.compile(r'"([^"]+)"|(\S+)')
_NO_WORD = re.compile(r"[\W_]+")
_HANGUL = "[가-힣ㄱ-ㆎ]"
_BLANK_IN_KOREAN = re.compile(rf"(?<={_HANGUL}) (?={_HANGUL})")
_SCRIPT_CHANGES = re.compile(rf"(?<={_HANGUL})(?=[a-z0-9])|(?<=[a-z0-9])(?={_HANGUL})")


@dataclass(frozen=True, slots=True)
class Searchable:
    """One paper of one issue: what is shown of it in a result, and where words are found."""

    position: int
    key: str
    """The same for one paper in every issue: its arXiv id, else its folded title."""
    arxiv_id: str
    title: str
    title_ko: str
    authors: str
    head: str
    """Titles, authors and id, folded: a word found here counts for more."""
    folded: str
    """The head and all of its text, folded."""
    text: str
    """As it reads, for the excerpt."""


def searchable(content: IssueContent) -> tuple[Searchable, ...]:
    """Return what can be found of an issue, paper by paper."""
    return tuple(_searchable(item) for item in content.items)


def fold(text: str) -> str:
    """Return ``text`` with nothing left but its words, in small letters and without accents."""
    plain = normalized("NFKD", text).casefold()
    bare = "".join(letter for letter in plain if unicodedata.category(letter) != "Mn")
    words = _NO_WORD.sub(" ", normalized("NFC", bare)).strip()
    return _BLANK_IN_KOREAN.sub("", _SCRIPT_CHANGES.sub(" ", f" {words} "))


def terms(asked: str) -> tuple[str, ...]:
    """Return what must all be found for ``asked``; words in quotation marks stay together."""
    found = [_term(match[1] or match[2]) for match in _ASKED.finditer(asked[:MOST_LETTERS])]
    return tuple(dict.fromkeys(term for term in found if term.strip()))[:_MOST_TERMS]


def _term(word: str) -> str:
    term = fold(bare_id(word) or word).rstrip()
    # The leading blank means: where a word begins.
    return term if term.lstrip()[:1].isascii() else term.lstrip()


def _searchable(item: ItemContent) -> Searchable:
    authors = ", ".join(item.authors)
    text = " ".join(section.text for section in item.sections)
    head = fold(f"{item.title} {item.title_ko} {authors} {item.institution} {item.arxiv_id or ''}")
    return Searchable(
        position=item.position,
        key=(item.arxiv_id or title_key(item.title) or item.title)[:500],
        arxiv_id=item.arxiv_id or "",
        title=item.title[:500],
        title_ko=item.title_ko[:500],
        authors=authors,
        head=head,
        folded=head + fold(text),
        text=text.replace("**", ""),
    )


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A stretch of text with the first of the words that were asked for in its middle."""

    before: str
    match: str
    after: str


def excerpt(text: str, wanted: tuple[str, ...], *, around: int = 70) -> Excerpt:
    """Return the text around the first word that stands in it as it was asked for, else its start."""
    line = " ".join(text.split())
    words = [_as_written(word) for term in wanted for word in term.split()]
    found = re.search("|".join(words), line, re.IGNORECASE) if words else None
    if found is None:
        return Excerpt(_until(line, 2 * around), "", "")
    start = max(0, found.start() - around)
    before = ("…" if start else "") + line[start : found.start()]
    return Excerpt(before, found[0], _until(line[found.end() :], around))


def _as_written(word: str) -> str:
    """Return a pattern for a folded word as it may stand in a text."""
    if word.isascii():
        return rf"\b{re.escape(word)}"
    return r"\s?".join(map(re.escape, word))


def _until(text: str, letters: int) -> str:
    return text if len(text) <= letters else text[:letters].rstrip() + "…"
