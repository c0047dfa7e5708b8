"""Markup that a reader would see as letters. Pure.

A mail shows paragraphs, bullets and ``**strong**``; whatever else has a meaning
in Markdown, LaTeX or HTML would stand there as it was written.
"""

import re

_LEFT_OVER = re.compile(
    r"\\[a-zA-Z]+"  # \alpha, \emph{…}
    r"|\$(?=[^$\n]*+\$)[^$\n]*[\\^_{][^$\n]*\$|\$[A-Za-z][^$\s]{0,20}\$"  # $O(n^2)$, and not $5 to $10
    r"|!\[[^\[\]\n]*\]\("
    r"|\]\((?:https?:|\.{0,2}/|[\w./-]+\.(?:png|jpe?g|gif|webp|svg|pdf|html?|md)\b)"
    r"|^[^\S\n]*+\|(?:[^|\n]+\|){2,}[^\S\n]*$|^[^\S\n]*+(?:\|[^\S\n]*+)?:?-{3,}:?[^\S\n]*\|"
    r"|<br\s*/?>|</?(?:b|i|u|em|strong|p|div|span|a|img|sub|sup|ul|ol|li|table|tr|td|th|video)(?:\s[^<>]*)?/?>"
    r"|&(?:amp|lt|gt|quot|nbsp|#\d+|#x[0-9a-f]+);"
    r"|(?<![A-Za-z0-9_])__[^_\s][^\n]{0,200}?__(?![A-Za-z0-9_])|`[^`\n]+`|```|^#{1,6} "
    r"|(?<!\w):[a-z][a-z_]{2,}:(?![\w:])",
    re.MULTILINE | re.IGNORECASE,
)


def left_over(text: str) -> str:
    """Return the first markup that is left in ``text``, else nothing."""
    found = _LEFT_OVER.search(text)
    return found[0].strip() if found else ""
