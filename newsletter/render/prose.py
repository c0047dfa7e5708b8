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

from newsletter.render import text

_TAGS = {"p", "ul", "ol", "li", "strong", "br"}
_STRONG = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*", re.DOTALL)
# Browsers break a line between a closing bracket and the particle behind it.
_PARTICLE = re.compile(r"([)\]])([가-힣]{1,4})(?![가-힣])")
_BOUND = r'<span class="nb">\1\2</span>'
_ITEM = re.compile(r"^(\s*)(?:[-*+]|\d{1,3}[.)])\s+")


def _strong(state: StateInline, silent: bool) -> bool:
    """Read ``**strong**`` wherever it stands.

    CommonMark asks for a blank or punctuation after the closing stars, which
    Korean particles never leave: ``**논문(GDPO)**은`` would stay literal.
    """
    found = _STRONG.match(state.src, state.pos, state.posMax)
    if found is None:
        return False
    if not silent:
        state.push("strong_open", "strong", 1).markup = "**"
        state.push("text", "", 0).content = found[1]
        state.push("strong_close", "strong", -1).markup = "**"
    state.pos = found.end()
    return True


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
    html = _MARKDOWN.render(text.clean(source))
    safe = nh3.clean(html, tags=_TAGS, attributes={"ol": {"start"}}).strip()
    return Markup(_PARTICLE.sub(_BOUND, safe))  # noqa: S704 - nh3 let only the allowed tags through


def prose_text(source: str, width: int = text.WIDTH) -> str:
    """Return section text for a terminal: wrapped, bullets hanging, no Markdown left."""
    blocks = re.split(r"\n\s*\n", _STRONG.sub(r"\1", text.clean(source)).strip())
    return "\n\n".join(_block(block, width) for block in blocks)


def _block(block: str, width: int) -> str:
    items: list[str] = []
    for line in block.splitlines():
        # A line that begins no item goes on with the one before it.
        if not items or _ITEM.match(line):
            items.append(line)
        else:
            items[-1] += " " + line.strip()
    return "\n".join(_item(item, width) for item in items)


def _item(item: str, width: int) -> str:
    mark = _ITEM.match(item)
    if mark is None:
        return text.wrap(item, width)
    sign = item[: mark.end()].strip()
    first = f"{mark[1]}{'•' if sign in '-*+' else sign} "
    return text.wrap(item[mark.end() :], width, first=first, rest=" " * text.columns(first))
