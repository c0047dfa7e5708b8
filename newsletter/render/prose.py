"""Section text as HTML and as plain text.

Section text is Markdown reduced to paragraphs, lists and ``**strong**``;
whatever else it holds is literal text. Mail and web pages use the same two
functions, so what one shows safely the other does too.
"""

import re
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markupsafe import Markup

from newsletter.common import paired_marks
from newsletter.render import text

_TAGS = {"p", "ul", "ol", "li", "strong", "br"}
_STRONG = "**"
# No summary of a paper has a fifth of it; the parser needs the square of a list's length.
LONGEST = 60_000
_DEEPEST_INDENT = 8
# Browsers break a line between a closing bracket and the particle behind it.
_PARTICLE = re.compile(r"([)\]])([가-힣]{1,4})(?![가-힣])")
_BOUND = r'<span class="nb">\1\2</span>'
_ITEM = re.compile(r"^(\s*)(?:[-*+]|\d{1,3}[.)])\s+")


def _strong(state: StateInline, silent: bool) -> bool:
    """Read ``**strong**`` wherever it stands.

    CommonMark asks for a blank or punctuation after the closing stars, which
    Korean particles never leave: ``**논문(GDPO)**은`` would stay literal.
    """
    source, start = state.src, state.pos
    if not source.startswith(_STRONG, start) or start + 3 > _last_closing(source):
        return False
    found = paired_marks.first(source, _STRONG, start)
    if found is None or found[0] != start:
        return False
    if not silent:
        state.push("strong_open", "strong", 1).markup = _STRONG
        state.push("text", "", 0).content = source[start + 2 : found[1] - 2]
        state.push("strong_close", "strong", -1).markup = _STRONG
    state.pos = found[1]
    return True


@lru_cache(maxsize=1)
def _last_closing(source: str) -> int:
    return paired_marks.last_closing(source, _STRONG)


def _parser() -> MarkdownIt:
    parser = MarkdownIt("zero").enable("list")
    parser.inline.ruler.push("strong", _strong)
    return parser


_MARKDOWN = _parser()


@lru_cache(maxsize=4096)
def prose_html(source: str) -> Markup:
    """Return section text as HTML of paragraphs, lists and strong words only.

    Kept in memory, because every variant of an issue shows the same text.
    """
    html = _MARKDOWN.render(_bounded(source))
    safe = nh3.clean(html, tags=_TAGS, attributes={"ol": {"start"}}).strip()
    return Markup(_PARTICLE.sub(_BOUND, safe))  # noqa: S704 - nh3 let only the allowed tags through


def prose_text(source: str, width: int = text.WIDTH) -> str:
    """Return section text for a terminal: wrapped, bullets hanging, no Markdown left."""
    plain = paired_marks.replaced(_bounded(source), _STRONG, str)
    blocks = re.split(r"\n\s*\n", plain.strip())
    return "\n\n".join(_block(block, width) for block in blocks)


def _bounded(source: str) -> str:
    """Return a text as it is shown: without what no mail may carry, and never without end."""
    shown = text.clean(source)
    return shown if len(shown) <= LONGEST else shown[:LONGEST] + "…"


def _block(block: str, width: int) -> str:
    items: list[list[str]] = []
    for line in block.splitlines():
        # A line that begins no item goes on with the one before it.
        if not items or _ITEM.match(line):
            items.append([line])
        else:
            items[-1].append(line.strip())
    return "\n".join(_item(" ".join(item), width) for item in items)


def _item(item: str, width: int) -> str:
    mark = _ITEM.match(item)
    if mark is None:
        return text.wrap(item, width)
    sign = item[: mark.end()].strip()
    first = f"{mark[1][:_DEEPEST_INDENT]}{'•' if sign in '-*+' else sign} "
    return text.wrap(item[mark.end() :], width, first=first, rest=" " * text.columns(first))
