r"""When two mentions are one paper. Pure.

A paper is its arXiv id without a version, whatever address carries it. Where a
digest lost its links, the English title speaks, folded so that two spellings of
it meet (``LLM$\times$MapReduce`` and ``LLM×MapReduce``).
"""

from hashlib import sha256

from newsletter.collect.tex import plain
from newsletter.common.normal_form import normalized

# No letter or digit: the key of a title never begins with it.
WITHOUT_TITLE = "#"
_MATH_WORDS = {"×": "times", "π": "pi", "α": "alpha", "β": "beta", "λ": "lambda", "∞": "infty"}


def title_key(title: str) -> str:
    """Return the folded form of a title: letters and digits only, at most 500 of them.

    Empty for a title that has neither, which therefore equals no other.
    """
    if "\\" in title or "$" in title:
        title = plain(title)
    for sign, word in _MATH_WORDS.items():
        title = title.replace(sign, word)
    folded = normalized("NFKC", title).casefold()
    return "".join(letter for letter in folded if letter.isalnum())[:500]


def key_without_title(words: str, raw: str) -> str:
    """Return the key of a mention that has neither id nor title; no title has such a one."""
    told = f"{words}\n{raw}".encode(errors="replace")
    return WITHOUT_TITLE + sha256(told).hexdigest()
