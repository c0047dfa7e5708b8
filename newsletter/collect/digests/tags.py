"""The tags of a page, found from left to right: the day that one tells, and where its post begins. Pure.

A pattern for a whole tag would look for its end again from each place that begins one.
"""

import re
from collections.abc import Iterator

_DIV = re.compile(r"<div\b", re.IGNORECASE)
_IS_POST = re.compile(r"\bitemprop\s*=\s*['\"]text['\"]", re.IGNORECASE)
_DATED = re.compile(r"<(?:meta|time)\b", re.IGNORECASE)
_PUBLISHED = re.compile(r"itemprop=['\"]datePublished['\"]", re.IGNORECASE)
_CONTENT = re.compile(r"content=['\"]([^'\"]+)", re.IGNORECASE)
_DATETIME = re.compile(r"datetime=['\"]([^'\"]+)", re.IGNORECASE)


def published(text: str) -> str:
    """Return when a page says that it was published, empty where it does not."""
    days = (_day_in(tag) for _, tag in _tags(text, _DATED))
    return next(filter(None, days), "")


def post_in(text: str) -> int | None:
    """Return where the first post of a topic begins, ``None`` where the page is of no topic."""
    posts = (at for at, tag in _tags(text, _DIV) if tag.endswith(">") and _IS_POST.search(tag))
    return next(posts, None)


def ended(text: str) -> str:
    """Return HTML in which no tag is left open at the end: what looks like one is text.

    For each tag that never ends, the parser of the standard library would look for its
    end to the end of the page.
    """
    end = text.rfind(">") + 1
    return text[:end] + text[end:].replace("<", "&lt;")


def _tags(text: str, opens: re.Pattern[str]) -> Iterator[tuple[int, str]]:
    """Yield place and text of the tags that open so, none within another: in one pass."""
    at = 0
    while found := opens.search(text, at):
        at = text.find(">", found.end()) + 1 or len(text)
        yield found.start(), text[found.start() : at]


def _day_in(tag: str) -> str:
    """Return the day that a tag tells as ``datetime``, or as the content of ``datePublished``."""
    timed, named = _DATETIME.search(tag), _PUBLISHED.search(tag)
    content = _CONTENT.search(tag, named.end()) if named else None
    if content and named and not (timed and timed.start() < named.start()):
        return content[1]
    return timed[1] if timed else ""
