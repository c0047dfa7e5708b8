"""``imrlc``: papers of a day told as Introduction, Method, Results, Limitations, Conclusion.

Papers and sections are both headings, and in some posts the section has the
higher level. What tells them apart is the link, or the number, of the paper.
"""

import re
from collections.abc import Sequence

from newsletter.collect.digests import headed, lines, links, prose
from newsletter.collect.digests.digest import Digest, DigestEntry, Format
from newsletter.collect.digests.entries import Draft
from newsletter.collect.digests.post import Post
from newsletter.common.findings import Finding

# Some posts say title and address again below the heading.
_ECHO = re.compile(r"\s*(?:제목|title|arxiv|링크|link|url)\s*[:：]", re.IGNORECASE)

_LONGEST_TITLE = 1_000


def parse(post: Post) -> tuple[tuple[Digest, ...], tuple[Finding, ...]]:
    """Return the one digest of a post, and what is to be said of it."""
    findings: list[Finding] = list(post.disagreements())
    blocks = lines.blocks(post.lines)
    names_paper = headed.paper_headings(blocks)
    entries = tuple(_entry(paper, findings) for paper in headed.papers(blocks, names_paper))
    digest = Digest(
        Format.IMRLC,
        post.front.title,
        entries,
        listed_on=post.day(),
        observed_at=post.observed_at,
        intro=headed.intro(blocks, names_paper),
        credit=post.front.author,
    )
    return (digest,), tuple(findings)


def _entry(paper: headed.Headed, findings: list[Finding]) -> DigestEntry:
    draft = headed.begin(paper, findings)
    body = draft.take_media(paper.head.body)
    rest = _without_echo(draft, [line.text for line in body], paper.head.number)
    if prose.reduce(rest):
        draft.add_section("", rest, paper.head.number)
    for block in paper.sections:
        if block.heading:
            left = [line.text for line in draft.take_media(block.body)]
            draft.add_section(block.heading.text, left, block.number)
    return draft.finish(lines.raw(paper.blocks))


def _without_echo(draft: Draft, body: Sequence[str], number: int) -> list[str]:
    """Take the links below the heading; leave out what only repeats it."""
    left = []
    title = _folded(draft.title[:_LONGEST_TITLE])
    for text in body:
        linked = list(prose.links_in([text]))
        for found in linked:
            draft.add_link(found.url, found.label, number)
        if _ECHO.match(text):
            for url in links.BARE_URL.findall(text):
                draft.add_link(url, "", number)
        elif not (linked and _only_links(text)) and not (_folded(text) and _folded(text) in title):
            left.append(text)
    return left


def _only_links(text: str) -> bool:
    return not _folded(links.MARKDOWN_LINK.sub("", text))


def _folded(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())
