"""Web addresses in digests: finding them, naming them, and the arXiv id that some of them tell."""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from newsletter.collect.arxiv_ids import id_in
from newsletter.collect.digests.digest import Link

# A label may hold one pair of brackets, an address one pair of parentheses.
# The bounds are far above what was seen, and keep a hostile line from costing minutes.
_ADDRESS = r"<?([^\s()<>]{0,2000}(?:\([^\s()]{0,200}\)[^\s()<>]{0,500}){0,3})>?"
_TARGET = rf"\]\(\s{{0,3}}{_ADDRESS}(?:\s{{1,3}}[\"'][^\"']{{0,300}}[\"'])?\s{{0,3}}\)"
MARKDOWN_LINK = re.compile(rf"(?<!!)\[((?:[^\[\]]|\[[^\[\]]{{0,200}}\]){{0,500}}){_TARGET}")
MARKDOWN_TARGET = re.compile(_TARGET)
MARKDOWN_IMAGE = re.compile(rf"!\[([^\[\]]{{0,500}})\]\(\s{{0,3}}(?>{_ADDRESS})[^()]{{0,300}}\)")
BARE_URL = re.compile(r"https?://[^\s<>\"'`\])}|\\^]+")

# Longer than any browser opens; the parser of addresses keeps the last ones in memory.
_LONGEST_ADDRESS = 4_000
_SITES = {
    "arxiv.org": "arXiv",
    "huggingface.co": "Hugging Face",
    "hf.co": "Hugging Face",
    "alphaxiv.org": "alphaXiv",
    "github.com": "GitHub",
    "x.com": "X",
    "twitter.com": "X",
    "youtube.com": "YouTube",
    "youtu.be": "YouTube",
    "openreview.net": "OpenReview",
}


def arxiv_id(url: str) -> str | None:
    """Return the arXiv id, without its version, that an address tells."""
    return id_in(url)


def arxiv_ids(urls: Iterable[str]) -> tuple[str, ...]:
    """Return the different arXiv ids that the addresses tell, in order."""
    return tuple(dict.fromkeys(found for url in urls if (found := arxiv_id(url))))


def is_web(url: str) -> bool:
    """Return whether an address leads to the web, and not to a file or a script."""
    if len(url) > _LONGEST_ADDRESS:
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and "." in parts.netloc


def link(url: str, label: str = "") -> Link | None:
    """Return a link with a label, which is the site's name where none was written."""
    url = url.strip().replace("\\_", "_").replace("&amp;", "&").rstrip(".,;:")
    if not is_web(url):
        return None
    return Link(label.replace("&amp;", "&").strip(" *_`") or site(url), url)


def site(url: str) -> str:
    """Return the name by which readers know the site of an address."""
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    return _SITES.get(host, host)
