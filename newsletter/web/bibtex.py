"""A paper as a BibTeX entry, in UTF-8, as Biber and every current BibTeX read it. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from newsletter.common.normal_form import normalized

# BibTeX counts braces even where they are escaped, so text may not hold any.
_ESCAPES = str.maketrans(
    {
        "{": "(",
        "}": ")",
        "\\": r"\textbackslash{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{sign: rf"\{sign}" for sign in "&%$#_"},
    }
)
_WORD = re.compile(r"[a-z0-9]+")
# Articles and such do not tell one paper from another.
_SMALL_WORDS = {"a", "an", "the", "on", "of", "for", "in", "to", "and", "with", "towards", "is"}
_OLDEST_YEAR_OF_ARXIV = 91


@dataclass(frozen=True, slots=True)
class Citation:
    """What an entry is made from."""

    title: str
    authors: Sequence[str]
    year: int
    arxiv_id: str = ""
    category: str = ""
    url: str = ""


def bibtex(paper: Citation) -> str:
    """Return the entry of ``paper``, ending with a newline."""
    fields = ",\n".join(f"  {name:<13} = {{{value}}}" for name, value in _fields(paper) if value)
    return f"@misc{{{cite_key(paper)},\n{fields}\n}}\n"


def cite_key(paper: Citation) -> str:
    """Return a key of the usual form, ``liu2026gdpo``: first author, year, first word that tells."""
    surname = _ascii_words(paper.authors[0].split()[-1:])[:1] if paper.authors else []
    words = [word for word in _ascii_words([paper.title]) if word not in _SMALL_WORDS][:1]
    told = "".join(["".join(surname), str(paper.year), "".join(words)])
    return told if surname or words else f"arxiv{paper.arxiv_id or paper.year}"


def year_of(arxiv_id: str, otherwise: date) -> int:
    """Return the year in which the id was given: ids begin with it, old ones after a slash."""
    digits = arxiv_id.rpartition("/")[2][:2]
    if not digits.isdecimal():
        return otherwise.year
    return int(digits) + (1900 if int(digits) >= _OLDEST_YEAR_OF_ARXIV else 2000)


def _fields(paper: Citation) -> Iterator[tuple[str, str]]:
    # The inner braces keep the capitals that styles would otherwise lower.
    yield "title", f"{{{_escaped(paper.title)}}}"
    yield "author", " and ".join(_name(author) for author in paper.authors)
    yield "year", str(paper.year)
    if paper.arxiv_id:
        yield "eprint", paper.arxiv_id
        yield "archivePrefix", "arXiv"
        yield "primaryClass", _escaped(paper.category)
    yield "url", paper.url


def _name(author: str) -> str:
    """Return a name that stays one name: a comma or an "and" in it would make it another."""
    name = _escaped(author)
    return f"{{{name}}}" if "," in name or " and " in name.lower() else name


def _escaped(text: str) -> str:
    return " ".join(text.translate(_ESCAPES).split())


def _ascii_words(texts: Sequence[str]) -> list[str]:
    plain = normalized("NFKD", " ".join(texts)).casefold()
    return _WORD.findall(plain.encode("ascii", "ignore").decode())
