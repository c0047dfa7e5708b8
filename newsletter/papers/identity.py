r"""When two mentions are one paper. Pure.

A paper is its arXiv id without a version, whatever address carries it. Where a
digest lost its links, the English title speaks, folded so that two spellings of
it meet (``LLM$\times$MapReduce`` and ``LLM×MapReduce``).
"""

from newsletter.collect.tex import plain
from newsletter.common.normal_form import normalized

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
