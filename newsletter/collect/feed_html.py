"""HTML and titles of strangers, made harmless. Pure.

feedparser cleans summaries but not titles or links, so everything is cleaned again here.
"""

import re
from collections import Counter
from html import unescape

import nh3

from newsletter.collect import repair, tex

LONGEST_CONTENT = 1_000_000
_LONGEST_TITLE = 300
_DEEPEST_HTML = 500
# Each costs 150 bytes; a long page has some 20,000.
_MOST_OPENED_AGAIN = 1_000_000
_MOST_SEPARATORS = 5_000
_SEPARATOR = re.compile(r"[\s/]")
_WHOLE_TAG = re.compile(r"""<[a-zA-Z](?:[^>"'=]|=\s*+"[^"]*"|=\s*+'[^']*'|[="'])*+""")
_TAG = re.compile(r"<(/?)([a-zA-Z][\w:-]*)[^<>]*>?")
# Never inside themselves, and often left open.
_SIBLINGS = {"p", "li", "td", "tr", "dd", "dt", "option", "img", "br", "hr", "input", "source"}
# "a<b and c>d" opens a tag, and closes none.
_CLOSED = re.compile(r"</([a-zA-Z][a-zA-Z0-9]*+)|(?<=<)br(?=\s?/?>)")
_OF_HTML = {*nh3.ALLOWED_TAGS, "script", "style", "font", ""}
_SCHEMES = {"http", "https"}
_ATTRIBUTES = {
    "*": {"class"},
    "a": {"href"},
    "img": {"src", "alt", "title"},
    "aside": {"data-onebox-src"},
    "time": {"datetime"},
}


def clean_title(title: str) -> str:
    """Return a title that is HTML as plain text on one line, at most 300 characters long."""
    return text_title(nh3.clean(title[: _LONGEST_TITLE * 10], tags=set()))


def title_of_either(title: str) -> str:
    """Return a title of RSS, which never says what it is: HTML where it closes a tag, else text."""
    closed = {name.lower() for name in _CLOSED.findall(title[: _LONGEST_TITLE * 10])}
    return clean_title(title) if closed & _OF_HTML else text_title(title)


def text_title(title: str) -> str:
    """Return a title that is text on one line, at most 300 characters long; ``<`` is a letter of it."""
    plain = unescape(title[: _LONGEST_TITLE * 10])
    return tex.plain(" ".join(repair.characters(plain).split()))[:_LONGEST_TITLE]


def clean_html(content: str, base: str) -> str:
    """Return HTML that is harmless, with whole addresses and the marks that forums use."""
    return harmless(without_dear_tags(content[:LONGEST_CONTENT]), base)


def without_dear_tags(content: str) -> str:
    """Return the content, without its tags where they would cost the cleaner too much."""
    return _TAG.sub(" ", content) if _is_too_dear(content) else content


def harmless(content: str, base: str) -> str:
    """Return HTML with nothing in it but what may be shown, and whole addresses."""
    return nh3.clean(
        content,
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        url_relative=("rewrite_with_base", base),
    )


def _is_too_dear(content: str) -> bool:
    """Return whether nh3 would need too long, or too much memory, for these tags.

    It takes its time by the square of the depth and of the attributes of one tag, and for
    each paragraph it opens again what an earlier one has left open.
    """
    if any(len(_SEPARATOR.findall(tag)) > _MOST_SEPARATORS for tag in _WHOLE_TAG.findall(content)):
        return True
    deepest, in_all = _nesting(content)
    return deepest > _DEEPEST_HTML or in_all > _MOST_OPENED_AGAIN


def _nesting(content: str) -> tuple[int, int]:
    """Return how deep the tags may stand in each other, and the depths of all tags together."""
    still_open: Counter[str] = Counter()
    deepest = depth = in_all = 0
    for slash, name in _TAG.findall(content):
        in_all += depth
        if name.lower() in _SIBLINGS:
            continue
        if not slash:
            still_open[name] += 1
            depth += 1
        elif still_open[name]:
            still_open[name] -= 1
            depth -= 1
        deepest = max(deepest, depth)
    return deepest, in_all
