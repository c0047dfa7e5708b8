"""Plain text as a Markdown post holds it: no HTML, no Liquid, no heading that nobody wrote."""

import re
from html import escape

from newsletter.render.text import clean

# Jekyll runs Liquid over a post, and a paper's title may hold its braces.
_LIQUID = re.compile(r"\{(?=[{%])")
_HEADING = re.compile(r"^([^\S\n]*)#", re.MULTILINE)


def literal(source: str) -> str:
    """Return ``source`` so that a Markdown reader shows it as it is; ``**strong**`` stays."""
    safe = _LIQUID.sub("&#123;", escape(clean(source), quote=False))
    return _HEADING.sub(r"\1&#35;", safe)


def indented(source: str, width: int) -> str:
    """Return ``source`` with every line indented that is not blank."""
    lines = (line.strip() for line in source.splitlines())
    return "\n".join(" " * width + line if line else "" for line in lines)


def labelled(source: str, width: int) -> str:
    """Return ``source`` as it follows a label and its colon: on the same line, but for a list."""
    text = indented(source, width)
    return f"\n{text}" if text.lstrip().startswith("- ") else f" {text.lstrip()}"
