r"""Titles, abstracts and names as their authors wrote them for TeX, as a reader is to see them. Pure.

:mod:`newsletter.collect.repair` mends what is certain in any text; here it is known that
the text was written for TeX, so ``~`` is a blank, ``\cite{…}`` says nothing and ``{BERT}`` only keeps its
capitals. A command that nobody knows (``\ours``) stays as it is: that shows that something is missing.
"""

import re
from collections.abc import Iterable
from itertools import groupby

from newsletter.collect import repair
from newsletter.collect.formulas import accents, formula, letter
from newsletter.collect.placeholders import without

_ANY = re.compile(r"[\\~{]|``|\$|this http")
_HREF = re.compile(r"\\href\s?\{([^{}]{0,2000})\}\s?\{([^{}]{0,2000})\}")
_URL = re.compile(r"\\(?:url|path|nolinkurl)\s?\{([^{}]{0,2000})\}")
_FOOTNOTE = re.compile(r"\s?\\(?:footnote|thanks)\s?\{([^{}]{0,2000})\}")
_REFERENCE = re.compile(
    r"[~ ]?\\(?:cite[a-z]{0,10}\*?|label|ref|eqref|autoref|cref|footnotemark)(?:\[[^\[\]]{0,100}\]){0,2}\{[^{}]{0,500}\}"
)
_STYLED = re.compile(
    r"\\(?:underline|uline|mbox|hbox|textnormal|textup|textsl|textmd|textsuperscript|textsubscript|MakeUppercase)"
    r"\s?\{([^{}]{0,2000})\}"
)
_SYMBOL = re.compile(r"(?<![\\A-Za-z}_^])\{(\\[a-zA-Z]{2,20})\}")
_LETTER = re.compile(
    r"\{\\(?:ss|ae|AE|oe|OE|aa|AA|o|O|l|L)\}|\\(?:ss|ae|AE|oe|OE|aa|AA|o|O|l|L)\{\}"
)
_EMPTY_BRACES = re.compile(r"(\\[A-Za-z]{2,30})\{\}")
_KEPT_CAPITALS = re.compile(r"(?<![\\A-Za-z}_^\]])\{([A-Za-z0-9][\w -]{0,60})\}")
_TIE = re.compile(r"(?<=[A-Za-z.,)])~(?=[A-Za-z(\[\\])")
_QUOTED = re.compile(r"``([^`\n]{1,300}?)''")
_BLANK = re.compile(r"\\(?:[ ,;:]|\\(?=\s|\Z))")


def plain(text: str) -> str:
    """Return one line of a title, an abstract or a name as plain text."""
    if not _ANY.search(text):
        return repair.line(text)
    text = _HREF.sub(_linked, _URL.sub(r"\1", text))
    text = _FOOTNOTE.sub(_aside, _STYLED.sub(r"\1", _REFERENCE.sub("", text)))
    text = repair.line(_LETTER.sub(lambda found: letter(found[0]), text))
    text = _SYMBOL.sub(lambda found: formula(found[1]) or found[0], text)
    text = _KEPT_CAPITALS.sub(r"\1", _EMPTY_BRACES.sub(r"\1", accents(text)))
    text = _QUOTED.sub(r"“\1”", _TIE.sub(" ", _BLANK.sub(" ", text)))
    return text.strip()


def names(told: Iterable[str]) -> tuple[str, ...]:
    """Return the names of authors as plain text, each once."""
    return once(filter(None, map(plain, told)))


def once(told: Iterable[str]) -> tuple[str, ...]:
    """Return names of which one that is repeated in a row is one author."""
    return tuple(name for name, _ in groupby(told))


def _linked(found: re.Match[str]) -> str:
    """Return the words of a link, with its address where it has one."""
    address, words = found[1].strip(), found[2].strip()
    is_address = address.startswith(("https://", "http://")) and address != words
    return f"{words} ({address})" if is_address else words


def _aside(found: re.Match[str]) -> str:
    said = without(found[1]).strip()
    return f" ({said})" if said else ""
