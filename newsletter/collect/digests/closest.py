"""What is said of a text that nobody can read: what was looked for, and what came closest. Pure."""

import re
from collections.abc import Iterator

from newsletter.collect.digests import links, naming
from newsletter.collect.digests.post import Post
from newsletter.collect.digests.problems import Problem
from newsletter.common.findings import Finding

_HEADING = re.compile(r"\s{0,3}#{1,6}\s+\S")
_ITEM = re.compile(r"\s{0,20}(?:[-*•+]|\d{1,3}[.)])\s+\S")
_LONGEST_SITE = 60


def unknown(post: Post) -> Finding:
    """Return the finding for a post that is in no known format and gives no paper a part of its own."""
    told = [(line.number, ids) for line in post.lines if (ids := naming.ids(line.text))]
    if told:
        papers = {paper for _, ids in told for paper in ids}
        return Problem.PAPERS_TOGETHER.at(told[0][0], papers=len(papers))
    counted = {
        "headings": sum(_HEADING.match(line.text) is not None for line in post.lines),
        "items": sum(_ITEM.match(line.text) is not None for line in post.lines),
    }
    if found := next(_elsewhere(post), None):
        number, site = found
        return Problem.OTHER_LINK.at(number, number=number, site=site, **counted)
    return Problem.UNKNOWN_FORMAT.at(**counted)


def _elsewhere(post: Post) -> Iterator[tuple[int, str]]:
    """Yield the lines with links to other sites, and which sites these are."""
    for line in post.lines:
        found = links.BARE_URL.search(line.text) if "http" in line.text else None
        made = links.link(found[0]) if found else None
        if made:
            yield line.number, links.site(made.url)[:_LONGEST_SITE]
